import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/host/clock.js';
import { memoryPermits } from '../../src/host/memory-permits.js';
import { permitContract } from '../../src/testing/contracts.js';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function make(maxConcurrency: number) {
  const clock = simulatedClock();
  const pass = async (ms: number) => {
    clock.increment(ms);
    await turn();
  };
  return { clock, permits: memoryPermits({ clock, maxConcurrency }), spacing: 5000, pass };
}

describe('permits in memory', () => {
  for (const { name, run } of permitContract(make)) it(name, run);

  const signal = new AbortController().signal;

  it('arm a timer only while somebody waits for time to pass', async () => {
    const { clock, permits, pass } = make(1);
    expect(clock.next).toBeUndefined();
    const first = await permits.request({ shardId: 0, shardCount: 2, signal });
    const controller = new AbortController();
    const waiting = permits.request({ shardId: 1, shardCount: 2, signal: controller.signal });
    expect(clock.next).toBeUndefined();
    if (first.granted) first.settle('used');
    expect(clock.next).toBe(5000);
    controller.abort();
    await expect(waiting).rejects.toThrow();
    expect(clock.next).toBeUndefined();
    await pass(1000);
    void permits.request({ shardId: 0, shardCount: 2, signal });
    expect(clock.next).toBe(5000);
    clock.increment(4000);
    expect(clock.next).toBeUndefined();
  });

  it('refuse until the reset that Discord told', async () => {
    const { permits, pass } = make(1);
    permits.update({ total: 1000, remaining: 0, resetAfter: 60_000, maxConcurrency: 1 });
    await pass(20_000);
    const permit = await permits.request({ shardId: 0, shardCount: 1, signal });
    expect(permit).toEqual({ granted: false, reason: 'the identifies of the day are used up', retryAfter: 40_000 });
  });

  it('take a reset after 0 ms as a day that has not begun, or as one about to', async () => {
    const { permits, pass } = make(1);
    permits.update({ total: 2, remaining: 2, resetAfter: 0, maxConcurrency: 1 });
    for (const shardId of [0, 1]) {
      const permit = await permits.request({ shardId, shardCount: 3, signal });
      if (permit.granted) permit.settle('used');
      await pass(5000);
    }
    const permit = await permits.request({ shardId: 2, shardCount: 3, signal });
    expect(permit).toMatchObject({ granted: false, retryAfter: 86_400_000 - 10_000 });
    permits.update({ total: 2, remaining: 0, resetAfter: 0, maxConcurrency: 1 });
    expect(await permits.request({ shardId: 2, shardCount: 3, signal })).toMatchObject({ retryAfter: 5000 });
  });

  it('leave no listener on the signal of one who was answered', async () => {
    const { permits } = make(1);
    const listeners: string[] = [];
    const controller = new AbortController();
    const { addEventListener, removeEventListener } = controller.signal;
    controller.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners.push(args[0]);
      addEventListener.apply(controller.signal, args);
    };
    controller.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners.pop();
      removeEventListener.apply(controller.signal, args);
    };
    await permits.request({ shardId: 0, shardCount: 1, signal: controller.signal });
    expect(listeners).toEqual([]);
  });

  it('refuse a number of lanes that is none', () => {
    expect(() => memoryPermits({ maxConcurrency: 0 })).toThrow(RangeError);
    const { permits } = make(1);
    expect(() => permits.update({ total: 1, remaining: 1, resetAfter: 0, maxConcurrency: 1.5 })).toThrow(RangeError);
  });
});
