import { demandGiven, isNumber } from '../../machines/kit/shape.js';
import { LONGEST_TIMER } from '../../machines/shard/policy.js';

/** Timers and the time, in ms. The shape of XState's clock, and `now`. */
export interface ClockPort {
  setTimeout(fn: (...args: unknown[]) => void, ms: number): unknown;
  clearTimeout(id: unknown): void;
  now(): number;
  /** Runs `fn` when what has arrived is read, before the next timer. A clock without it lets a microtask do. */
  whenRead?(fn: () => void): void;
}

/** A timer this late means that the event loop was busy, in ms. */
const LATE_MS = 50;

/** Long enough to read 4 MB of dispatches in a browser, which takes the longest, in ms. */
const LONGEST_READING_MS = 2_000;

/** In Node and the like: runs when all sockets were read, of which each may have given many messages. */
const { setImmediate } = globalThis as { setImmediate?: (fn: () => void) => unknown };

/** The platform's timers. Pending ones keep a Node process alive; `stop` clears them all. */
export interface RealClock extends ClockPort {
  stop(): void;
}

/** A timer that was asked for; the platform's own behind it may change. */
interface Pending {
  readonly fn: () => void;
  readonly due: number;
  id: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Real time. `now` is in ms since 1970 as known when the process began and never goes back, whatever happens to the
 * wall clock. Delays beyond 24.8 days are cut to that.
 *
 * A timer that is due after the event loop was busy, or the machine asleep, would run before the sockets are read, and
 * a deadline would pass although the answer already lies in the buffer. Such a timer waits once more, as long as it was
 * late, since that much may have come meanwhile; two seconds at most.
 */
export function realClock(): RealClock {
  const pending = new Set<Pending>();
  const now = () => performance.timeOrigin + performance.now();
  let reading = { ms: 0, until: 0 };
  /** The same for all timers that one delay made late, so that they stay in order. */
  const readingTime = (late: number) => {
    if (now() >= reading.until) {
      const ms = Math.min(late, LONGEST_READING_MS);
      reading = { ms, until: now() + ms };
    }
    return reading.ms;
  };
  const run = (timer: Pending) => {
    pending.delete(timer);
    timer.fn();
  };
  const fall = (timer: Pending) => {
    const late = now() - timer.due;
    if (late > LATE_MS) timer.id = setTimeout(run, readingTime(late), timer);
    else run(timer);
  };
  return {
    now,
    ...(setImmediate === undefined ? {} : { whenRead: (fn) => void setImmediate(fn) }),
    setTimeout(fn, ms) {
      const delay = Math.min(ms, LONGEST_TIMER);
      const timer: Pending = { fn, due: now() + delay, id: undefined };
      timer.id = setTimeout(fall, delay, timer);
      pending.add(timer);
      return timer;
    },
    clearTimeout(timer) {
      if (!pending.delete(timer as Pending)) return;
      clearTimeout((timer as Pending).id);
    },
    stop() {
      for (const { id } of pending) clearTimeout(id);
      pending.clear();
    },
  };
}

/** Time that passes only when told. */
export interface SimulatedClock extends ClockPort {
  /** Lets `ms` pass. */
  increment(ms: number): void;
  /** Moves on to the given time. */
  set(time: number): void;
  /** When the next timer is due; undefined if none is armed. */
  readonly next: number | undefined;
}

/**
 * Simulated time, from `start` on. XState's `SimulatedClock` leaps to the end of an increment before it runs the timers
 * that fell due; this one goes from one to the next, so that in each of them `now()` is its own time and what it arms
 * runs too if it falls due. Timers due at the same time run in the order they were armed.
 */
export function simulatedClock(start = 0): SimulatedClock {
  demandGiven('start', start, isNumber);
  const timers = new Map<number, { readonly due: number; readonly fn: () => void }>();
  let time = start;
  let lastId = 0;

  const earliest = () => {
    let found: [id: number, timer: { readonly due: number; readonly fn: () => void }] | undefined;
    for (const entry of timers) if (!found || entry[1].due < found[1].due) found = entry;
    return found;
  };
  const set = (to: number) => {
    if (!(to >= time)) throw new RangeError(`Time cannot go from ${time} to ${to}: it only moves on`);
    for (let next = earliest(); next && next[1].due <= to; next = earliest()) {
      timers.delete(next[0]);
      time = Math.max(time, next[1].due);
      next[1].fn();
    }
    time = Math.max(time, to);
  };
  return {
    now: () => time,
    setTimeout(fn, ms) {
      lastId += 1;
      timers.set(lastId, { due: time + Math.max(0, ms), fn });
      return lastId;
    },
    clearTimeout: (id) => void timers.delete(id as number),
    increment: (ms) => set(time + ms),
    set,
    get next() {
      return earliest()?.[1].due;
    },
  };
}

/** Lets `ms` pass on a simulated clock, from timer to timer: promises have their turn between them, as in real time. */
export async function passTime(clock: SimulatedClock, ms: number): Promise<void> {
  const end = clock.now() + ms;
  await promisesSettle();
  for (let { next } = clock; next !== undefined && next <= end; { next } = clock) {
    clock.set(next);
    await promisesSettle();
  }
  clock.set(end);
}

/** Those that wait for nothing but each other. */
async function promisesSettle(): Promise<void> {
  for (let i = 0; i < 10; i += 1) await null;
}
