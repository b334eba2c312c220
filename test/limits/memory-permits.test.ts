/** Permits in memory, on simulated time: who is granted one, and when. Expected lines by hand. */
import { describe, expect, it } from 'vitest';
import { permitContract } from '../../src/contracts/index.js';
import { memoryPermits } from '../../src/limits/memory-permits.js';
import { simulatedClock } from '../../src/ports/clock.js';
import type { Permit, SessionStartLimit } from '../../src/ports/index.js';
import { type Check, failureOf, testEach } from '../support/checks.js';
import { itKeeps } from '../support/claims.js';

const DAY = 86_400_000;

interface BenchOptions {
  readonly wallClock?: () => number;
  readonly maxConcurrency?: number;
  readonly spacing?: number;
}

class Bench {
  readonly lines: string[] = [];
  readonly clock = simulatedClock(1_000);
  readonly permits;
  /** What was granted, by shard. */
  readonly #granted = new Map<number, Permit>();
  readonly #askers = new Map<number, AbortController>();

  constructor(options: BenchOptions = {}) {
    this.permits = memoryPermits({ clock: this.clock, spacing: 5_000, ...options });
  }

  /** Has shards ask, in order. */
  async ask(...shardIds: number[]): Promise<void> {
    await this.#request(shardIds, false);
  }

  /** The same by order. */
  async order(...shardIds: number[]): Promise<void> {
    await this.#request(shardIds, true);
  }

  async #request(shardIds: readonly number[], ordered: boolean): Promise<void> {
    for (const shardId of shardIds) {
      const controller = new AbortController();
      this.#askers.set(shardId, controller);
      this.permits.request({ shardId, shardCount: 9, ordered, signal: controller.signal }).then(
        (permit) => {
          if (permit.granted) this.#granted.set(shardId, permit);
          this.lines.push(
            `${shardId} ${permit.granted ? 'granted' : `refused for ${permit.retryAfter}: ${permit.reason}`}`,
          );
        },
        (error: Error) => this.lines.push(`${shardId} leaves: ${error.message}`),
      );
    }
    await idle();
  }

  async settle(shardId: number, use: 'used' | 'unused' = 'used'): Promise<void> {
    const permit = this.#granted.get(shardId);
    if (permit?.granted) permit.settle(use);
    await idle();
  }

  async leave(shardId: number): Promise<void> {
    this.#askers.get(shardId)?.abort(new Error('enough'));
    await idle();
  }

  async pass(ms: number): Promise<void> {
    this.clock.increment(ms);
    this.lines.push(`at ${this.clock.now()}, next ${this.clock.next ?? 'never'}`);
    await idle();
  }

  /** Of a total too small for a reserve, unless told. */
  async limit(limit: Partial<SessionStartLimit>): Promise<void> {
    this.permits.update({ total: 4, remaining: 1_000, resetAfter: 60_000, maxConcurrency: 1, ...limit });
    await idle();
  }
}

async function idle(): Promise<void> {
  for (let i = 0; i < 6; i += 1) await null;
}

describe('permits in memory', () => {
  it('one lane: the next waits for the spacing after an identify, in order', async () => {
    const b = new Bench();
    await b.ask(0, 1, 2);
    await b.pass(10);
    await b.settle(0);
    await b.pass(4_999);
    await b.pass(1);
    b.lines.push('1 gives it back');
    await b.settle(1, 'unused');
    await b.pass(10);

    expect(b.lines).toEqual([
      '0 granted',
      'at 1010, next 8000',
      'at 6009, next 6010',
      'at 6010, next 13010',
      '1 granted',
      '1 gives it back',
      '2 granted',
      'at 6020, next never',
    ]);
  });

  it('a permit that is settled again is not used again', async () => {
    const b = new Bench();
    await b.ask(0, 1);
    await b.settle(0, 'used');
    await b.pass(4_000);
    await b.settle(0, 'used');
    await b.pass(1_000);
    expect(b.lines).toEqual(['0 granted', 'at 5000, next 6000', 'at 6000, next never', '1 granted']);
  });

  it('a permit is settled once', async () => {
    const b = new Bench();
    await b.ask(0, 1);
    await b.settle(0, 'unused');
    await b.settle(0, 'used');
    await b.settle(1, 'used');
    await b.settle(1, 'unused');
    await b.ask(2);
    await b.pass(5_000);
    await b.pass(1);

    expect(b.lines).toEqual(['0 granted', '1 granted', 'at 6000, next never', '2 granted', 'at 6001, next never']);
  });

  it('lanes do not wait for each other, a lane for its own', async () => {
    const b = new Bench({ maxConcurrency: 2, spacing: 1_000 });
    await b.ask(0, 1, 2, 3);
    await b.settle(1);
    await b.pass(400);
    await b.settle(0);
    await b.pass(600);
    await b.pass(400);

    expect(b.lines).toEqual([
      '0 granted',
      '1 granted',
      'at 1400, next 2000',
      'at 2000, next 2400',
      '3 granted',
      'at 2400, next never',
      '2 granted',
    ]);
  });

  it('who leaves is told why, and keeps nobody up', async () => {
    const b = new Bench();
    await b.ask(0, 1, 2);
    await b.leave(1);
    await b.leave(0);
    await b.settle(0);
    await b.pass(0);
    await b.pass(5_000);
    const gone = AbortSignal.abort(new Error('gone'));
    await b.permits.request({ shardId: 3, shardCount: 9, signal: gone }).catch(({ message }) => b.lines.push(message));
    await b.settle(2);
    await b.ask(4);
    await b.pass(0);
    await b.leave(4);
    await b.pass(0);

    expect(b.lines).toEqual([
      '0 granted',
      '1 leaves: enough',
      'at 1000, next 6000',
      'at 6000, next never',
      '2 granted',
      'gone',
      'at 6000, next 11000',
      '4 leaves: enough',
      'at 6000, next never',
    ]);
  });

  it('the budget of the day: what is left goes to those who hold a permit, then nobody until it is reset', async () => {
    const b = new Bench({ maxConcurrency: 3 });
    await b.limit({ total: 4, remaining: 2, resetAfter: 60_000, maxConcurrency: 3 });
    await b.ask(0, 1, 2);
    await b.settle(0);
    await b.pass(5_000);
    await b.settle(1, 'unused');
    await b.settle(2);
    await b.ask(3);
    await b.pass(54_999);
    await b.ask(4);
    await b.pass(1);
    await b.ask(5, 6, 7);
    for (const each of [5, 6, 7]) await b.settle(each);
    await b.pass(5_000);
    await b.ask(8, 9, 10);
    for (const each of [8, 9, 10]) await b.settle(each);
    await b.pass(5_000);
    await b.ask(11);

    expect(b.lines).toEqual([
      '0 granted',
      '1 granted',
      'at 6000, next 8000',
      '2 granted',
      '3 refused for 55000: the identifies of the day are used up',
      'at 60999, next never',
      '4 refused for 1: the identifies of the day are used up',
      'at 61000, next never',
      '5 granted',
      '6 granted',
      '7 granted',
      'at 66000, next never',
      '8 granted',
      '9 refused for 86395000: the identifies of the day are used up',
      '10 refused for 86395000: the identifies of the day are used up',
      'at 71000, next never',
      '11 refused for 86390000: the identifies of the day are used up',
    ]);
  });

  it('a timer runs for the earliest lane in which somebody waits, and none where nobody may identify', async () => {
    const b = new Bench({ maxConcurrency: 2 });
    await b.ask(0, 1);
    await b.settle(0);
    await b.pass(100);
    await b.settle(1);
    await b.ask(2, 3);
    await b.pass(0);
    await b.limit({ remaining: 0, maxConcurrency: 2 });
    await b.pass(0);

    expect(b.lines).toEqual([
      '0 granted',
      '1 granted',
      'at 1100, next never',
      'at 1100, next 6000',
      '2 refused for 60000: the identifies of the day are used up',
      '3 refused for 60000: the identifies of the day are used up',
      'at 1100, next never',
    ]);
  });

  it('what those who hold a permit may yet use up is granted to nobody', async () => {
    const b = new Bench();
    await b.limit({ remaining: 3, maxConcurrency: 1 });
    await b.ask(0, 1, 2, 4);
    await b.limit({ remaining: 2, maxConcurrency: 3 });
    b.lines.push('one of the two is left');
    await b.settle(1);
    await b.pass(0);
    b.lines.push('the other is given back');
    await b.settle(0, 'unused');
    await b.pass(0);
    await b.settle(2, 'unused');
    await b.pass(0);
    await b.pass(5_000);

    expect(b.lines).toEqual([
      '0 granted',
      '1 granted',
      'one of the two is left',
      'at 1000, next 6000',
      'the other is given back',
      '2 granted',
      'at 1000, next 6000',
      'at 1000, next 6000',
      'at 6000, next never',
      '4 granted',
    ]);
  });

  it('new lanes hold for identifies already sent, and for those who wait', async () => {
    const b = new Bench();
    await b.ask(0, 1, 2);
    await b.settle(0);
    await b.limit({ maxConcurrency: 2 });
    await b.limit({ maxConcurrency: 1 });
    await b.settle(1);
    await b.pass(0);
    await b.pass(4_999);
    await b.pass(1);

    expect(b.lines).toEqual([
      '0 granted',
      '1 granted',
      'at 1000, next 6000',
      'at 5999, next 6000',
      'at 6000, next never',
      '2 granted',
    ]);
  });

  it('a reset after nothing is a day that has not begun, or one about to', async () => {
    const b = new Bench();
    await b.limit({ remaining: 1, resetAfter: 0 });
    await b.ask(0);
    await b.settle(0);
    await b.ask(1);
    await b.limit({ remaining: 0, resetAfter: 0 });
    await b.ask(2);
    await b.limit({ remaining: 0, resetAfter: 70_000 });
    await b.ask(3);
    await b.pass(2_000); // what was sent just before may not be counted in what is told
    await b.limit({ remaining: 1, resetAfter: 70_000 });
    await b.pass(5_000);
    await b.ask(4);
    await b.settle(4);
    await b.ask(5);

    expect(b.lines).toEqual([
      '0 granted',
      '1 refused for 86400000: the identifies of the day are used up',
      '2 refused for 5000: the identifies of the day are used up',
      '3 refused for 70000: the identifies of the day are used up',
      'at 3000, next never',
      'at 8000, next never',
      '4 granted',
      '5 refused for 65000: the identifies of the day are used up',
    ]);
  });

  it('has who waits wait for the last of a lane that became one of two', async () => {
    const b = new Bench({ maxConcurrency: 2 });
    await b.ask(0, 1);
    await b.settle(1);
    await b.pass(1_000);
    await b.settle(0);
    await b.limit({});
    await b.ask(2);
    await b.pass(4_000);
    await b.pass(1_000);
    expect(b.lines).toEqual([
      '0 granted',
      '1 granted',
      'at 2000, next never',
      'at 6000, next 7000',
      'at 7000, next never',
      '2 granted',
    ]);
  });

  it('grants as many as are left of the day, at once where the lanes allow', async () => {
    const b = new Bench();
    await b.ask(0, 1, 2, 3);
    b.lines.push('three are left, in four lanes');
    await b.limit({ remaining: 3, maxConcurrency: 4 });
    expect(b.lines).toEqual(['0 granted', 'three are left, in four lanes', '1 granted', '2 granted']);
  });

  it('wants to be told again once the machine has slept, of which only the time of day knows, and goes by its clock', async () => {
    const clock = simulatedClock();
    let wall = 1_000_000;
    const permits = memoryPermits({ clock, wallClock: () => wall });
    const ask = () => permits.request({ shardId: 0, shardCount: 1, signal: new AbortController().signal });
    permits.update({ total: 1, remaining: 0, resetAfter: DAY, maxConcurrency: 1 });
    expect(await ask()).toMatchObject({ granted: false, retryAfter: 3_600_000 });
    wall += 5 * 60_000 - 1;
    expect(permits.isStale?.()).toBe(false);
    wall += 1;
    expect(permits.isStale?.()).toBe(true);
    wall += DAY;
    expect(await ask()).toMatchObject({ granted: false });
    wall -= 2 * DAY; // set back by hand
    clock.increment(5 * 60_000 - 1);
    expect(permits.isStale?.()).toBe(false);
    clock.increment(1);
    expect(permits.isStale?.()).toBe(true);
    clock.increment(DAY - 5 * 60_000 - 1);
    expect(await ask()).toMatchObject({ granted: false, retryAfter: 1 });
    clock.increment(1);
    expect(await ask()).toMatchObject({ granted: true });
  });

  it('goes by the time of day unless it has a clock of its own', async () => {
    const { now } = Date;
    let slept = 0;
    Date.now = () => now() + slept;
    const mine = memoryPermits({ clock: simulatedClock() });
    const ours = memoryPermits();
    const used = { total: 1, remaining: 0, resetAfter: DAY, maxConcurrency: 1 };
    try {
      for (const permits of [mine, ours]) permits.update(used);
      const request = { shardId: 0, shardCount: 1, signal: new AbortController().signal };
      expect([await mine.request(request), await ours.request(request)]).toMatchObject([
        { retryAfter: DAY },
        { retryAfter: 3_600_000 },
      ]);
      slept = 5 * 60_000;
      expect([mine.isStale?.(), ours.isStale?.()]).toEqual([false, true]);
    } finally {
      Date.now = now;
    }
  });

  it('wants to be told again before a burst, of those that wait and those that identified a moment ago', async () => {
    const b = new Bench({ maxConcurrency: 3 });
    const told = { total: 1_000, remaining: 1_000, maxConcurrency: 3 };
    await b.limit(told);
    await b.ask(0, 1, 3, 4);
    await b.pass(30_000);
    await b.ask(6, 7, 9, 10);
    expect(b.permits.isStale?.()).toBe(false);
    await b.ask(12);
    expect(b.permits.isStale?.()).toBe(true);
    await b.limit(told);
    expect(b.permits.isStale?.()).toBe(false);
    await b.pass(29_999);
    expect(b.permits.isStale?.()).toBe(false);
  });

  it('keeps a fifth of the day for orders, and gives that out too, until nothing is left', async () => {
    const b = new Bench({ maxConcurrency: 9 });
    await b.limit({ total: 10, remaining: 4, resetAfter: 60_000, maxConcurrency: 9 });
    await b.ask(0, 1, 2);
    await b.order(3, 4, 5);
    await b.settle(0);
    await b.settle(1, 'unused');
    for (const each of [3, 4]) await b.settle(each);
    await b.order(6);
    await b.settle(5);
    await b.settle(2);
    await b.order(7);
    expect(b.lines).toEqual([
      '0 granted',
      '1 granted',
      '3 granted',
      '4 granted',
      '5 granted',
      '2 refused for 60000: the identifies of the day are used up, but for 2 that are kept for orders',
      '6 refused for 60000: the identifies of the day are used up',
      '7 refused for 60000: the identifies of the day are used up',
    ]);
  });

  it('takes a permit that lapsed for used, and one that is settled as used after that for an identify of that moment', async () => {
    const b = new Bench();
    await b.limit({ total: 3, remaining: 2, resetAfter: DAY });
    await b.ask(0, 1);
    await b.pass(6_999);
    await b.pass(1);
    await b.settle(1, 'unused');
    await b.settle(0, 'used');
    await b.ask(2);
    await b.pass(4_999);
    await b.pass(1);
    await b.settle(0, 'used');
    await b.settle(2);
    await b.ask(3);
    expect(b.lines).toEqual([
      '0 granted',
      'at 7999, next 8000',
      'at 8000, next never',
      '1 granted',
      'at 12999, next 13000',
      'at 13000, next never',
      '2 granted',
      '3 refused for 86388000: the identifies of the day are used up',
    ]);
  });

  it('keeps a lane for who identified in an earlier process, and counts it where nobody tells of the day', async () => {
    const b = new Bench({ maxConcurrency: 2 });
    b.permits.remember?.([
      { shardId: 0, ago: 4_000 },
      { shardId: 1, ago: 5_000 },
      { shardId: 3, ago: -1 }, // a clock that was set back
      ...Array.from({ length: 796 }, () => ({ shardId: 9, ago: DAY - 10_000 })),
      { shardId: 9, ago: DAY },
    ]);
    await b.ask(2, 5);
    await b.pass(1_000);
    await b.pass(4_000);
    await b.settle(2, 'unused');
    await b.settle(5);
    await b.ask(4);
    expect(b.lines).toEqual([
      'at 2000, next 6000',
      '2 granted',
      'at 6000, next 9000',
      '5 granted',
      '4 refused for 5000: the identifies of the day are used up, but for 200 that are kept for orders',
    ]);
  });

  it('begins a new day when the last one ends, be it in a millisecond', async () => {
    const b = new Bench();
    await b.limit({ remaining: 1, resetAfter: 1, maxConcurrency: 2 });
    await b.ask(0);
    await b.settle(0);
    await b.pass(1);
    await b.ask(1);
    expect(b.lines).toEqual(['0 granted', 'at 1001, next never', '1 granted']);
  });
});

const lanesAre = (lanes: number) => `RangeError: maxConcurrency is ${lanes}; it must be a whole number from 1 on`;
const limitOf = (maxConcurrency: number) => () =>
  new Bench({}).permits.update({ total: 1, remaining: 1, resetAfter: DAY, maxConcurrency });
const CHECKS: readonly Check[] = [
  ...[0, 1.5, -1].map(
    (lanes): Check => [
      `${lanes} lanes`,
      () => [failureOf(() => memoryPermits({ maxConcurrency: lanes })), failureOf(limitOf(lanes))],
      [lanesAre(lanes), lanesAre(lanes)],
    ],
  ),
  ...(
    [
      [5, 'RangeError: the argument is 5; it must be an object'],
      [null, 'TypeError: the argument is null; it must be an object'],
      [{ maxConcurency: 16 }, 'TypeError: there is no option maxConcurency: write maxConcurrency'],
      [{ spacing: '5s' }, "TypeError: spacing is '5s'; it must be a time in milliseconds"],
      [{ spacing: Number.POSITIVE_INFINITY }, 'RangeError: spacing is Infinity; it must be a time in milliseconds'],
      [{ spacing: Number.NaN }, 'RangeError: spacing is NaN; it must be a time in milliseconds'],
      [{ spacing: -1 }, 'RangeError: spacing is -1; it must be a time in milliseconds'],
      [{ spacing: 0 }, null],
      [{ wallClock: 5 }, 'RangeError: wallClock is 5; it must be a function'],
      [
        { clock: Date },
        'TypeError: clock is a function; it must be an object with setTimeout(), clearTimeout(), now(), perhaps what it returns',
      ],
    ] as const
  ).map(
    ([options, says]): Check => [
      `the options ${JSON.stringify(options)}`,
      () => failureOf(() => memoryPermits(options as never)),
      says,
    ],
  ),
  ['one lane', () => [failureOf(() => memoryPermits({ maxConcurrency: 1 })), failureOf(limitOf(1))], [null, null]],
];

describe('permits', () => testEach(CHECKS));

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function make(maxConcurrency: number) {
  const clock = simulatedClock();
  const pass = async (ms: number) => {
    clock.increment(ms);
    await turn();
  };
  return { clock, permits: memoryPermits({ clock, maxConcurrency, spacing: 5000 }), spacing: 5000, pass };
}

describe('permits in memory, by their contract', () => {
  itKeeps(permitContract(make));

  const signal = new AbortController().signal;

  it('arm a timer only while somebody waits for time to pass', async () => {
    const { clock, permits, pass } = make(1);
    expect(clock.next).toBeUndefined();
    const first = await permits.request({ shardId: 0, shardCount: 2, signal });
    const controller = new AbortController();
    const waiting = permits.request({ shardId: 1, shardCount: 2, signal: controller.signal });
    expect(clock.next).toBe(7000);
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

  it('leave 5.25 s between two identifies unless told, since they may arrive closer than they were sent', async () => {
    const clock = simulatedClock();
    const permits = memoryPermits({ clock });
    const granted: number[] = [];
    for (const shardId of [5, 3, 9]) {
      void permits.request({ shardId, shardCount: 10, signal }).then((permit) => {
        granted.push(shardId);
        if (permit.granted) permit.settle('used');
      });
    }
    await turn();
    for (const ms of [5_249, 1, 5_249, 1]) {
      clock.increment(ms);
      await turn();
      granted.push(-ms);
    }
    expect(granted).toEqual([5, -5_249, 3, -1, -5_249, 9, -1]);
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
    const removed: string[] = [];
    controller.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      removed.push(args[0]);
      removeEventListener.apply(controller.signal, args);
    };
    await permits.request({ shardId: 0, shardCount: 1, signal: controller.signal });
    expect(removed).toEqual(['abort']);
    expect(listeners).toEqual(removed);
  });
});
