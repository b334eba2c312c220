/**
 * Explores a protocol chart completely: every abstract state, every event that it handles, every row of the chart.
 * What counts as a state is declared beside the chart (machines/shard/laws/abstraction.ts).
 */

import type { AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import type { Abstraction } from '../../machines/kit/abstraction.js';
import { type Instruction, type Pure, pure, type Step } from '../../machines/kit/pure.js';
import { rowId, rowsFrom, stateNodesOf } from '../../machines/kit/rows.js';
import { demandGiven, type Fields, wholeNumber } from '../../machines/kit/shape.js';
import { armedAfter, firedFrom, timerOf } from '../../machines/kit/timers.js';
import { activeNodes, sharing } from '../../machines/kit/xstate-insides.js';
import { demandAbstracted, demandSnapshot } from './demands.js';

/** An abstract state, with the first concrete snapshot that was met in it. */
export interface Node<M extends AnyStateMachine> {
  readonly key: string;
  readonly root: string;
  readonly snapshot: SnapshotFrom<M>;
  /** The timers that run here. */
  readonly armed: ReadonlySet<string>;
  /** How the state is reached first; undefined for a root. */
  readonly via: Edge<M> | undefined;
  readonly edges: Edge<M>[];
}

/** An event that a state handles. */
export interface Edge<M extends AnyStateMachine> {
  readonly from: Node<M>;
  readonly to: Node<M>;
  readonly event: EventFromLogic<M>;
  /** The event's short name. */
  readonly label: string;
  /** Its index in the alphabet, the same in all snapshots of the state. */
  readonly index: number;
  readonly instructions: readonly Instruction[];
  /** What the event led to from the snapshot of `from`; that of `to` may differ in what does not count as state. */
  readonly after: SnapshotFrom<M>;
  /** The ids of the chart's rows that were taken, as `rowsOf` lists them. */
  readonly rows: readonly string[];
}

/** What counts as a state of a chart, and which events may come. */
export type AbstractionOf<M extends AnyStateMachine> = Abstraction<SnapshotFrom<M>, InputFrom<M>, EventFromLogic<M>>;

/** All that a chart can do. */
export interface Graph<M extends AnyStateMachine> {
  readonly machine: M;
  readonly abstraction: AbstractionOf<M>;
  readonly pure: Pure<M>;
  readonly nodes: ReadonlyMap<string, Node<M>>;
  readonly edges: readonly Edge<M>[];
}

/** A way through the graph, from a root. */
export type Path<M extends AnyStateMachine> = readonly Edge<M>[];

/** Thrown when exploring finds more states than `limit`: the abstraction then lets a counter through. */
export class StateLimitError extends Error {
  override readonly name = 'StateLimitError';
  readonly code = 'ERR_STATE_LIMIT';
}

/** Thrown when a chart itself throws, as a guard or an action may: in which state, on which event, and how to get there. */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly code = 'ERR_STEP';

  constructor(
    /** The key of the state. */
    readonly state: string,
    readonly event: string,
    /** The events from the beginning to the one that failed. */
    readonly path: readonly string[],
    override readonly cause: unknown,
  ) {
    super(
      [
        `The chart throws: ${cause instanceof Error ? cause.message : String(cause)}`,
        `  state:  ${state}`,
        `  event:  ${event}`,
        `  path:   ${path.join(' > ')}`,
      ].join('\n'),
    );
  }
}

/** How far an exploration is. */
export interface ExplorationProgress {
  readonly states: number;
  readonly transitions: number;
  /** States that were met and not explored yet. */
  readonly frontier: number;
}

/** Explores a chart breadth first. `limit` bounds the number of states, 20,000 unless told. */
export function explore<M extends AnyStateMachine>(
  machine: M,
  abstraction: AbstractionOf<M>,
  options: { limit?: number } = {},
): Graph<M> {
  const exploring = graphOf(machine, abstraction, options);
  for (let step = exploring.next(); ; step = exploring.next()) if (step.done) return step.value;
}

/** Explores a chart bit by bit, so that something can be shown meanwhile. */
export function graphOf<M extends AnyStateMachine>(
  machine: M,
  abstraction: AbstractionOf<M>,
  options: { limit?: number } = {},
): Generator<ExplorationProgress, Graph<M>> {
  demandAbstracted(machine, abstraction);
  demandGiven('', options, OPTIONS);
  return exploring(machine, abstraction, options);
}

const OPTIONS: Fields = { fields: { limit: wholeNumber('a number of states above 0', 1) } };

function* exploring<M extends AnyStateMachine>(
  machine: M,
  abstraction: AbstractionOf<M>,
  { limit = 20_000 }: { limit?: number },
): Generator<ExplorationProgress, Graph<M>> {
  const explorer = new Explorer(machine, abstraction, limit);
  for (const [index, [root, input]] of Object.entries(abstraction.roots).entries()) {
    explorer.begin(root, index === 0 ? '' : `${root}: `, input);
    for (let explored = 0; explorer.advance(); explored += 1) if (explored % PACE === 0) yield explorer.progress;
  }
  const { pure, nodes, edges } = explorer;
  return { machine, pure, abstraction, nodes, edges };
}

/** States explored between two signs of life. */
const PACE = 64;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Goes from state to state, breadth first. */
class Explorer<M extends AnyStateMachine> {
  readonly pure: Pure<M>;
  readonly nodes = new Map<string, Node<M>>();
  readonly edges: Edge<M>[] = [];
  readonly #queue: Node<M>[] = [];
  #root = '';
  #prefix = '';

  constructor(
    machine: M,
    private readonly abstraction: AbstractionOf<M>,
    private readonly limit: number,
  ) {
    this.pure = pure(machine);
  }

  get progress(): ExplorationProgress {
    return { states: this.nodes.size, transitions: this.edges.length, frontier: this.#queue.length };
  }

  begin(root: string, prefix: string, input: InputFrom<M>): void {
    [this.#root, this.#prefix] = [root, prefix];
    const { snapshot, instructions } = this.pure.initial(input);
    this.#visit(snapshot, () => armedAfter(new Set(), instructions));
  }

  /** Explores one state more; whether there was one. */
  advance(): boolean {
    const node = this.#queue.shift();
    if (node === undefined) return false;
    for (const [index, event] of this.abstraction.alphabet(node.snapshot).entries()) {
      if (!isIdleTimer(event, node.armed)) this.#take(node, event, index);
    }
    return true;
  }

  #take(from: Node<M>, event: EventFromLogic<M>, index: number): void {
    const label = this.abstraction.label(event);
    const step = this.#step(from, event, label);
    if (step.rows.length === 0) return;
    const { instructions, snapshot: after } = step;
    const to = from; // until it is known
    const edge: Mutable<Edge<M>> = { from, to, event, label, index, instructions, after, rows: step.rows.map(rowId) };
    edge.to = this.#visit(after, () => armedAfter(firedFrom(from.armed, event), instructions), edge);
    edge.after = sharing(after, edge.to.snapshot);
    from.edges.push(edge);
    this.edges.push(edge);
  }

  #step({ snapshot, key, via }: Node<M>, event: EventFromLogic<M>, label: string): Step<M> {
    try {
      return this.pure.step(snapshot, event);
    } catch (error) {
      const path = [label];
      for (let at = via; at !== undefined; at = at.from.via) path.unshift(at.label);
      throw new StepError(key, label, path, error);
    }
  }

  #visit(snapshot: SnapshotFrom<M>, armed: () => ReadonlySet<string>, via?: Edge<M>): Node<M> {
    const key = this.#prefix + this.abstraction.key(snapshot);
    const known = this.nodes.get(key);
    if (known !== undefined) return known;
    const node: Node<M> = { key, root: this.#root, snapshot, armed: armed(), via, edges: [] };
    this.nodes.set(key, node);
    this.#queue.push(node);
    if (this.nodes.size <= this.limit) return node;
    throw new StateLimitError(
      `More than ${this.limit} abstract states; the last is ${key}. Leave counters out of the key.`,
    );
  }
}

/** The rows of a chart: each transition of each state, one for each line of a guarded list, as stable ids. */
export function rowsOf(machine: AnyStateMachine): readonly string[] {
  return stateNodesOf(machine).flatMap((node) => rowsFrom(node).map(rowId));
}

/** The state nodes of a chart, by id, from the outside in. */
export function statesOf(machine: AnyStateMachine): readonly string[] {
  return stateNodesOf(machine).map((node) => node.id);
}

/** The state nodes that are active in a snapshot, by id. */
export function activeStates(snapshot: unknown): readonly string[] {
  demandSnapshot(snapshot);
  return activeNodes(snapshot).map((node) => node.id);
}

function isIdleTimer(event: { readonly type: string }, armed: ReadonlySet<string>): boolean {
  const timer = timerOf(event);
  return timer !== undefined && !armed.has(timer);
}
