/** The licence for the host's short way with dispatches: many told singly and told at once come to the same. */

import type { AnyMachineSnapshot, AnyStateMachine, EventFromLogic, SnapshotFrom } from 'xstate';
import { armedAfter } from '../../machines/kit/timers.js';
import { demandGraph } from './demands.js';
import type { Graph, Node } from './graph.js';
import { pathTo } from './paths.js';

/** How many dispatches a batch stands for in the comparison. */
const COUNTS = [1, 2, 7];

/** What came of comparing. */
export interface BatchReport {
  /** Comparisons made. */
  readonly compared: number;
  /** Where it made a difference: the state, how to get there, and how many dispatches. */
  readonly different: readonly { readonly state: string; readonly path: readonly string[]; readonly count: number }[];
}

/** Compares n dispatches with one batch of n, in every state of a shard chart where dispatches stream. */
export function batchEquivalence<M extends AnyStateMachine>(graph: Graph<M>): BatchReport {
  demandGraph(graph);
  const streaming = [...graph.nodes.values()].filter(({ snapshot }) =>
    (snapshot as AnyMachineSnapshot).hasTag('streaming'),
  );
  const different = streaming.flatMap((node) =>
    COUNTS.filter((count) => !endsAlike(graph, node, count)).map((count) => ({
      state: node.key,
      path: pathTo(node).map(({ label }) => label),
      count,
    })),
  );
  return { compared: streaming.length * COUNTS.length, different };
}

function endsAlike<M extends AnyStateMachine>(graph: Graph<M>, node: Node<M>, count: number): boolean {
  const { connection, sequence } = (node.snapshot as AnyMachineSnapshot).context as {
    connection: number;
    sequence: number | null;
  };
  const last = (sequence ?? 0) + count;
  const singles = Array.from({ length: count }, (_, i) => ({
    type: 'dispatch',
    connection,
    sequence: last - count + 1 + i,
  }));
  const batch = { type: 'dispatched', connection, sequence: last, count };
  return endOf(graph, node, singles) === endOf(graph, node, [batch]);
}

/** The end of a run: state, context, timers that run, and all effects in between. */
function endOf<M extends AnyStateMachine>(graph: Graph<M>, node: Node<M>, events: readonly object[]): string {
  let snapshot: SnapshotFrom<M> = node.snapshot;
  let armed = node.armed;
  const done: unknown[] = [];
  for (const event of events) {
    const step = graph.pure.step(snapshot, event as EventFromLogic<M>);
    snapshot = step.snapshot;
    armed = armedAfter(armed, step.instructions);
    done.push(...step.instructions.filter(({ type }) => type !== 'arm' && type !== 'disarm'));
  }
  const { value, context } = snapshot as { value: unknown; context: unknown };
  return JSON.stringify([value, context, [...armed].sort(), done]);
}
