import type { AnyStateMachine } from 'xstate';
import type { Edge, Graph, Node, Path } from '../../src/exploring/graph.js';

/** One long walk from the first beginning that takes an edge of every kind, always the nearest next. */
export function tourOf<M extends AnyStateMachine>(graph: Graph<M>, kindOf: (edge: Edge<M>) => string): Path<M> {
  const kinds = new Map(graph.edges.map((edge) => [edge, kindOf(edge)]));
  const path: Edge<M>[] = [];
  const taken = new Set<string>();
  let at = [...graph.nodes.values()][0];
  for (let way = nearest(at, kinds, taken); way.length > 0; way = nearest(at, kinds, taken)) {
    for (const edge of way) taken.add(kinds.get(edge) ?? '');
    path.push(...way);
    at = path.at(-1)?.to;
  }
  return path;
}

function nearest<M extends AnyStateMachine>(
  from: Node<M> | undefined,
  kinds: ReadonlyMap<Edge<M>, string>,
  taken: ReadonlySet<string>,
): readonly Edge<M>[] {
  if (from === undefined) return [];
  const cameBy = new Map<Node<M>, Edge<M> | undefined>([[from, undefined]]);
  for (const node of cameBy.keys()) {
    const fresh = node.edges.find((edge) => !taken.has(kinds.get(edge) ?? ''));
    if (fresh !== undefined) {
      const way = [fresh];
      for (let by = cameBy.get(node); by !== undefined; by = cameBy.get(by.from)) way.unshift(by);
      return way;
    }
    for (const edge of node.edges) if (!cameBy.has(edge.to)) cameBy.set(edge.to, edge);
  }
  return [];
}
