/** A permit port with the bucket of one shard before it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { permitContract } from '../../src/contracts/index.js';
import { BudgetedPermits } from '../../src/limits/budgeted-permits.js';
import { memoryPermits } from '../../src/limits/memory-permits.js';
import { simulatedClock } from '../../src/ports/clock.js';
import type { KeptIdentifies, Permit, PermitPort, SessionStartLimit } from '../../src/ports/index.js';
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
      { clock, wallNow: clock.now, shardCount },
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
    permits = new BudgetedPermits(
      { request: async () => refusal, update: () => {} },
      {
        clock,
        wallNow: clock.now,
        shardCount: 1,
      },
    );
    expect(await request()).toBe(refusal);
  });

  it('tell the port of an order, and of nothing else', async () => {
    const asked: unknown[] = [];
    const port: PermitPort = {
      async request({ ordered }) {
        asked.push(ordered);
        return { granted: true, settle() {} };
      },
      update() {},
    };
    permits = new BudgetedPermits(port, { clock, wallNow: clock.now, shardCount: 1 });
    await identify();
    permits.takeOrder();
    await identify('unused');
    await identify();
    await identify();
    expect(asked).toEqual([undefined, true, true, undefined]);
    expect(permits.isStale()).toBe(false);
  });

  const make = (maxConcurrency: number) => {
    const time = simulatedClock();
    const pass = async (ms: number) => {
      time.increment(ms);
      await new Promise((resolve) => setImmediate(resolve));
    };
    const port = memoryPermits({ clock: time, maxConcurrency, spacing: 5_000 });
    return {
      permits: new BudgetedPermits(port, { clock: time, wallNow: time.now, shardCount: 1 }),
      spacing: 5_000,
      pass,
    };
  };
  itKeeps(permitContract(make));
});

/** A port and two clocks that do as they are told, and what came of it. */
class Slow {
  readonly clock = simulatedClock(1_000);
  /** The time of day is ahead of the clock by so much. */
  ahead = 0;
  readonly uses: string[] = [];
  readonly written: KeptIdentifies[] = [];
  readonly storms: unknown[] = [];
  /** What happens before the port answers, and what it says. */
  answer: () => { readonly waited?: number } = () => ({});
  /** What happens while the identifies are written down. */
  writing = () => {};
  readonly permits: BudgetedPermits;

  constructor() {
    const port: PermitPort = {
      request: async () => ({ ...this.answer(), granted: true, settle: (use) => void this.uses.push(use) }),
      update() {},
      isStale: () => true,
    };
    this.permits = new BudgetedPermits(port, {
      clock: this.clock,
      wallNow: () => this.clock.now() + this.ahead,
      shardCount: 1,
      write: async (identifies) => {
        this.written.push(identifies);
        this.writing();
      },
      storm: (storm) => this.storms.push(storm),
    });
  }

  ask(): Promise<Permit> {
    return this.permits.request({ shardId: 0, shardCount: 1, signal: new AbortController().signal });
  }

  async identify(): Promise<void> {
    const permit = await this.ask();
    if (permit.granted) permit.settle('used');
  }
}

describe('a permit', () => {
  const sleep = (slow: Slow, ms: number) => {
    slow.ahead += ms;
  };
  const LATE = { granted: false, reason: 'permits come too late to be used', retryAfter: 5_000 };

  it.each<[string, (slow: Slow) => { readonly waited?: number }, boolean]>([
    ['waited for, as its port says, is as good as new', (slow) => pass(slow, 60_000, 60_000), true],
    ['that waited less than it took to come is old', (slow) => pass(slow, 60_000, 57_999), false],
    ['that is two seconds old is good', (slow) => pass(slow, 60_000, 58_000), true],
    ['of a port that does not say counts from its arrival', (slow) => pass(slow, 60_000), true],
    ['of a port that says nonsense, too', (slow) => pass(slow, 60_000, Number.NaN), true],
  ])('%s', async (_, answer, isGood) => {
    const slow = new Slow();
    slow.answer = () => answer(slow);
    expect((await slow.ask()).granted).toBe(isGood);
  });

  it('that was granted before the machine slept is given back unused, and asked for again', async () => {
    const slow = new Slow();
    const sleeps = [2_001, 2_000];
    slow.answer = () => {
      sleep(slow, sleeps.shift() ?? 0);
      return { waited: 0 };
    };
    expect(await slow.ask()).toMatchObject({ granted: true });
    expect(slow.uses).toEqual(['unused']);
  });

  it('is asked for three times, then after a while', async () => {
    const slow = new Slow();
    slow.answer = () => pass(slow, 2_001, 0);
    expect(await slow.ask()).toEqual(LATE);
    expect(slow.uses).toEqual(['unused', 'unused', 'unused']);
  });

  it('grows old while the identify is written down, by either clock', async () => {
    const slow = new Slow();
    slow.writing = () => sleep(slow, 2_001);
    expect(await slow.ask()).toEqual(LATE);
    slow.writing = () => slow.clock.increment(2_001);
    expect(await slow.ask()).toEqual(LATE);
    slow.writing = () => sleep(slow, -3_600_000); // set back
    expect(await slow.ask()).toMatchObject({ granted: true });
  });

  function pass(slow: Slow, ms: number, waited?: number): { readonly waited?: number } {
    slow.clock.increment(ms);
    return waited === undefined ? {} : { waited };
  }
});

describe('what a later process has to know of identifies', () => {
  const HOUR = 60 * MINUTE;

  it('is written down before one is sent, as if it was as late as its permit allows', async () => {
    const slow = new Slow();
    slow.ahead = HOUR;
    await slow.identify();
    slow.clock.increment(MINUTE);
    await slow.identify();
    const [first, second] = [1_000 + HOUR, 1_000 + HOUR + MINUTE];
    expect(slow.written).toEqual([
      { sent: [first + 2_000], left: 9, nextAt: null },
      { sent: [first, second + 2_000], left: 8, nextAt: first + 10 * MINUTE },
    ]);
    expect(slow.permits.kept).toEqual({ ...slow.written[1], sent: [first, second] });
  });

  it('is gone on from, whatever the clock of the later process shows', async () => {
    const slow = new Slow();
    slow.ahead = HOUR;
    const now = 1_000 + HOUR;
    const sent = [now - 24 * HOUR, now - 4, now - 3, now - 2, now - 1];
    slow.permits.restore({ sent, left: 5, nextAt: now + MINUTE });
    expect(slow.permits.identifies).toEqual({ left: 5, nextAt: 1_000 + MINUTE });
    expect(slow.permits.kept).toEqual({ sent: sent.slice(1), left: 5, nextAt: now + MINUTE });
    expect([slow.permits.storm, slow.storms]).toEqual([null, []]);
    await slow.identify();
    expect(slow.storms).toEqual([{ identifies: 5, since: now - 4, share: 10 }]);
    expect(slow.permits.storm).toEqual(slow.storms[0]);
    await slow.identify();
    expect(slow.storms).toHaveLength(1);
  });

  it('knows no time before one that there was: the time of day may be set back, and right again later', async () => {
    const slow = new Slow();
    slow.ahead = HOUR;
    await slow.identify();
    slow.ahead = -5 * HOUR;
    slow.clock.increment(MINUTE);
    await slow.identify();
    expect(slow.permits.kept.sent).toEqual([1_000 + HOUR, 1_000 + HOUR + MINUTE]);
    slow.ahead = 2 * HOUR;
    await slow.identify();
    expect(slow.permits.kept.sent.at(-1)).toBe(1_000 + 8 * HOUR + MINUTE); // it may have slept for seven hours
  });

  it('is no more than a thousand times', () => {
    const slow = new Slow();
    slow.permits.restore({ sent: Array.from({ length: 1_005 }, (_, i) => i), left: 0, nextAt: null });
    expect(slow.permits.kept.sent).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 5));
    expect(slow.permits.kept).toMatchObject({ left: 0, nextAt: 1_000 + 10 * MINUTE });
  });

  it('is a storm of so much as Discord allows', async () => {
    const slow = new Slow();
    slow.permits.update({ ...LIMIT, total: 10 });
    for (let i = 0; i < 4; i += 1) await slow.identify();
    expect(slow.storms).toEqual([{ identifies: 4, since: 1_000, share: 8 }]);
    expect(slow.permits.isStale()).toBe(true);
  });
});
