/**
 * Explores a protocol chart completely: every abstract state, every event that it handles, every row of the chart.
 * What counts as a state is declared beside the chart (machines/abstraction.ts).
 */
import type { AnyMachineSnapshot, AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import type { Abstraction } from '../../machines/abstraction.js';
import { type Instruction, type Pure, pure } from '../../machines/pure.js';
import { rowId, rowsFrom, stateNodesOf } from '../../machines/rows.js';
import { armedAfter, firedFrom, timerOf } from '../../machines/timers.js';

export { armedAfter, firedFrom, timerOf };

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
  /** Its place in the alphabet, the same in all snapshots of the state. */
  readonly place: number;
  readonly instructions: readonly Instruction[];
  /** What the event led to from the snapshot of `from`; that of `to` may differ in what does not count as state. */
  readonly after: SnapshotFrom<M>;
  /** The ids of the chart's rows that were taken, as `rowsOf` lists them. */
  readonly rows: readonly string[];
}

/** What counts as a state of a chart, and which events may come. */
export type AbstractionOf<M extends AnyStateMachine> = Abstraction<SnapshotFrom<M>, InputFrom<M>, EventFromLogic<M>>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

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

/** Explores a chart breadth first. `limit` bounds the number of states, 100,000 unless told. */
export function explore<M extends AnyStateMachine>(
  machine: M,
  abstraction: AbstractionOf<M>,
  { limit = 100_000 }: { limit?: number } = {},
): Graph<M> {
  const runner = pure(machine);
  const nodes = new Map<string, Node<M>>();
  const edges: Edge<M>[] = [];
  const queue: Node<M>[] = [];

  const visit = (
    root: string,
    prefix: string,
    snapshot: SnapshotFrom<M>,
    armed: ReadonlySet<string>,
    via?: Edge<M>,
  ) => {
    const key = prefix + abstraction.key(snapshot);
    const known = nodes.get(key);
    if (known !== undefined) return known;
    const node: Node<M> = { key, root, snapshot, armed, via, edges: [] };
    nodes.set(key, node);
    queue.push(node);
    if (nodes.size > limit) {
      throw new StateLimitError(
        `More than ${limit} abstract states; the last is ${key}. Leave counters out of the key.`,
      );
    }
    return node;
  };

  Object.entries(abstraction.roots).forEach(([root, input], index) => {
    const { snapshot, instructions } = runner.initial(input);
    const prefix = index === 0 ? '' : `${root}: `;
    visit(root, prefix, snapshot, armedAfter(new Set(), instructions));
    for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
      for (const [place, event] of abstraction.alphabet(node.snapshot).entries()) {
        if (isIdleTimer(event, node.armed)) continue;
        const step = runner.step(node.snapshot, event);
        if (step.rows.length === 0) continue;
        const armed = armedAfter(firedFrom(node.armed, event), step.instructions);
        const edge: Mutable<Edge<M>> = {
          from: node,
          to: node, // until it is known
          event,
          label: abstraction.label(event),
          place,
          instructions: step.instructions,
          after: step.snapshot,
          rows: step.rows.map(rowId),
        };
        edge.to = visit(root, prefix, step.snapshot, armed, edge);
        node.edges.push(edge);
        edges.push(edge);
      }
    }
  });
  return { machine, pure: runner, abstraction, nodes, edges };
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
  return (snapshot as AnyMachineSnapshot)._nodes.map((node) => node.id);
}

function isIdleTimer(event: { readonly type: string }, armed: ReadonlySet<string>): boolean {
  const timer = timerOf(event);
  return timer !== undefined && !armed.has(timer);
}
