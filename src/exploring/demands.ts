/** What is asked of the arguments of these tools. */
import { demandGiven, isChart, isFunction, isObject, listOf, type Rule } from '../../machines/kit/shape.js';
import { hasNodes } from '../../machines/kit/xstate-insides.js';

const isAbstraction: Rule = {
  says: 'an abstraction, such as shardAbstraction',
  holds: (value) =>
    isObject(value) && ['key', 'alphabet', 'label'].every((name) => isFunction.holds(value[name as never])),
};
const isGraph: Rule = {
  says: 'a graph, as explore() makes it',
  holds: (value) => isObject(value) && 'nodes' in value && 'edges' in value,
};
const isModel: Rule = {
  says: 'a model, as testModel() makes it',
  holds: (value) => isObject(value) && 'graph' in value,
};
const areInvariants = listOf({
  says: 'an invariant, such as those of SHARD_INVARIANTS',
  holds: (value) => isObject(value) && 'says' in value,
});
const isSnapshot: Rule = {
  says: 'a snapshot of an actor, or of pure()',
  holds: (value) => isObject(value) && hasNodes(value),
};
const areMoves = listOf({ says: 'a move of a counterexample', holds: (value) => typeof value === 'string' });

/** Throws a `TypeError` for what is none. */
export const demandChart = (value: unknown): void => demandGiven('the chart', value, isChart);
export const demandGraph = (value: unknown): void => demandGiven('the graph', value, isGraph);
export const demandModel = (value: unknown): void => demandGiven('model', value, isModel);
export const demandInvariants = (value: unknown): void => demandGiven('invariants', value, areInvariants);
export const demandSnapshot = (value: unknown): void => demandGiven('the snapshot', value, isSnapshot);
export const demandMoves = (value: unknown): void => demandGiven('moves', value, areMoves);

/** The same for a chart with its abstraction, in this order. */
export function demandAbstracted(machine: unknown, abstraction: unknown): void {
  demandChart(machine);
  demandGiven('the abstraction', abstraction, isAbstraction);
}
