/**
 * Checks invariants on concrete runs: what does not count as state (counters, payloads, the last wait) takes all the
 * values that it takes in life, where the explored graph holds one of each. Nothing is left to chance: a seed repeats it.
 */

import type { AnyStateMachine, EventFromLogic, SnapshotFrom } from 'xstate';
import type { EdgeView, NodeView } from '../../machines/kit/invariants.js';
import { demandGiven, type Fields, isFunction, isNumber, wholeNumber } from '../../machines/kit/shape.js';
import { armedAfter, firedFrom } from '../../machines/kit/timers.js';
import type { AnyInvariant, Counterexample } from './check.js';
import { demandGraph, demandInvariants } from './demands.js';
import type { Edge, Graph, Node } from './graph.js';

/** How to walk. */
export interface WalkOptions<Event> {
  /** Steps in all: 20,000 unless told. */
  readonly steps?: number;
  readonly seed?: number;
  /** Gives an event another payload; `random` is in [0, 1). */
  readonly vary?: (event: Event, random: () => number) => Event;
}

const OPTIONS: Fields = {
  fields: { steps: wholeNumber('a whole number from 0 on', 0), seed: isNumber, vary: isFunction },
};

type AnyNode = NodeView<unknown, { readonly type: string }>;

/**
 * Walks through a chart from edge to edge, each chosen at random and reached the shortest way, and checks what must hold
 * on each step. Returns the first counterexample; its path is the walk, and so not the shortest.
 */
export function walk<M extends AnyStateMachine>(
  graph: Graph<M>,
  invariants: readonly AnyInvariant[],
  options: WalkOptions<EventFromLogic<M>> = {},
): Counterexample | null {
  demandGraph(graph);
  demandInvariants(invariants);
  demandGiven('', options, OPTIONS);
  const { steps = 20_000, seed = 1, vary = (event) => event } = options;
  const random = randomFrom(seed);
  const watched = invariants.filter(({ step }) => step !== undefined);
  const goals = shuffled(graph.edges, random);
  const routes = new Routes<M>();
  const walkers = [...graph.nodes.values()]
    .filter(({ via }) => via === undefined)
    .map((root) => new Walker(graph, watched, root, (event) => vary(event, random)));
  let left = steps;
  for (let at = 0; left > 0 && at < steps; at += 1) {
    const goal = goals[at % goals.length];
    const walker = walkers.find(({ root }) => root.root === goal?.from.root);
    if (goal === undefined || walker === undefined) continue;
    for (const edge of [...routes.from(walker.node, goal.from), goal]) {
      left -= 1;
      const found = walker.take(edge);
      if (found !== null) return found;
    }
  }
  return null;
}

/** One run of a chart, and where it stands in the graph. */
class Walker<M extends AnyStateMachine> {
  node: Node<M>;
  #node: AnyNode;
  readonly #path: string[] = [];
  readonly #memories: Map<AnyInvariant['observer'], unknown>;

  constructor(
    readonly graph: Graph<M>,
    readonly invariants: readonly AnyInvariant[],
    readonly root: Node<M>,
    readonly vary: (event: EventFromLogic<M>) => EventFromLogic<M>,
  ) {
    this.node = root;
    this.#node = { key: root.key, snapshot: root.snapshot as never, armed: root.armed, edges: [] };
    this.#memories = new Map(invariants.map(({ observer }) => [observer, observer?.begin]));
  }

  take(edge: Edge<M>): Counterexample | null {
    const { abstraction, pure } = this.graph;
    const from = this.#node;
    if (edge.from !== this.node) return null; // the abstraction lied: that is for another check to say
    const snapshot = from.snapshot as SnapshotFrom<M>;
    const meant = abstraction.alphabet(snapshot).find((event) => abstraction.label(event) === edge.label);
    if (meant === undefined) return null; // its name tells a number that is another one by now
    const event = this.vary(meant);
    const step = pure.step(snapshot, event);
    const armed = armedAfter(firedFrom(from.armed, event), step.instructions);
    const to: AnyNode = { key: abstraction.key(step.snapshot), snapshot: step.snapshot as never, armed, edges: [] };
    this.#path.push(edge.label);
    const { label } = edge;
    const found = this.#check({ ...step, from, to, event: event as never, label, after: to.snapshot });
    this.#node = to;
    const prefix = this.root.key.slice(0, this.root.key.length - abstraction.key(this.root.snapshot).length);
    this.node = this.graph.nodes.get(prefix + abstraction.key(step.snapshot)) ?? edge.to; // another payload may lead elsewhere
    return found;
  }

  #check(move: EdgeView<unknown, never>): Counterexample | null {
    const before = new Map(this.#memories);
    for (const [observer, memory] of before) this.#memories.set(observer, observer?.see(memory, move));
    for (const { observer, step, says, spec } of this.invariants) {
      const broken = step?.(move, before.get(observer), this.#memories.get(observer)) ?? null;
      if (broken !== null)
        return { says, spec, broken, state: move.from.key, event: move.label, path: [...this.#path] };
    }
    return null;
  }
}

/** Shortest ways between states. */
class Routes<M extends AnyStateMachine> {
  /** For each start, the edge by which each state is reached first. */
  readonly #known = new Map<Node<M>, Map<Node<M>, Edge<M>>>();

  from(start: Node<M>, goal: Node<M>): Edge<M>[] {
    const last = this.#known.get(start) ?? this.#explore(start);
    const route: Edge<M>[] = [];
    for (let at = goal; at !== start; ) {
      const edge = last.get(at);
      if (edge === undefined) return [];
      route.unshift(edge);
      at = edge.from;
    }
    return route;
  }

  #explore(start: Node<M>): Map<Node<M>, Edge<M>> {
    const last = new Map<Node<M>, Edge<M>>();
    const queue = [start];
    for (const node of queue) {
      for (const edge of node.edges) {
        if (edge.to === start || last.has(edge.to)) continue;
        last.set(edge.to, edge);
        queue.push(edge.to);
      }
    }
    this.#known.set(start, last);
    return last;
  }
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** Numbers in [0, 1), the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
