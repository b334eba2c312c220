import { attempted, guarded, once, type Warn } from '../guard/guarded.js';
import { realClock } from '../ports/clock.js';
import type { ClockPort, InflatePort, RandomPort } from '../ports/index.js';
import { systemRandom } from '../ports/random.js';

/** The clock of all shards that are given none: what one of them learns of a busy event loop holds for each. */
export const systemClock = realClock();

/** The time in ms since 1970 as it is after the machine slept, which the system's clock may not notice; a clock of the user's is all there is. */
export function wallClockOf(clock: ClockPort): () => number {
  return clock === systemClock ? () => Date.now() : () => clock.now();
}

/** A timer, and whether it is the user's clock that runs it. */
interface Timer {
  readonly id: unknown;
  readonly isTheirs: boolean;
}

/** A clock of the user's. Where it throws or gives no number, which is told once for each method, the system's stands in. */
export function guardedClock(clock: ClockPort, warn: Warn): ClockPort {
  if (clock === systemClock) return clock;
  const tell = once(warn);
  const failed = (method: keyof ClockPort) => (error: unknown) =>
    tell(`the clock port threw in ${method}: the system's time is used instead`, error);
  const startTheirs = (fn: () => void, ms: number): Timer => ({ id: clock.setTimeout(fn, ms), isTheirs: true });
  return {
    now() {
      return guarded(() => timeOn(clock), failed('now'), null) ?? systemClock.now();
    },
    setTimeout(fn, ms) {
      const theirs = guarded(() => startTheirs(fn, ms), failed('setTimeout'), null);
      return theirs ?? ({ id: systemClock.setTimeout(fn, ms), isTheirs: false } satisfies Timer);
    },
    clearTimeout(timer) {
      const { id, isTheirs } = timer as Timer;
      if (isTheirs) attempted(() => clock.clearTimeout(id), failed('clearTimeout'));
      else systemClock.clearTimeout(id);
    },
    ...(clock.whenRead === undefined
      ? {}
      : {
          whenRead(fn) {
            if (!attempted(() => clock.whenRead?.(fn), failed('whenRead'))) queueMicrotask(fn);
          },
        }),
  };
}

/** Chance of the user's: 0.5 where it throws or gives something else than a number from 0 up to 1, which is told once. */
export function guardedRandom(random: RandomPort, warn: Warn): RandomPort {
  if (random === systemRandom) return random;
  const tell = once(warn);
  const failed = (error: unknown) => tell('the random port threw: 0.5 is used instead', error);
  return () => guarded(() => drawnFrom(random), failed, 0.5);
}

/** Inflaters of the user's may call back whenever they like, and give what cannot be: what comes of that is told. */
export function guardedInflate(inflate: InflatePort, onError: (error: unknown) => void): InflatePort {
  return {
    supports: (compression) => inflate.supports(compression),
    open: (compression, options, { inflated, failed }) =>
      inflate.open(compression, options, {
        inflated: (bytes) => guarded(() => inflated(bytes), onError, undefined),
        failed: (problem) => guarded(() => failed(problem), onError, undefined),
      }),
  };
}

function timeOn(clock: ClockPort): number {
  const time: unknown = clock.now();
  if (typeof time === 'number' && Number.isFinite(time)) return time;
  throw new TypeError(`now() is ${String(time)}, which is no time`);
}

function drawnFrom(random: RandomPort): number {
  const value: unknown = random();
  if (typeof value === 'number' && value >= 0 && value < 1) return value;
  throw new RangeError(`random() is ${String(value)}, which is not within 0 and 1`);
}
