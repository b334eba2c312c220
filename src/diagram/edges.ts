import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { rowsFrom, stateNodesOf } from '../../machines/kit/rows.js';
import { lineage } from '../telling/resting-states.js';

/** All rows of a chart from one state to another, in the chart's order. */
export interface Edge {
  readonly from: AnyStateNode;
  readonly to: AnyStateNode;
  /** The rows have no target: `from` is not left. */
  readonly isInternal: boolean;
  readonly rows: readonly AnyTransitionDefinition[];
}

export function isWithin(node: AnyStateNode, outer: AnyStateNode): boolean {
  return lineage(node).includes(outer);
}

/** The edges of a chart between the states that `shown` stands for; those within one of them are left out. */
export function edgesOf(machine: AnyStateMachine, shown: (node: AnyStateNode) => AnyStateNode): readonly Edge[] {
  const edges: (Edge & { readonly rows: AnyTransitionDefinition[] })[] = [];
  for (const source of stateNodesOf(machine)) {
    for (const row of rowsFrom(source)) {
      for (const target of row.target ?? [source]) {
        const [from, to, isInternal] = [shown(source), shown(target), row.target === undefined];
        if (from === to && (from !== source || to !== target)) continue;
        const known = edges.find((edge) => edge.from === from && edge.to === to && edge.isInternal === isInternal);
        if (known !== undefined) known.rows.push(row);
        else edges.push({ from, to, isInternal, rows: [row] });
      }
    }
  }
  return edges;
}

/** The states whose initial arrow is ever taken: others are only entered by naming a state inside of them. */
export function defaultEntries(machine: AnyStateMachine): ReadonlySet<AnyStateNode> {
  const entered = new Set<AnyStateNode>();
  const enter = (node: AnyStateNode): void => {
    if (entered.has(node) || node.type === 'atomic' || node.type === 'final' || node.type === 'history') return;
    entered.add(node);
    for (const next of node.type === 'parallel' ? Object.values(node.states) : (node.initial.target ?? [])) enter(next);
  };
  /** By naming a state all around it are entered too, and of parallel ones the other regions by default. */
  const arrive = (node: AnyStateNode, from?: AnyStateNode): void => {
    enter(node);
    for (const outer of lineage(node).filter((each) => each.type === 'parallel')) {
      const regions = Object.values(outer.states);
      const own = regions.find((region) => isWithin(node, region));
      if (own && from && isWithin(from, own)) continue; // the others stay as they are
      for (const region of regions) if (region !== own) enter(region);
    }
  };
  enter(machine.root);
  for (const source of stateNodesOf(machine)) {
    for (const row of rowsFrom(source)) for (const target of row.target ?? []) arrive(target, source);
  }
  return entered;
}
