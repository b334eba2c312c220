/**
 * XState stops the children of an actor that stops, but not those of one that breaks: they run on without a parent, and
 * a shard among them would keep its bot online for nobody. So a shard watches those above it.
 */
import type { AnyActorRef } from 'xstate';
import { observersOf, parentOf } from '../../machines/kit/xstate-insides.js';
import { isRoot } from './root.js';

/** Those that wait for an actor to break; one subscription serves them all. */
interface Watch {
  readonly waiting: Set<() => void>;
  end(): void;
}

const watches = new WeakMap<AnyActorRef, Watch>();

/** Calls back when an actor above this one breaks. The returned function ends that. */
export function whenAncestorBreaks(actor: AnyActorRef, tell: () => void): () => void {
  const parent = parentOf(actor);
  if (parent === undefined || isRoot(parent)) return nothing;
  const ancestors: AnyActorRef[] = [];
  for (let above: AnyActorRef | undefined = parent; above; above = parentOf(above)) ancestors.push(above);
  for (const ancestor of ancestors) watchOver(ancestor).waiting.add(tell);
  return () => {
    for (const ancestor of ancestors) {
      const watch = watches.get(ancestor);
      watch?.waiting.delete(tell);
      if (watch?.waiting.size === 0) watch.end();
    }
  };
}

function watchOver(ancestor: AnyActorRef): Watch {
  const found = watches.get(ancestor);
  if (found) return found;
  const waiting = new Set<() => void>();
  const subscription = ancestor.subscribe({
    error(error) {
      if (isHeardByUsAlone(ancestor)) rethrow(error);
      for (const tell of [...waiting]) tell();
    },
  });
  const watch = {
    waiting,
    end() {
      subscription.unsubscribe();
      watches.delete(ancestor);
    },
  };
  watches.set(ancestor, watch);
  return watch;
}

function nothing(): void {}

/** XState throws what breaks a root that nobody observes; that we do must not keep it quiet. */
function isHeardByUsAlone(ancestor: AnyActorRef): boolean {
  return parentOf(ancestor) === undefined && observersOf(ancestor) === 1;
}

function rethrow(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}
