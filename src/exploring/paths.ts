import type { AnyStateMachine } from 'xstate';
import { demandGiven, entriesOf, isPlainObject, listOf, oneOf } from '../../machines/kit/shape.js';
import { pairPaths, roundTrips, simplePaths, statePaths, transitionPaths } from './criteria.js';
import { demandGraph } from './demands.js';
import { activeStates, type Edge, type Graph, type Node, type Path, rowsOf, statesOf } from './graph.js';

export { pathTo } from './criteria.js';

/** What a set of paths is to cover, each by name. */
export const CRITERIA = {
  states: 'every state',
  transitions: 'every event in every state',
  pairs: 'every event after every event, in every state',
  simple: 'every way through a projection that comes to no state twice',
  roundTrips: 'every way to leave home, and back again',
} as const satisfies Record<string, string>;

/** The name of a criterion. */
export type Criterion = keyof typeof CRITERIA;

const CRITERION = oneOf(...Object.keys(CRITERIA));

/** Paths that are made while they are read, anew each time. */
export interface Paths<M extends AnyStateMachine> extends Iterable<Path<M>> {
  /** How many there are. */
  readonly size: number;
}

/**
 * The paths of a criterion, each the shortest to its goal: its last edge, or its last two. A path that fails names that
 * edge, as all before it are the ends of other paths.
 */
export function pathsOf<M extends AnyStateMachine>(graph: Graph<M>, criterion: Criterion): Paths<M> {
  demandGraph(graph);
  demandGiven('the criterion', criterion, CRITERION);
  const read = () => generate(graph, criterion);
  return {
    [Symbol.iterator]: read,
    get size() {
      return count(graph, criterion) ?? lengthOf(read());
    },
  };
}

function generate<M extends AnyStateMachine>(graph: Graph<M>, criterion: Criterion): Generator<Path<M>> {
  const { isHome, projections = {} } = graph.abstraction;
  switch (criterion) {
    case 'states':
      return statePaths(graph);
    case 'transitions':
      return transitionPaths(graph);
    case 'pairs':
      return pairPaths(graph);
    case 'simple':
      return simplePathsOfAll(graph, declared(Object.values(projections), 'projections', criterion));
    case 'roundTrips':
      return roundTrips(graph, declared(isHome, 'isHome', criterion));
  }
}

/** The number of paths, as far as it shows without making them. */
function count<M extends AnyStateMachine>({ nodes, edges }: Graph<M>, criterion: Criterion): number | undefined {
  if (criterion === 'states') return nodes.size;
  if (criterion === 'transitions') return edges.length;
  if (criterion === 'pairs') return edges.reduce((sum, { to }) => sum + to.edges.length, 0);
  return undefined;
}

function lengthOf(items: Iterable<unknown>): number {
  let length = 0;
  for (const _ of items) length += 1;
  return length;
}

function* simplePathsOfAll<M extends AnyStateMachine>(
  graph: Graph<M>,
  projections: readonly Parameters<typeof simplePaths<M>>[1][],
): Generator<Path<M>> {
  for (const projection of projections) yield* simplePaths(graph, projection);
}

function declared<T>(value: T | undefined, name: string, criterion: Criterion): T {
  if (value !== undefined && !(Array.isArray(value) && value.length === 0)) return value;
  throw new TypeError(`The abstraction declares no \`${name}\`, which the criterion \`${criterion}\` needs.`);
}

/** A name for a path: its events, in order. */
export function pathName<M extends AnyStateMachine>(path: Path<M>): string {
  demandGiven('the path', path, listOf(isPlainObject));
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
  demandGraph(graph);
  demandGiven('paths', paths, entriesOf('paths, as those of pathsOf()'));
  const stateNodes = new Set<string>();
  const rows = new Set<string>();
  const states = new Set<string>();
  const enter = (node: Node<M>) => {
    states.add(node.key);
    for (const id of activeStates(node.snapshot)) stateNodes.add(id);
  };
  const known = new Set<Path<M>[number]>();
  let last: Path<M> = [];
  for (const path of paths) {
    let at = 0;
    while (at < path.length && path[at] === last[at]) at += 1; // most paths begin as the one before
    last = path;
    for (; at < path.length; at += 1) {
      const edge = path[at] as Edge<M>;
      if (known.has(edge)) continue;
      known.add(edge);
      enter(edge.from);
      enter(edge.to);
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
    transitions: shareOfEdges(known, graph.edges),
  };
}

/** By name, as several events of a state may bear one; the names are made only where something is missing. */
function shareOfEdges<M extends AnyStateMachine>(covered: ReadonlySet<Edge<M>>, all: readonly Edge<M>[]): Share {
  if (all.every((edge) => covered.has(edge))) return { covered: all.length, of: all.length, missing: [] };
  return share(new Set([...covered].map(edgeName)), all.map(edgeName));
}

function edgeName(edge: { from: { key: string }; label: string }): string {
  return `${edge.from.key}: ${edge.label}`;
}

function share(covered: ReadonlySet<string>, all: readonly string[]): Share {
  const missing = all.filter((name) => !covered.has(name));
  return { covered: all.length - missing.length, of: all.length, missing };
}
