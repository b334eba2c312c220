import { describe, expect, it } from 'vitest';
import { attempted, guarded, guardedObserver, spanOf, watchRejection } from '../../src/guard/guarded.js';
import { fail, warnings } from '../support/warnings.js';

describe('a guarded call', () => {
  it('gives what it returns, or tells what it throws and gives something else', () => {
    const errors: unknown[] = [];
    expect(
      guarded(
        () => 1,
        (error) => errors.push(error),
        2,
      ),
    ).toBe(1);
    expect(guarded<number>(fail, (error) => errors.push(error), 2)).toBe(2);
    expect(errors).toEqual([new Error('on purpose')]);
  });
});

describe('an attempt', () => {
  it.each<[string, () => unknown, boolean, unknown[]]>([
    ['returns', () => false, true, []],
    ['throws', fail, false, [new Error('on purpose')]],
    ['rejects', async () => fail(), true, [new Error('on purpose')]],
    [
      'returns what throws when it is looked at',
      () => Object.defineProperty({}, 'then', { get: fail }),
      false,
      [new Error('on purpose')],
    ],
  ])('that %s says so, and tells of errors', async (_, run, isDone, told) => {
    const errors: unknown[] = [];
    expect(attempted(run, (error) => errors.push(error))).toBe(isDone);
    await null;
    expect(errors).toEqual(told);
  });
});

describe('what a listener returns', () => {
  it('is told of once it rejects, whatever kind of promise it is', async () => {
    const errors: unknown[] = [];
    // biome-ignore lint/suspicious/noThenProperty: it is a promise of another kind
    const thenable = { then: (_: unknown, rejected: (error: unknown) => void) => rejected('of another kind') };
    for (const returned of [Promise.reject('a promise'), thenable, Promise.resolve(1), null, 7, {}]) {
      watchRejection(returned, (error) => errors.push(error));
    }
    await null;
    expect(errors.sort()).toEqual(['a promise', 'of another kind']);
  });

  it('is told of where it is `then` itself that rejects', async () => {
    const errors: unknown[] = [];
    // biome-ignore lint/suspicious/noThenProperty: it is a promise of another kind
    watchRejection({ then: () => Promise.reject('then') }, (error) => errors.push(error));
    for (let i = 0; i < 4; i += 1) await null;
    expect(errors).toEqual(['then']);
  });
});

describe('a span that somebody else gave', () => {
  it.each([0, 1, 0.5, 2 ** 40])('is one: %s', (ms) => expect(spanOf(ms)).toBe(ms));
  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '5', null, undefined, {}])('is none: %s', (ms) =>
    expect(spanOf(ms)).toBeUndefined(),
  );
});

describe('a guarded observer', () => {
  it.each<[string, (seen: unknown[]) => Parameters<typeof guardedObserver>[0]]>([
    ['a function', (seen) => (value) => void seen.push(value)],
    ['an object', (seen) => ({ next: (value) => void seen.push(value) })],
  ])('sees everything as %s', (_, make) => {
    const seen: unknown[] = [];
    const observe = guardedObserver(make(seen), fail);
    observe(1);
    observe(2);
    expect(seen).toEqual([1, 2]);
  });

  it.each<[string, Parameters<typeof guardedObserver>[0]]>([
    ['throws', fail],
    ['rejects', async () => fail()],
    [
      'throws in a getter',
      {
        get next() {
          return fail();
        },
      },
    ],
  ])('that %s is told of once, and goes on', async (_, observer) => {
    const { said, warn } = warnings();
    const observe = guardedObserver(observer, warn);
    observe(1);
    observe(2);
    for (let i = 0; i < 4; i += 1) await null;
    expect(said).toEqual(['the inspector threw: on purpose']);
  });

  it('may have no next', async () => {
    const { said, warn } = warnings();
    guardedObserver({}, warn)(1);
    for (let i = 0; i < 4; i += 1) await null;
    expect(said).toEqual([]);
  });
});
