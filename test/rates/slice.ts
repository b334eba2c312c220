/** The shard chart, or a variant, with the events that rates are made of: some 1.5 s instead of 5. */
import type { AnyStateMachine } from 'xstate';
import { type ShardEvent, shardAbstraction, shardMachine } from '../../machines/index.js';
import { explore } from '../../src/exploring/graph.js';
import { only } from '../../src/exploring/model.js';
import { atTheShortest, rateAbstraction } from '../../src/rates/abstraction.js';
import { classesOf } from '../../src/rates/classes.js';
import { checkRates, type RateOptions, type RateReport } from '../../src/rates/rates.js';

const EVENTS: readonly ShardEvent['type'][] = [
  'start',
  'located',
  'locateFailed',
  'permitGranted',
  'permitRefused',
  'opened',
  'closed',
  'hello',
  'heartbeatAck',
  'reconnectRequested',
  'invalidSession',
  'ready',
  'resumed',
  'dispatch',
];

const sliceOf = (abstraction = shardAbstraction) =>
  only(abstraction, ({ type }) => EVENTS.includes(type) || type.startsWith('timer.'));

/** The rates of a chart as far as these events go. */
export const ratesOfSlice = (machine: AnyStateMachine, options: RateOptions = {}): RateReport =>
  checkRates(machine, { ...options, abstraction: sliceOf(options.abstraction) });

/** Its classes. */
export function slicedClasses(machine: AnyStateMachine = shardMachine) {
  const chart = atTheShortest(machine);
  const graph = explore(chart, rateAbstraction(chart, sliceOf()) as never);
  return { graph, classes: classesOf(graph as never) };
}

/** To the end of something that says how far it is. */
export function finished<R>(steps: Generator<unknown, R>): R {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}
