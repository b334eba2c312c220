import type { AnyActorRef, AnyActorScope } from 'xstate';
import {
  demandGiven,
  type Fields,
  isChart,
  isFunction,
  isTrueOrFalse,
  type Rule,
  withMethods,
} from '../../machines/kit/shape.js';
import { derived } from '../../machines/kit/xstate-insides.js';
import type { RecordOptions } from '../ports/trace-sink.js';
import { type Redactor, redactor } from '../redact/redact.js';
import type { TraceEvent } from './format.js';
import { withInstructions } from './instructions.js';
import type { AnyChart, AnySnapshot } from './lines.js';
import { Recorder } from './recorder.js';

/** How to record a chart of one's own host. */
export interface RecordedOptions extends RecordOptions {
  /** The clock of the actors, in ms; the platform's unless told. */
  readonly now?: () => number;
  /** Knows secrets beforehand, such as the token. */
  readonly secrets?: Redactor;
  /** Hears that a trace could not be written. */
  readonly onError?: (error: unknown) => void;
}

const TARGET: Rule = {
  says: 'a function that takes lines, or an object with write(), such as traceFile(name)',
  holds: (value) => isFunction.holds(value) || withMethods('write').holds(value),
};
const OPTIONS: Fields = {
  fields: {
    to: TARGET,
    contents: isTrueOrFalse,
    now: isFunction,
    secrets: withMethods('text', 'value'),
    onError: isFunction,
  },
};

/**
 * The same chart, with every step written to a trace: for `createActor`, and for `pure`. What is on the wire is not in
 * it, as the chart does not see it.
 */
export function recorded<M extends object>(chart: M, options: RecordedOptions): M {
  demandGiven('the chart', chart, isChart);
  demandGiven('', options, OPTIONS);
  demandGiven('to', options.to, TARGET);
  const machine = chart as unknown as AnyChart;
  const recorders = new WeakMap<AnyActorRef, Recorder>();
  const { now = () => performance.timeOrigin + performance.now(), secrets = redactor(), onError = () => {} } = options;
  const recorderOf = (scope: AnyActorScope, snapshot: AnySnapshot): Recorder => {
    const recorder =
      recorders.get(scope.self) ??
      new Recorder(options, { chart: machine, secrets, now, input: inputOf(snapshot), onError }, snapshot);
    recorders.set(scope.self, recorder);
    return recorder;
  };
  return derived(chart, {
    start(snapshot: AnySnapshot, scope: AnyActorScope) {
      recorderOf(scope, snapshot);
      machine.start(snapshot);
    },
    transition(snapshot: AnySnapshot, event: TraceEvent, scope: AnyActorScope) {
      const recorder = recorderOf(scope, snapshot);
      const take = (within: AnyActorScope) => machine.transition(snapshot, event, within) as AnySnapshot;
      if (event.type === 'xstate.stop') {
        recorder.ended();
        return take(scope);
      }
      try {
        recorder.stepping(event);
        const after = take(withInstructions(scope, (instructions) => recorder.acting(instructions)));
        recorder.stepped(after);
        return after;
      } catch (error) {
        recorder.ended(error);
        throw error;
      }
    },
    provide: (implementations: never) => recorded(machine.provide(implementations), options),
  });
}

/** What a snapshot shows of what its chart was started with: the numbers that never change. */
function inputOf({ context }: AnySnapshot): Readonly<Record<string, unknown>> {
  const { policy, settings } = context as { readonly policy?: unknown; readonly settings?: unknown };
  return { ...(policy === undefined ? {} : { policy }), ...(settings === undefined ? {} : { settings }) };
}
