import type { AnyStateMachine } from 'xstate';
import type { Edge, Graph, Node, Path } from './graph.js';

/**
 * Long walks from the beginning that together take every pair of transitions, in fewer steps than a path for each pair
 * needs. Each ends after `length` steps, 300 unless told. For systems that check every step of a path.
 */
export function* pairTours<M extends AnyStateMachine>(
  graph: Graph<M>,
  { length = 300 }: { length?: number } = {},
): Generator<Path<M>> {
  const pending = new Pending(graph);
  for (const root of graph.nodes.values()) {
    if (root.via !== undefined) continue;
    for (let tour = pending.tour(root, length); tour.length > 0; tour = pending.tour(root, length)) yield tour;
  }
}

/** Which pairs are still to be taken. */
class Pending<M extends AnyStateMachine> {
  /** For each edge, those that are still to follow it. */
  readonly #after = new Map<Edge<M>, Set<Edge<M>>>();
  /** For each state, one edge to each of its neighbours. */
  readonly #neighbours = new Map<Node<M>, readonly Edge<M>[]>();
  /** The edges of a state after which something is left to be taken. */
  readonly #open = new Map<Node<M>, Edge<M>[]>();

  constructor({ nodes, edges }: Graph<M>) {
    for (const edge of edges) this.#after.set(edge, new Set(edge.to.edges));
    for (const node of nodes.values()) {
      this.#neighbours.set(node, [...new Map(node.edges.map((edge) => [edge.to, edge])).values()]);
      this.#open.set(node, [...node.edges]);
    }
  }

  tour(root: Node<M>, length: number): Path<M> {
    const path: Edge<M>[] = [];
    const walk = (edge: Edge<M>) => {
      const last = path.at(-1);
      if (last !== undefined) this.#after.get(last)?.delete(edge);
      path.push(edge);
    };
    for (let [next, at] = [this.#next(undefined, root), root]; next !== undefined; next = this.#next(path.at(-1), at)) {
      for (const edge of next) walk(edge);
      at = path.at(-1)?.to ?? root;
      if (path.length >= length) break;
    }
    return path;
  }

  /** What to walk next, up to the end of a pair that is left. */
  #next(last: Edge<M> | undefined, at: Node<M>): readonly Edge<M>[] | undefined {
    const way = last !== undefined && this.#isOpen(last) ? [] : this.#wayToWork(at);
    const work = way?.at(-1) ?? last;
    return way && work && [...way, this.#choose(work)];
  }

  /** Something that is still to follow an edge; rather what something is still to follow, too. */
  #choose(edge: Edge<M>): Edge<M> {
    const left = [...(this.#after.get(edge) ?? [])];
    return (left.find((next) => this.#isOpen(next)) ?? left[0]) as Edge<M>;
  }

  /** The shortest way whose last edge has something left to be taken after it. */
  #wayToWork(from: Node<M>): readonly Edge<M>[] | undefined {
    const cameBy = new Map<Node<M>, Edge<M> | undefined>([[from, undefined]]);
    for (const node of cameBy.keys()) {
      const work = this.#openAt(node);
      if (work !== undefined) {
        const way = [work];
        for (let by = cameBy.get(node); by !== undefined; by = cameBy.get(by.from)) way.unshift(by);
        return way;
      }
      for (const edge of this.#neighbours.get(node) ?? []) if (!cameBy.has(edge.to)) cameBy.set(edge.to, edge);
    }
    return undefined;
  }

  #openAt(node: Node<M>): Edge<M> | undefined {
    const open = this.#open.get(node) ?? [];
    for (let edge = open.at(-1); edge !== undefined; edge = open.at(-1)) {
      if (this.#isOpen(edge)) return edge;
      open.pop();
    }
    return undefined;
  }

  #isOpen(edge: Edge<M>): boolean {
    return (this.#after.get(edge)?.size ?? 0) > 0;
  }
}
