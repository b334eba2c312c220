import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AnyActor, type AnyActorLogic, createActor, fromCallback, setup } from 'xstate';
import { simulatedClock } from '../../src/ports/clock.js';
import { whenAncestorBreaks } from '../../src/shard/ancestors.js';
import { rootOn } from '../../src/shard/root.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A machine that keeps an actor, and breaks on demand. */
function keeperOf(kept: AnyActorLogic) {
  return setup({
    types: {} as { events: { type: 'break' } | { type: 'finish' } },
    actors: { kept },
    actions: {
      raise: () => {
        throw new Error('the keeper broke');
      },
    },
  }).createMachine({
    initial: 'keeping',
    states: {
      keeping: { invoke: { src: 'kept', id: 'kept' }, on: { break: { actions: 'raise' }, finish: 'finished' } },
      finished: { type: 'final' },
    },
  });
}

/** An actor that is kept at some depth, with those above it from the root on; all are started. */
function family(depth: number): { readonly actor: AnyActor; readonly above: readonly AnyActor[] } {
  let logic: AnyActorLogic = fromCallback(() => {});
  for (let left = depth; left > 0; left--) logic = keeperOf(logic);
  let actor: AnyActor = createActor(logic).start();
  const above: AnyActor[] = [];
  for (let left = depth; left > 0; left--) {
    above.push(actor);
    actor = actor.getSnapshot().children.kept;
  }
  return { actor, above };
}

const observersOf = (actor: AnyActor | undefined) => (actor as unknown as { observers: Set<unknown> }).observers.size;
/** Observes an actor as a user does who handles its errors. */
const handle = (actor: AnyActor | undefined, errors: unknown[] = []) => {
  actor?.subscribe({ error: (error) => errors.push(error) });
  return errors;
};

describe('an actor whose ancestor breaks', () => {
  it.each([
    ['its parent', 1, 0],
    ['the root, two further up', 3, 0],
    ['the one between root and parent', 3, 1],
  ])('is called back when that is %s', (_, depth, broken) => {
    const { actor, above } = family(depth);
    handle(above[0]);
    const tell = vi.fn();
    whenAncestorBreaks(actor, tell);
    expect(tell).not.toHaveBeenCalled();
    above[broken]?.send({ type: 'break' });
    expect(tell).toHaveBeenCalled();
  });

  it('is called back like every other under the same ancestor, and one of them may leave meanwhile', () => {
    const { actor, above } = family(1);
    handle(above[0]);
    const called: string[] = [];
    const stops = ['a', 'b', 'c'].map((name, n) =>
      whenAncestorBreaks(actor, () => {
        called.push(name);
        stops[n]?.();
      }),
    );
    above[0]?.send({ type: 'break' });
    expect(called).toEqual(['a', 'b', 'c']);
  });

  it('is not called back when an ancestor finishes or is stopped', () => {
    for (const end of [(root?: AnyActor) => root?.send({ type: 'finish' }), (root?: AnyActor) => root?.stop()]) {
      const { actor, above } = family(1);
      const tell = vi.fn();
      whenAncestorBreaks(actor, tell);
      end(above[0]);
      expect(tell).not.toHaveBeenCalled();
    }
  });

  it('is not called back after it has stopped watching', () => {
    const { actor, above } = family(2);
    handle(above[0]);
    const tell = vi.fn();
    whenAncestorBreaks(actor, tell)();
    above[0]?.send({ type: 'break' });
    expect(tell).not.toHaveBeenCalled();
  });
});

describe('watching ancestors', () => {
  it('takes one subscription at each of them, however many watch', () => {
    const { actor, above } = family(2);
    const before = above.map(observersOf);
    const stops = [1, 2, 3].map(() => whenAncestorBreaks(actor, () => {}));
    expect(above.map(observersOf)).toEqual(before.map((count) => count + 1));
    for (const stop of stops) {
      expect(above.map(observersOf)).toEqual(before.map((count) => count + 1));
      stop();
    }
    expect(above.map(observersOf)).toEqual(before);
  });

  it('may be ended twice, without effect on a later watch', () => {
    const { actor, above } = family(1);
    handle(above[0]);
    const stop = whenAncestorBreaks(actor, () => {});
    stop();
    const tell = vi.fn();
    whenAncestorBreaks(actor, tell);
    stop();
    above[0]?.send({ type: 'break' });
    expect(tell).toHaveBeenCalledTimes(1);
  });

  it('is nothing to do for an actor without a parent', () => {
    const { actor } = family(0);
    const before = observersOf(actor);
    const stop = whenAncestorBreaks(actor, () => {});
    expect(observersOf(actor)).toBe(before);
    expect(stop).not.toThrow();
  });

  it('is nothing to do under the root that all shards share, which never breaks', () => {
    const root = rootOn(simulatedClock()) as AnyActor;
    const actor = createActor(
      fromCallback(() => {}),
      { parent: root },
    );
    const before = observersOf(root);
    whenAncestorBreaks(actor, () => {})();
    whenAncestorBreaks(actor, () => {});
    expect(observersOf(root)).toBe(before);
  });
});

describe('what breaks a root', () => {
  it('is thrown in a task of its own where the root has no other observer', () => {
    const { actor, above } = family(1);
    const tell = vi.fn();
    whenAncestorBreaks(actor, tell);
    above[0]?.send({ type: 'break' });
    expect(tell).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(1);
    expect(() => vi.runAllTimers()).toThrow('the keeper broke');
  });

  it('is left to an observer of the root', () => {
    const { actor, above } = family(1);
    const errors = handle(above[0]);
    whenAncestorBreaks(actor, () => {});
    above[0]?.send({ type: 'break' });
    expect(errors).toEqual([new Error('the keeper broke')]);
    expect(() => vi.runAllTimers()).not.toThrow();
  });
});
