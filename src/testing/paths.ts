import type { AnyStateMachine } from 'xstate';
import { activeStates, type Graph, type Node, type Path, rowsOf, statesOf } from './graph.js';

/** What a set of paths is to cover: every abstract state, or every event in every state. */
export type Criterion = 'states' | 'transitions';

/** The criteria, for listings. */
export const CRITERIA: readonly Criterion[] = ['states', 'transitions'];

/**
 * The paths of a criterion, each the shortest to its goal: one for each state, or one for each edge. A path that
 * fails names its last edge, as all before it are the ends of other paths.
 */
export function pathsOf<M extends AnyStateMachine>(graph: Graph<M>, criterion: Criterion): readonly Path<M>[] {
  return criterion === 'states'
    ? [...graph.nodes.values()].map(pathTo)
    : graph.edges.map((edge) => [...pathTo(edge.from), edge]);
}

/** The shortest path to a state. */
export function pathTo<M extends AnyStateMachine>(node: Node<M>): Path<M> {
  const path = [];
  for (let via = node.via; via !== undefined; via = via.from.via) path.unshift(via);
  return path;
}

/** A name for a path: its events, in order. */
export function pathName<M extends AnyStateMachine>(path: Path<M>): string {
  return path.length === 0 ? '(the beginning)' : path.map((edge) => edge.label).join(' > ');
}

/** How much of a chart some paths cover: its state nodes, its rows, and the abstract states and edges of its graph. */
export interface Coverage {
  readonly stateNodes: Share;
  readonly rows: Share;
  readonly states: Share;
  readonly transitions: Share;
}

/** A part of a whole, and what is missing. */
export interface Share {
  readonly covered: number;
  readonly of: number;
  readonly missing: readonly string[];
}

/** Measures coverage. */
export function coverageOf<M extends AnyStateMachine>(graph: Graph<M>, paths: Iterable<Path<M>>): Coverage {
  const stateNodes = new Set<string>();
  const rows = new Set<string>();
  const states = new Set<string>();
  const transitions = new Set<string>();
  const enter = (node: Node<M>) => {
    states.add(node.key);
    for (const id of activeStates(node.snapshot)) stateNodes.add(id);
  };
  for (const path of paths) {
    const [first] = path;
    if (first !== undefined) enter(first.from);
    for (const edge of path) {
      enter(edge.to);
      transitions.add(edgeName(edge));
      for (const row of edge.rows) rows.add(row);
      // A transient state is left within the step: its rows show that it was entered.
      for (const row of edge.rows) stateNodes.add(row.slice(0, row.indexOf(':')));
    }
  }
  for (const node of graph.nodes.values()) if (node.via === undefined) enter(node);
  return {
    stateNodes: share(stateNodes, statesOf(graph.machine)),
    rows: share(rows, rowsOf(graph.machine)),
    states: share(states, [...graph.nodes.keys()]),
    transitions: share(transitions, graph.edges.map(edgeName)),
  };
}

function edgeName(edge: { from: { key: string }; label: string }): string {
  return `${edge.from.key}: ${edge.label}`;
}

function share(covered: ReadonlySet<string>, all: readonly string[]): Share {
  const missing = all.filter((name) => !covered.has(name));
  return { covered: all.length - missing.length, of: all.length, missing };
}
