/** Lines that recording and replaying have to write alike, to the byte. */
import type { SnapshotFrom, StateMachine } from 'xstate';
import { stateName } from '../../machines/client.js';
import type { CheckpointLine, StepLine, TraceCause, TraceEvent, TraceInstruction } from './format.js';

// biome-ignore lint/suspicious/noExplicitAny: any chart
export type AnyChart = StateMachine<any, any, any, any, any, any, any, any, any, any, any, any, any, any>;
export type AnySnapshot = SnapshotFrom<AnyChart>;

/** What one step of a chart was. */
export interface Stepped {
  readonly at: number;
  readonly actor: string | undefined;
  readonly event: TraceEvent;
  readonly from: string;
  readonly to: string;
  /** All, the reports among them. */
  readonly instructions: readonly TraceInstruction[];
  readonly dispatches: StepLine['dispatches'];
}

/** A step as a line. Reports are told as causes; what is empty is left out. */
export function stepLine({ at, actor, event, from, to, instructions, dispatches }: Stepped): StepLine {
  const causes: TraceCause[] = [];
  const done: TraceInstruction[] = [];
  for (const each of instructions) {
    const cause = each.type === 'report' ? (each.params as { cause?: TraceCause }).cause : undefined;
    if (cause === undefined) done.push(each);
    else causes.push(cause);
  }
  return {
    type: 'step',
    at,
    ...(actor === undefined ? {} : { actor }),
    event,
    from,
    ...(to === from ? {} : { to }),
    ...(causes.length === 0 ? {} : { causes }),
    ...(done.length === 0 ? {} : { do: done }),
    ...(dispatches === undefined ? {} : { dispatches }),
  };
}

/** A snapshot of a chart as a line. */
export function checkpointLine(
  chart: AnyChart,
  snapshot: AnySnapshot,
  rest: Pick<CheckpointLine, 'at' | 'timers'> & { readonly actor: string | undefined },
): CheckpointLine {
  const { at, actor, timers } = rest;
  return {
    type: 'checkpoint',
    at,
    ...(actor === undefined ? {} : { actor }),
    state: stateName(snapshot.value),
    snapshot: chart.getPersistedSnapshot(snapshot) as unknown as CheckpointLine['snapshot'],
    timers,
  };
}
