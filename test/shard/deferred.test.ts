import { describe, expect, it } from 'vitest';
import { Deferred } from '../../src/shard/deferred.js';

describe('a deferred promise', () => {
  it('is not watched by itself, be it rejected, and is never reported', async () => {
    const deferred = new Deferred();
    void deferred.promise;
    deferred.reject(new Error('nobody hears it'));
    await null;
    expect([deferred.isWatched, deferred.isSettled]).toEqual([false, true]);
  });

  it.each<[string, (promise: Promise<void>) => unknown]>([
    ['awaited', async (promise) => await promise],
    ['given a handler', (promise) => promise.catch(() => {})],
    ['given a handler of the end', (promise) => promise.finally(() => {})],
    ['raced', (promise) => Promise.race([promise])],
    ['one of all', (promise) => Promise.all([promise])],
    ['returned by an async function', (promise) => (async () => promise)()],
  ])('is watched once it is %s', async (_, watch) => {
    const deferred = new Deferred();
    const watched = watch(deferred.promise);
    await null;
    expect(deferred.isWatched).toBe(true);
    deferred.resolve();
    await watched;
  });

  it('gives ordinary promises', () => {
    const { promise } = new Deferred();
    expect(promise).toBeInstanceOf(Promise);
    expect(promise.then(() => {}).constructor).toBe(Promise);
  });
});
