import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryPermits } from '../../src/limits/memory-permits.js';
import { simulatedClock } from '../../src/ports/clock.js';
import type { PermitPort } from '../../src/ports/index.js';
import { sharedPermits } from '../../src/shard/shared-permits.js';

const { signal } = new AbortController();

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Lets everything go that nothing holds. */
async function collected(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve)); // a WeakRef holds its target until the task ends
  collect();
}

/** Makes permits and forgets them; whether they are made again when somebody asks. */
const made = vi.fn((): PermitPort => memoryPermits({ clock: simulatedClock() }));
beforeEach(() => made.mockClear());

let now: number;
beforeEach(() => {
  now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

describe('the permits of one bot', () => {
  it('are the same for as long as somebody has them', async () => {
    const permits = sharedPermits('held', made);
    await collected();
    expect(sharedPermits('held', made)).toBe(permits);
    expect(sharedPermits('another', made)).not.toBe(permits);
    expect(made).toHaveBeenCalledTimes(2);
  });

  it('are forgotten with the last shard that has them', async () => {
    sharedPermits('left', made);
    await collected();
    sharedPermits('left', made);
    expect(made).toHaveBeenCalledTimes(2);
  });

  it('outlive it while its identify counts, and no longer', async () => {
    const identify = async (use: 'used' | 'unused') => {
      const permit = await sharedPermits(use, made).request({ shardId: 0, shardCount: 1, signal });
      if (permit.granted) permit.settle(use);
    };
    await identify('used');
    await identify('unused');
    now += 4_999;
    await collected();
    sharedPermits('used', made);
    expect(made).toHaveBeenCalledTimes(2);
    sharedPermits('unused', made);
    expect(made).toHaveBeenCalledTimes(3);
    now += 1;
    sharedPermits('anybody', made);
    await collected();
    sharedPermits('used', made);
    expect(made).toHaveBeenCalledTimes(5);
  });

  it('hand on what they are told', async () => {
    const permits = sharedPermits('told', made);
    permits.update({ total: 1, remaining: 0, resetAfter: 60_000, maxConcurrency: 1 });
    await expect(permits.request({ shardId: 0, shardCount: 1, signal })).resolves.toMatchObject({
      granted: false,
      retryAfter: 60_000,
    });
  });
});
