/**
 * One root actor for all shards on a clock: each actor without a parent makes an actor system of its own, which is 2 kB
 * of memory, and there may be thousands of shards. The root does nothing, and never breaks. A clock of the user's is
 * guarded for each shard, so that its shards have a root each.
 */
import { type AnyActorRef, createActor, fromCallback } from 'xstate';
import type { ClockPort } from '../ports/index.js';

const roots = new WeakMap<ClockPort, AnyActorRef>();
const all = new WeakSet<AnyActorRef>();

/** The root for shards on a clock. */
export function rootOn(clock: ClockPort): AnyActorRef {
  const found = roots.get(clock);
  if (found) return found;
  const root = createActor(
    fromCallback(() => {}),
    { clock },
  ).start();
  roots.set(clock, root);
  all.add(root);
  return root;
}

/** Whether an actor is such a root. */
export function isRoot(actor: AnyActorRef): boolean {
  return all.has(actor);
}
