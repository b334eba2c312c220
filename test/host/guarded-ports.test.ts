import { describe, expect, it } from 'vitest';
import { guardedClock, guardedInflate, guardedRandom, systemClock } from '../../src/host/guarded-ports.js';
import { realClock, simulatedClock } from '../../src/ports/clock.js';
import type { InflatePort } from '../../src/ports/index.js';
import { systemRandom } from '../../src/ports/random.js';
import { fail, warnings } from '../support/warnings.js';

describe('a guarded clock', () => {
  it('is our own as it is', () => {
    expect(guardedClock(systemClock, fail)).toBe(systemClock);
  });

  it('does what the clock of the user does, as a method of it', () => {
    class Clock {
      readonly #clock = simulatedClock(5);
      now = () => this.#clock.now();
      setTimeout(fn: () => void, ms: number): unknown {
        return this.#clock.setTimeout(fn, ms);
      }
      clearTimeout(id: unknown): void {
        this.#clock.clearTimeout(id);
      }
      whenRead(fn: () => void): void {
        fn();
      }
      increment(ms: number): void {
        this.#clock.increment(ms);
      }
    }
    const theirs = new Clock();
    const { now, setTimeout, clearTimeout, whenRead } = guardedClock(theirs, fail);
    const ran: number[] = [];
    setTimeout(() => ran.push(now()), 10);
    clearTimeout(setTimeout(() => ran.push(-1), 10));
    theirs.increment(20);
    whenRead?.(() => ran.push(0));
    expect(ran).toEqual([15, 0]);
    expect(guardedClock(simulatedClock(), fail).whenRead).toBeUndefined();
  });

  it('gives way to the time of the system where the clock throws, which is told once for each method', async () => {
    const { said, warn } = warnings();
    const clock = guardedClock({ now: fail, setTimeout: fail, clearTimeout: fail, whenRead: fail }, warn);
    const ran: string[] = [];
    await new Promise<void>((resolve) => {
      clock.clearTimeout(clock.setTimeout(() => ran.push('cleared'), 1));
      clock.setTimeout(() => ran.push('timer'), 1);
      clock.whenRead?.(() => ran.push('read'));
      clock.setTimeout(() => resolve(), 5);
    });
    expect(ran).toEqual(['read', 'timer']);
    expect(Math.abs(clock.now() - realClock().now())).toBeLessThan(60_000);
    clock.now();
    await null;
    expect(said.sort()).toEqual(
      ['now', 'setTimeout', 'whenRead'].map(
        (method) => `the clock port threw in ${method}: the system's time is used instead: on purpose`,
      ),
    );
  });

  it('outlives a timer that cannot be cleared', async () => {
    const { said, warn } = warnings();
    const clock = guardedClock({ now: () => 0, setTimeout: () => 1, clearTimeout: fail }, warn);
    clock.clearTimeout(clock.setTimeout(() => {}, 1));
    await null;
    expect(said).toEqual(["the clock port threw in clearTimeout: the system's time is used instead: on purpose"]);
  });

  it('takes no time that is no number', async () => {
    const { said, warn } = warnings();
    const { setTimeout, clearTimeout } = simulatedClock();
    expect(guardedClock({ now: () => Number.NaN, setTimeout, clearTimeout }, warn).now()).toBeGreaterThan(1e12);
    await null;
    expect(said).toEqual([
      "the clock port threw in now: the system's time is used instead: now() is NaN, which is no time",
    ]);
  });
});

describe('a guarded inflate port', () => {
  it('tells of what comes of its answers, which come when they like', () => {
    const errors: unknown[] = [];
    const port: InflatePort = {
      supports: (compression) => compression === 'payload',
      open: (_, __, { inflated, failed }) => ({
        write(data) {
          inflated(data);
          failed('x');
        },
        close() {},
      }),
    };
    const guarded = guardedInflate(port, (error) => errors.push(error));
    expect([guarded.supports('payload'), guarded.supports('zlib-stream')]).toEqual([true, false]);
    guarded.open('payload', { maxBytes: 1 }, { inflated: fail, failed: fail }).write(new Uint8Array(1), true);
    expect(errors).toEqual([new Error('on purpose'), new Error('on purpose')]);
  });
});

describe('guarded chance', () => {
  it('is our own as it is', () => expect(guardedRandom(systemRandom, fail)).toBe(systemRandom));

  it.each([0, 0.25, 0.999])('is what the user gives: %s', (value) =>
    expect(guardedRandom(() => value, fail)()).toBe(value),
  );

  it.each<[unknown, string]>([
    [1, 'random() is 1, which is not within 0 and 1'],
    [-0.1, 'random() is -0.1, which is not within 0 and 1'],
    [Number.NaN, 'random() is NaN, which is not within 0 and 1'],
    ['0.5', 'random() is 0.5, which is not within 0 and 1'],
    [Object.create(null), 'Cannot convert object to primitive value'],
  ])('is 0.5 instead of %s, which is told once', async (value, says) => {
    const { said, warn } = warnings();
    const random = guardedRandom(() => value as number, warn);
    expect([random(), random()]).toEqual([0.5, 0.5]);
    await null;
    expect(said).toEqual([`the random port threw: 0.5 is used instead: ${says}`]);
  });

  it('is 0.5 where it throws', () => expect(guardedRandom(fail, () => {})()).toBe(0.5));
});
