import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { demandGiven, isChart } from './shape.js';

/** All states of a chart, from the outside in. */
export function stateNodesOf(machine: AnyStateMachine): readonly AnyStateNode[] {
  demandGiven('the chart', machine, isChart);
  const inside = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(inside)];
  return inside(machine.root);
}

/** The rows of a state, those that need no event last: one for each line of a guarded list. */
export function rowsFrom(node: AnyStateNode): readonly AnyTransitionDefinition[] {
  return [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
}

/** The names, made once each: exploring asks for them at every step. */
const names = new WeakMap<AnyTransitionDefinition, string>();

/** A stable name for a row of a chart, such as `shard.running.locating: locateFailed [1 of 2]`. */
export function rowId(row: AnyTransitionDefinition): string {
  const name = names.get(row) ?? nameOf(row);
  names.set(row, name);
  return name;
}

function nameOf(row: AnyTransitionDefinition): string {
  const siblings = row.eventType === '' ? (row.source.always ?? []) : (row.source.transitions.get(row.eventType) ?? []);
  const at = siblings.length > 1 ? ` [${siblings.indexOf(row) + 1} of ${siblings.length}]` : '';
  return `${row.source.id}: ${row.eventType === '' ? 'always' : row.eventType}${at}`;
}

/**
 * The name of the cause that a row reports; null if it has none. It is what a row remembers (`remember { cause }`), or the
 * name of what computes the parameters of its `report`.
 */
export function causeOf({ actions }: Pick<AnyTransitionDefinition, 'actions'>): string | null {
  for (const action of actions) {
    const { type, params } = action as { readonly type?: string; readonly params?: unknown };
    if (typeof params === 'function' && type === 'report' && params.name !== 'params') return params.name;
    const { cause } = (params ?? {}) as { readonly cause?: unknown };
    if (typeof cause === 'string') return cause;
  }
  return null;
}
