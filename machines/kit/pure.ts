/**
 * Runs a protocol chart as a pure function: a snapshot and an event in, a snapshot and what is to be done out.
 * Nothing is executed, no timer is started. Tests, explorers and hosts of one's own stand on this.
 */

import type { AnyStateMachine, AnyTransitionDefinition, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import { rowId } from './rows.js';
import { demandGiven, isChart } from './shape.js';
import { type ExecutedAction, idleScope } from './xstate-insides.js';

/** Something to be done, as data: an effect of the chart by its name, or a timer to start or stop. */
export type Instruction =
  | { readonly type: 'arm'; readonly params: { readonly timer: string; readonly delay: number } }
  | { readonly type: 'disarm'; readonly params: { readonly timer: string } }
  | { readonly type: string; readonly params: Readonly<Record<string, unknown>> };

/** What one event led to. */
export interface Step<M extends AnyStateMachine> {
  readonly snapshot: SnapshotFrom<M>;
  /** In the order of execution. Delays are in ms. */
  readonly instructions: readonly Instruction[];
  /** The rows of the chart that were taken, those of transient states included; empty if the event was ignored. */
  readonly rows: readonly AnyTransitionDefinition[];
}

/** A chart as a pair of pure functions. */
export interface Pure<M extends AnyStateMachine> {
  initial(input: InputFrom<M>): Step<M>;
  step(snapshot: SnapshotFrom<M>, event: EventFromLogic<M>): Step<M>;
}

/**
 * The pure form of a chart whose timers are events. Several times faster than XState's `transition`, which builds an
 * actor for each call; test/machines/kit/pure.model.test.ts holds the two together.
 */
export function pure<M extends AnyStateMachine>(machine: M): Pure<M> {
  demandGiven('the chart', machine, isChart);
  let actions: ExecutedAction[] = [];
  let rows: AnyTransitionDefinition[] = [];
  const scope = idleScope(
    (action) => actions.push(action),
    (taken) => {
      rows.push(...taken);
      if (rows.length > MOST_ROWS) throw goesRound(rows);
    },
  );

  const finish = (run: () => SnapshotFrom<M>): Step<M> => {
    actions = [];
    rows = [];
    const snapshot = run();
    return { snapshot, instructions: actions.flatMap(instructionsOf), rows };
  };
  return {
    initial: (input) => finish(() => machine.getInitialSnapshot(scope, input) as SnapshotFrom<M>),
    step: (snapshot, event) => finish(() => machine.transition(snapshot, event, scope) as SnapshotFrom<M>),
  };
}

/** More rows than any event takes; a chart whose transient states lead in circles would never end. */
const MOST_ROWS = 1_000;

function goesRound(rows: readonly AnyTransitionDefinition[]): Error {
  const last = [...new Set(rows.slice(-5).map(rowId))];
  return new Error(`The chart goes round without an end: ${last.join(', ')}`);
}

/** An action that XState is about to execute, as data; none if it is no more than a part of the step. */
export function instructionsOf({ type, params }: ExecutedAction): Instruction[] {
  switch (type) {
    case 'xstate.raise': {
      const { id, delay } = params as { id?: string; delay?: number };
      // Without a delay the event was processed already.
      return id === undefined || delay === undefined ? [] : [{ type: 'arm', params: { timer: id, delay } }];
    }
    case 'xstate.cancel':
      return [{ type: 'disarm', params: { timer: (params as { sendId: string }).sendId } }];
    default:
      // `remember`, `forgive` and the like never get here: XState folds assignments into the snapshot.
      return [{ type, params: (params ?? {}) as Record<string, unknown> }];
  }
}
