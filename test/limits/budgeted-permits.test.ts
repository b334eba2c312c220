/** A permit port with the bucket of one shard before it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { permitContract } from '../../src/contracts/index.js';
import { BudgetedPermits } from '../../src/limits/budgeted-permits.js';
import { memoryPermits } from '../../src/limits/memory-permits.js';
import { simulatedClock } from '../../src/ports/clock.js';
import type { Permit, SessionStartLimit } from '../../src/ports/index.js';
import { itKeeps } from '../support/claims.js';

const MINUTE = 60_000;
const LIMIT: SessionStartLimit = { total: 1000, remaining: 900, resetAfter: 1, maxConcurrency: 1 };

describe('budgeted permits', () => {
  let clock: ReturnType<typeof simulatedClock>;
  let asked: number;
  let limits: SessionStartLimit[];
  let uses: string[];
  let permits: BudgetedPermits;
  const made = (shardCount: number) =>
    new BudgetedPermits(
      {
        request: async () => {
          asked += 1;
          return { granted: true, settle: (use) => void uses.push(use) };
        },
        update: (limit) => void limits.push(limit),
      },
      clock,
      shardCount,
    );
  beforeEach(() => {
    clock = simulatedClock(1_000);
    [asked, limits, uses] = [0, [], []];
    permits = made(1);
  });
  const request = () => permits.request({ shardId: 0, shardCount: 1, signal: new AbortController().signal });
  async function identify(use: 'used' | 'unused' = 'used'): Promise<Permit> {
    const permit = await request();
    if (permit.granted) permit.settle(use);
    return permit;
  }
  async function empty(): Promise<void> {
    for (let i = 0; i < 10; i += 1) await identify();
  }

  it('ask the port as long as one is left, and then say when there is one, without asking it', async () => {
    await empty();
    expect([asked, uses.length]).toEqual([10, 10]);
    expect(permits.identifies).toEqual({ left: 0, nextAt: 1_000 + 10 * MINUTE });
    clock.increment(MINUTE - 0.5);
    expect(await request()).toEqual({
      granted: false,
      reason: 'this shard has used up its bucket of 10 identifies: the next comes in 10 min',
      retryAfter: 9 * MINUTE + 1,
    });
    expect(asked).toBe(10);
    clock.increment(9 * MINUTE - 0.5);
    expect(await request()).toMatchObject({ granted: false, retryAfter: 1 });
    clock.increment(1);
    expect(await identify()).toMatchObject({ granted: true });
    expect(await identify()).toMatchObject({ granted: false, retryAfter: 10 * MINUTE });
  });

  it('count an identify that went out, and none that did not', async () => {
    for (let i = 0; i < 20; i += 1) await identify('unused');
    expect(permits.identifies).toEqual({ left: 10, nextAt: null });
    await identify('used');
    expect(permits.identifies.left).toBe(9);
    expect(uses.slice(-2)).toEqual(['unused', 'used']);
  });

  it('let what was ordered go at once, once, and count it as far as there is something to count', async () => {
    await empty();
    permits.takeOrder();
    expect(await identify('unused')).toMatchObject({ granted: true });
    expect(await identify()).toMatchObject({ granted: true });
    expect(permits.identifies).toEqual({ left: 0, nextAt: 1_000 + 10 * MINUTE });
    expect(await identify()).toMatchObject({ granted: false });
  });

  it('count what was ordered while some are left', async () => {
    permits.takeOrder();
    await identify();
    expect(permits.identifies.left).toBe(9);
  });

  it('forget an order that has come about without an identify', async () => {
    await empty();
    permits.takeOrder();
    permits.endOrder();
    expect(await identify()).toMatchObject({ granted: false });
  });

  it('hand limits on, and refill by the share of the day that follows from them', async () => {
    permits = made(16);
    await empty();
    expect(permits.identifies.nextAt).toBe(1_000 + 28.8 * MINUTE);
    permits.update({ ...LIMIT, total: 2000 });
    expect(permits.identifies.nextAt).toBe(1_000 + 14.4 * MINUTE);
    expect(limits).toEqual([{ ...LIMIT, total: 2000 }]);
  });

  it('never wait longer than a day, which no host cuts short', async () => {
    permits = made(100_000);
    await empty();
    expect(await request()).toMatchObject({ granted: false, retryAfter: 24 * 60 * MINUTE });
  });

  it('hand on what the port refuses', async () => {
    const refusal = { granted: false, reason: 'not now', retryAfter: null } as const;
    permits = new BudgetedPermits({ request: async () => refusal, update: () => {} }, clock, 1);
    expect(await request()).toBe(refusal);
  });

  const make = (maxConcurrency: number) => {
    const time = simulatedClock();
    const pass = async (ms: number) => {
      time.increment(ms);
      await new Promise((resolve) => setImmediate(resolve));
    };
    const port = memoryPermits({ clock: time, maxConcurrency, spacing: 5_000 });
    return { permits: new BudgetedPermits(port, time, 1), spacing: 5_000, pass };
  };
  itKeeps(permitContract(make));
});
