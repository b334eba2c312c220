/** Ways through a graph, made one at a time: there may be more of them than memory should hold. */
import type { AnyStateMachine, EventFromLogic, SnapshotFrom } from 'xstate';
import type { Projection } from '../../machines/kit/abstraction.js';
import type { Edge, Graph, Node, Path } from './graph.js';

/** The shortest path to a state. */
export function pathTo<M extends AnyStateMachine>(node: Node<M>): Path<M> {
  const path = [];
  for (let via = node.via; via !== undefined; via = via.from.via) path.unshift(via);
  return path;
}

/** The shortest path to every state. */
export function* statePaths<M extends AnyStateMachine>(graph: Graph<M>): Generator<Path<M>> {
  for (const node of graph.nodes.values()) yield pathTo(node);
}

/** Every edge, after the shortest path to where it begins. */
export function* transitionPaths<M extends AnyStateMachine>(graph: Graph<M>): Generator<Path<M>> {
  for (const node of graph.nodes.values()) {
    const prefix = pathTo(node);
    for (const edge of node.edges) yield [...prefix, edge];
  }
}

/** Every edge and every edge that may follow it, after the shortest path to where they begin. */
export function* pairPaths<M extends AnyStateMachine>(graph: Graph<M>): Generator<Path<M>> {
  for (const first of transitionPaths(graph)) {
    for (const second of first.at(-1)?.to.edges ?? []) yield [...first, second];
  }
}

/** Every path of a projection that comes to none of its states twice, from the beginning of the chart to any state. */
export function* simplePaths<M extends AnyStateMachine>(
  graph: Graph<M>,
  { key, includes }: Projection<SnapshotFrom<M>, EventFromLogic<M>>,
): Generator<Path<M>> {
  const seen = new Set<string>();
  function* onwards(node: Node<M>, path: Path<M>): Generator<Path<M>> {
    const here = key(node.snapshot);
    seen.add(here);
    yield path;
    for (const edge of node.edges) {
      if (includes(edge.event) && !seen.has(key(edge.to.snapshot))) yield* onwards(edge.to, [...path, edge]);
    }
    seen.delete(here);
  }
  for (const node of graph.nodes.values()) if (node.via === undefined) yield* onwards(node, []);
}

/** Every edge that leaves home, and the shortest way back. What has no way back is left out: an invariant finds it. */
export function* roundTrips<M extends AnyStateMachine>(
  graph: Graph<M>,
  isHome: (snapshot: SnapshotFrom<M>) => boolean,
): Generator<Path<M>> {
  const home = new Set([...graph.nodes.values()].filter((node) => isHome(node.snapshot)));
  const next = waysTo(graph, home);
  for (const node of home) {
    const prefix = pathTo(node);
    for (const edge of node.edges) {
      if (home.has(edge.to) || !next.has(edge.to)) continue;
      const path = [...prefix, edge];
      for (let back = next.get(edge.to); back !== undefined; back = next.get(back.to)) path.push(back);
      yield path;
    }
  }
}

/** The first edge of a shortest way to one of the goals, for every state that has one; the goals have none. */
function waysTo<M extends AnyStateMachine>(
  graph: Graph<M>,
  goals: Iterable<Node<M>>,
): ReadonlyMap<Node<M>, Edge<M> | undefined> {
  const into = new Map<Node<M>, Edge<M>[]>();
  for (const edge of graph.edges) {
    const others = into.get(edge.to);
    if (others === undefined) into.set(edge.to, [edge]);
    else others.push(edge);
  }
  const next = new Map<Node<M>, Edge<M> | undefined>([...goals].map((goal) => [goal, undefined]));
  for (const node of next.keys()) {
    for (const edge of into.get(node) ?? []) if (!next.has(edge.from)) next.set(edge.from, edge);
  }
  return next;
}
