/**
 * Checks invariants (machines/kit/invariants.ts) on an explored chart: in every state, on every step, and for those that
 * need to know what came before, in every combination of a state and what can have come before it.
 */

import type { AnyStateMachine, EventFromLogic } from 'xstate';
import type { EdgeView, GraphView, Invariant, NodeView, Observer } from '../../machines/kit/invariants.js';
import { demandGiven, type Fields, isTrueOrFalse, wholeNumber } from '../../machines/kit/shape.js';
import { stateName } from '../../machines/kit/state-names.js';
import { timerOf } from '../../machines/kit/timers.js';
import { demandGraph, demandInvariants } from './demands.js';
import type { Graph, Node } from './graph.js';
import { pathTo } from './paths.js';

/** Where an invariant does not hold. */
export interface Counterexample {
  readonly says: string;
  readonly spec: string;
  /** The state, by name and with what of the context counts. */
  readonly state: string;
  /** The event; null if the state itself is at fault. */
  readonly event: string | null;
  /** What is wrong, in words. */
  readonly broken: string;
  /** The shortest way there, from the beginning: names of events. The last is `event`. */
  readonly path: readonly string[];
}

/** What came of one invariant. */
export interface Verdict {
  readonly says: string;
  readonly spec: string;
  /** How often it was evaluated. */
  readonly checked: number;
  /** How often it did not hold; of these the first few are shown, those with the shortest paths. */
  readonly broken: number;
  readonly counterexamples: readonly Counterexample[];
}

/** What came of all. */
export interface Report {
  readonly holds: boolean;
  readonly states: number;
  readonly transitions: number;
  /** States of the chart together with what can have come before, summed over the observers. */
  readonly situations: number;
  readonly verdicts: readonly Verdict[];
}

/** How to check. */
export interface CheckOptions {
  /** Counterexamples to keep for each invariant: 3 unless told. */
  readonly keep?: number;
  /** Stop at the first counterexample. */
  readonly first?: boolean;
}

/** An invariant of any chart. */
// biome-ignore lint/suspicious/noExplicitAny: invariants of one list remember different things
export type AnyInvariant = Invariant<any, any, any>;

type AnyNode = NodeView<unknown, { readonly type: string }>;
type AnyMove = EdgeView<unknown, { readonly type: string }>;

/** A state, what the observer knows in it, and the step that led there first. */
interface Situation {
  readonly node: AnyNode;
  readonly memory: unknown;
  readonly via: { readonly from: Situation; readonly move: AnyMove } | null;
}

const OPTIONS: Fields = { fields: { keep: wholeNumber('a whole number from 0 on', 0), first: isTrueOrFalse } };

/** Checks invariants on a graph. */
export function check<M extends AnyStateMachine>(
  graph: Graph<M>,
  invariants: readonly AnyInvariant[],
  options: CheckOptions = {},
): Report {
  demandGraph(graph);
  demandInvariants(invariants);
  demandGiven('', options, OPTIONS);
  const { keep = 3, first = false } = options;
  const tally = new Tally(invariants, keep, first);
  const nodes = [...graph.nodes.values()] as unknown as AnyNode[];
  const roots = nodes.filter((node) => (node as unknown as Node<M>).via === undefined);
  const observers = new Set(invariants.map(({ observer }) => observer));
  let situations = 0;
  for (const observer of observers) {
    const watched = invariants.filter((each) => each.observer === observer && (each.state || each.step));
    if (watched.length > 0 && !tally.isOver) situations += visit(roots, observer, watched, tally);
  }
  const view = viewOf(graph, nodes);
  for (const invariant of invariants) if (!tally.isOver) tally.graph(invariant, view);
  const verdicts = tally.verdicts;
  return {
    holds: verdicts.every(({ broken }) => broken === 0),
    states: graph.nodes.size,
    transitions: graph.edges.length,
    situations,
    verdicts,
  };
}

/** Goes through every situation, breadth first, so that the way there is the shortest. */
function visit(
  roots: readonly AnyNode[],
  observer: Observer<unknown, unknown, unknown> | undefined,
  invariants: readonly AnyInvariant[],
  tally: Tally,
): number {
  const known = new Map<AnyNode, Set<string>>();
  const queue: Situation[] = [];
  const reach = (situation: Situation) => {
    const memory = JSON.stringify(situation.memory) ?? '';
    const memories = known.get(situation.node) ?? new Set();
    if (memories.has(memory)) return;
    known.set(situation.node, memories.add(memory));
    queue.push(situation);
  };
  for (const node of roots) reach({ node, memory: observer?.begin, via: null });
  let at = 0;
  for (; at < queue.length && !tally.isOver; at += 1) {
    const situation = queue[at] as Situation;
    tally.state(invariants, situation);
    for (const move of situation.node.edges) {
      const memory = observer?.see(situation.memory, move);
      tally.step(invariants, situation, move, memory);
      reach({ node: move.to, memory, via: { from: situation, move } });
    }
  }
  return at;
}

/** Counts what holds and what does not. */
class Tally {
  readonly #rows: Map<AnyInvariant, { checked: number; broken: number; counterexamples: Counterexample[] }>;
  readonly #keep: number;
  readonly #first: boolean;
  isOver = false;

  constructor(invariants: readonly AnyInvariant[], keep: number, first: boolean) {
    this.#rows = new Map(invariants.map((each) => [each, { checked: 0, broken: 0, counterexamples: [] }]));
    this.#keep = keep;
    this.#first = first;
  }

  state(invariants: readonly AnyInvariant[], { node, memory, via }: Situation): void {
    for (const invariant of invariants) {
      if (!invariant.state) continue;
      const broken = attempt(() => invariant.state?.(node, memory) ?? null);
      this.#note(invariant, broken, () => ({ state: node.key, event: null, path: trail(via) }));
    }
  }

  step(invariants: readonly AnyInvariant[], situation: Situation, move: AnyMove, after: unknown): void {
    for (const invariant of invariants) {
      if (!invariant.step) continue;
      const broken = attempt(() => invariant.step?.(move, situation.memory, after) ?? null);
      this.#note(invariant, broken, () => ({
        state: situation.node.key,
        event: move.label,
        path: [...trail(situation.via), move.label],
      }));
    }
  }

  graph(invariant: AnyInvariant, view: GraphView<unknown, { readonly type: string }>): void {
    if (!invariant.graph) return;
    const row = this.#rows.get(invariant);
    if (row) row.checked += view.nodes.length;
    for (const { node, broken } of invariant.graph(view)) {
      const path = pathTo(node as unknown as Node<AnyStateMachine>).map(({ label }) => label);
      this.#note(invariant, broken, () => ({ state: node.key, event: null, path }), 0);
    }
  }

  get verdicts(): Verdict[] {
    return [...this.#rows].map(([{ says, spec }, row]) => ({ says, spec, ...row }));
  }

  #note(
    invariant: AnyInvariant,
    broken: string | null,
    where: () => Pick<Counterexample, 'state' | 'event' | 'path'>,
    evaluated = 1,
  ): void {
    const row = this.#rows.get(invariant);
    if (row === undefined) return;
    row.checked += evaluated;
    if (broken === null) return;
    row.broken += 1;
    if (row.counterexamples.length < this.#keep) {
      row.counterexamples.push({ says: invariant.says, spec: invariant.spec, broken, ...where() });
    }
    this.isOver ||= this.#first;
  }
}

/** A predicate that throws has met something it was not made for. */
function attempt(run: () => string | null): string | null {
  try {
    return run();
  } catch (error) {
    return `the check itself failed: ${String(error)}`;
  }
}

function trail(via: Situation['via']): string[] {
  const labels = [];
  for (let at = via; at !== null; at = at.from.via) labels.unshift(at.move.label);
  return labels;
}

function viewOf<M extends AnyStateMachine>(
  { abstraction }: Graph<M>,
  nodes: readonly AnyNode[],
): GraphView<unknown, { readonly type: string }> {
  return {
    nodes,
    nameOf: ({ snapshot }) => stateName(snapshot.value),
    ignoredIn: (node) => {
      const { snapshot, armed, edges } = node as unknown as Node<M>;
      const handled = new Set(edges.map(({ label }) => label));
      return abstraction.alphabet(snapshot).filter((event: EventFromLogic<M>) => {
        const timer = timerOf(event);
        return (timer === undefined || armed.has(timer)) && !handled.has(abstraction.label(event));
      });
    },
  };
}

/** A counterexample as text, for people: what should hold, where it does not, and how to get there. */
export function counterexampleText({ says, spec, state, event, broken, path }: Counterexample): string {
  const led = path.length === 0 ? [] : [`  after:  ${path.at(-1)}`];
  return [
    `${says} (${spec})`,
    `  state:  ${state}`,
    ...(event === null ? led : [`  event:  ${event}`]),
    `  broken: ${broken}`,
    `  path:   ${path.length === 0 ? '(the beginning)' : path.join(' > ')}`,
  ].join('\n');
}
