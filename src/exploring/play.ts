import type { AnyStateMachine, EventFromLogic, SnapshotFrom } from 'xstate';
import type { Instruction } from '../../machines/kit/pure.js';
import { armedAfter, firedFrom } from '../../machines/kit/timers.js';
import type { Edge, Graph, Path } from './graph.js';

/** A step of a path, with the numbers of this very run: an edge holds those of the first way to where it begins. */
export interface PlayedStep<M extends AnyStateMachine> {
  readonly edge: Edge<M>;
  readonly event: EventFromLogic<M>;
  readonly instructions: readonly Instruction[];
  readonly snapshot: SnapshotFrom<M>;
  readonly armed: ReadonlySet<string>;
}

/** Thrown when a chart does something else than its graph says: what the abstraction leaves out counts after all. */
export class AbstractionError extends Error {
  override readonly name = 'AbstractionError';
  readonly code = 'ERR_ABSTRACTION';
}

/** Plays a path on the chart itself, from the beginning. Throws an `AbstractionError` if the chart leaves it. */
export function* play<M extends AnyStateMachine>(graph: Graph<M>, path: Path<M>): Generator<PlayedStep<M>> {
  const { abstraction, pure } = graph;
  let snapshot = path[0]?.from.snapshot as SnapshotFrom<M>;
  let armed = path[0]?.from.armed ?? new Set<string>();
  for (const edge of path) {
    let { event, instructions } = edge;
    if (snapshot === edge.from.snapshot) snapshot = edge.after;
    else {
      event = abstraction.alphabet(snapshot)[edge.index] as EventFromLogic<M>;
      ({ snapshot, instructions } = pure.step(snapshot, event));
      const key = abstraction.key(snapshot);
      if (!edge.to.key.endsWith(key)) {
        throw new AbstractionError(
          `"${edge.label}" leads from ${edge.from.key} to ${key}, and was first seen to lead to ${edge.to.key}.`,
        );
      }
    }
    armed = armedAfter(firedFrom(armed, event), instructions);
    yield { edge, event, instructions, snapshot, armed };
  }
}
