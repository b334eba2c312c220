import { afterEach, describe, expect, it } from 'vitest';
import { clockContract } from '../../src/contracts/index.js';
import { passTime, realClock, simulatedClock } from '../../src/ports/clock.js';
import { itKeeps } from '../support/claims.js';

/** The timers of the platform while a test runs: on simulated time, of which some may pass without any of them. */
class Platform {
  readonly #clock = simulatedClock();
  readonly #own = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: performance.now };
  #busy = 0;
  /** What was asked for, in ms. */
  readonly delays: number[] = [];

  constructor() {
    const setTimeout = (fn: (...args: unknown[]) => void, ms: number, ...args: unknown[]) => {
      this.delays.push(ms);
      return this.#clock.setTimeout(() => fn(...args), ms);
    };
    Object.assign(globalThis, { setTimeout, clearTimeout: (id: unknown) => this.#clock.clearTimeout(id) });
    performance.now = () => this.#clock.now() + this.#busy;
  }

  /** The event loop is busy for so long: every timer that is armed will run so much late. */
  block(ms: number): void {
    this.#busy += ms;
  }

  pass(ms: number): void {
    this.#clock.increment(ms);
  }

  get isArmed(): boolean {
    return this.#clock.next !== undefined;
  }

  restore(): void {
    const { now, ...timers } = this.#own;
    Object.assign(globalThis, timers);
    performance.now = now;
  }
}

describe('real time, on timers of the platform that are held', () => {
  let platform: Platform;
  /** A clock with a timer for each delay, and what has run. */
  const running = (...delays: readonly number[]) => {
    platform = new Platform();
    const clock = realClock();
    const ran: number[] = [];
    const timers = delays.map((delay) => clock.setTimeout(() => ran.push(delay), delay));
    return { clock, ran, timers };
  };
  afterEach(() => platform.restore());

  it('counts from 1970', () => {
    const { clock } = running();
    platform.pass(7);
    expect(clock.now()).toBe(performance.timeOrigin + 7);
  });

  it('runs a timer when it is due, as long as it is hardly late', () => {
    const { ran } = running(20);
    platform.block(50);
    platform.pass(19);
    expect(ran).toEqual([]);
    platform.pass(1);
    expect(ran).toEqual([20]);
  });

  it.each([
    [51, 51],
    [1_999, 1_999],
    [9_000, 2_000],
  ])('lets a timer that is %i ms late wait for %i ms more', (late, more) => {
    const { ran } = running(20);
    platform.block(late);
    platform.pass(20 + more - 1);
    expect(ran).toEqual([]);
    platform.pass(1);
    expect(ran).toEqual([20]);
  });

  it('has all that one delay made late wait for as long, so that they stay in order', () => {
    const { ran } = running(75, 10, 60, 80);
    platform.block(100);
    platform.pass(10);
    platform.block(30); // 60 and 75 are later, and wait no longer for it
    platform.pass(149);
    expect(ran).toEqual([10]);
    platform.pass(1);
    expect(ran).toEqual([10, 60]);
    platform.pass(14);
    expect(ran).toEqual([10, 60]);
    platform.pass(1);
    expect(ran).toEqual([10, 60, 75]);
    platform.pass(34); // 80 was due as the others began to run, and 130 late
    expect(ran).toEqual([10, 60, 75]);
    platform.pass(1);
    expect(ran).toEqual([10, 60, 75, 80]);
  });

  it('measures anew once that time is over', () => {
    const { ran } = running(10, 500);
    platform.block(100);
    platform.pass(110);
    expect(ran).toEqual([10]);
    platform.block(100); // now 200 late
    platform.pass(589);
    expect(ran).toEqual([10]);
    platform.pass(1);
    expect(ran).toEqual([10, 500]);
  });

  it('asks for no longer than a timer can hold', () => {
    running(2 ** 31, Number.POSITIVE_INFINITY, 5);
    expect(platform.delays).toEqual([2 ** 31 - 1, 2 ** 31 - 1, 5]);
  });

  it('runs no timer that was cleared, also while it waits once more', () => {
    const { clock, ran, timers } = running(20, 30);
    platform.block(100);
    platform.pass(25);
    for (const timer of [...timers, ...timers, undefined, {}]) clock.clearTimeout(timer);
    expect(platform.isArmed).toBe(false);
    platform.pass(1_000);
    expect(ran).toEqual([]);
  });

  it('clears all timers when it stops, and none that has run', () => {
    const { clock, ran } = running(20, 30, 40);
    platform.pass(20);
    clock.stop();
    expect(platform.isArmed).toBe(false);
    platform.pass(1_000);
    expect(ran).toEqual([20]);
  });

  it('tells when the sockets were read', async () => {
    const { clock } = running();
    const order: string[] = [];
    const read = new Promise<void>((resolve) => {
      clock.whenRead?.(() => {
        order.push('read');
        resolve();
      });
    });
    queueMicrotask(() => order.push('microtask'));
    await read;
    expect(order).toEqual(['microtask', 'read']);
  });
});

describe('simulated time', () => {
  it('gives promises their turn between timers, and passes to the end', async () => {
    const clock = simulatedClock();
    const seen: string[] = [];
    const lap = async () => {
      seen.push(`due ${clock.now()}`);
      await null;
      seen.push(`after ${clock.now()}`);
      clock.setTimeout(lap, 100);
    };
    clock.setTimeout(lap, 100);
    await passTime(clock, 250);
    expect(seen).toEqual(['due 100', 'after 100', 'due 200', 'after 200']);
    expect([clock.now(), clock.next]).toEqual([250, 300]);
  });

  const make = () => {
    const clock = simulatedClock();
    return { clock, pass: async (ms: number) => clock.increment(ms) };
  };
  itKeeps(clockContract(make));

  it('goes from timer to timer, so that each sees its own time', () => {
    const clock = simulatedClock(1000);
    const seen: number[] = [];
    const beat = () => {
      seen.push(clock.now());
      clock.setTimeout(beat, 40);
    };
    clock.setTimeout(beat, 10);
    expect(clock.next).toBe(1010);
    clock.increment(100);
    expect(seen).toEqual([1010, 1050, 1090]);
    expect(clock.now()).toBe(1100);
    expect(clock.next).toBe(1130);
  });

  it('never goes back', () => {
    const clock = simulatedClock();
    clock.set(50);
    clock.set(50);
    expect(() => clock.set(49)).toThrow(new RangeError('Time cannot go from 50 to 49: it only moves on'));
    expect(() => clock.increment(-1)).toThrow(RangeError);
    expect(() => clock.increment(Number.NaN)).toThrow(RangeError);
    expect(clock.now()).toBe(50);
  });

  it('begins with a number', () => {
    expect(() => simulatedClock('now' as never)).toThrow("start is 'now'; it must be");
  });

  it('runs what is due at once in order, however long ago', () => {
    const clock = simulatedClock();
    const seen: number[] = [];
    clock.setTimeout(() => seen.push(0), 0);
    clock.setTimeout(() => seen.push(-5), -5);
    clock.increment(0);
    expect(seen).toEqual([0, -5]);
  });

  it('does not go back after a timer that lets time pass itself', () => {
    const clock = simulatedClock();
    clock.setTimeout(() => clock.increment(100), 10);
    clock.increment(20);
    expect(clock.now()).toBe(110);
  });

  it('gives promises their turn before the first timer, and after the last', async () => {
    const clock = simulatedClock();
    const seen: string[] = [];
    const turns = async () => {
      for (let i = 0; i < 8; i += 1) await null;
    };
    void turns().then(() => clock.setTimeout(() => void turns().then(() => seen.push('after')), 100));
    await passTime(clock, 100);
    expect(seen).toEqual(['after']);
  });

  it('goes on after a timer that throws', () => {
    const clock = simulatedClock();
    const seen: number[] = [];
    clock.setTimeout(() => {
      throw new Error('of the timer');
    }, 10);
    clock.setTimeout(() => seen.push(clock.now()), 20);
    expect(() => clock.increment(30)).toThrow('of the timer');
    clock.increment(30);
    expect(seen).toEqual([20]);
  });
});
