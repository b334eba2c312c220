import { LIMITS } from '../../machines/client.js';
import {
  demandGiven,
  demandShape,
  type Fields,
  isFunction,
  type Rule,
  wholeNumber,
  withMethods,
} from '../../machines/kit/shape.js';
import { realClock } from '../ports/clock.js';
import type { ClockPort, Permit, PermitPort, SessionStartLimit } from '../ports/index.js';

/** Settings of `memoryPermits`. */
export interface MemoryPermitsOptions {
  readonly clock?: ClockPort;
  /**
   * The time in ms since 1970 as it is after the machine slept, which `clock` may not notice: the day's budget ends
   * by whichever says so first. `Date.now` unless there is a `clock`.
   */
  readonly wallClock?: () => number;
  /** How many lanes there are until `update` says. */
  readonly maxConcurrency?: number;
  /** Time between two identifies of a lane, in ms: 5.25 s unless told, since what is sent 5 s apart may arrive closer. */
  readonly spacing?: number;
}

interface Waiting {
  readonly shardId: number;
  answer(permit: Permit): void;
}

/** A shard keeps its lane until it settles, and if it identified, for the spacing after that. */
interface Hold {
  readonly shardId: number;
  until: number;
}

const LANES = wholeNumber('a whole number from 1 on', 1);

const isSpacing: Rule = {
  says: 'a time in milliseconds',
  holds: (value) => Number.isFinite(value) && Number(value) >= 0,
};

const OPTIONS: Fields = {
  fields: {
    clock: withMethods('setTimeout', 'clearTimeout', 'now'),
    wallClock: isFunction,
    maxConcurrency: LANES,
    spacing: isSpacing,
  },
};

/** Two frames may come closer together than they were sent, in ms. */
const MARGIN_MS = 250;

const DAY_MS = 24 * 60 * 60 * 1000;

/** A timer stands still while the machine sleeps, so that one who is refused for the day asks again this soon. */
const LONGEST_RETRY_MS = 60 * 60 * 1000;

/** The identifies of the day, and when it ends by either clock. */
interface Budget {
  readonly total: number;
  remaining: number;
  readonly resetAt: number;
  readonly resetAtWall: number;
}

/**
 * Identify permits for the shards of this process: in each lane the lowest shard id first, and refused once the day's
 * budget is used up. A permit that was granted is owed a `settle`, also after an abort. Lanes are worked out from shard
 * ids when they are needed, so a new `max_concurrency` holds for those who wait and for identifies already sent.
 */
export function memoryPermits(options: MemoryPermitsOptions = {}): PermitPort {
  demandShape('', options, OPTIONS);
  const { clock = realClock(), spacing = LIMITS.identifies.windowMs + MARGIN_MS } = options;
  let maxConcurrency = lanes(options.maxConcurrency ?? 1);
  const mayMissSleep = options.clock === undefined || options.wallClock !== undefined;
  const wallNow = options.wallClock ?? (options.clock === undefined ? Date.now : () => clock.now());
  let budget: Budget | undefined;
  let queue: Waiting[] = [];
  let holds: Hold[] = [];
  let timer: unknown;

  /** Answers whom it can and arms the timer for the next. */
  function pump(): void {
    if (timer !== undefined) clock.clearTimeout(timer);
    timer = undefined;
    const now = clock.now();
    holds = holds.filter((hold) => hold.until > now);
    if (budget && left(budget) <= 0) budget = budgetFor(budget.total, budget.total, DAY_MS);

    const laneOf = ({ shardId }: { readonly shardId: number }) => shardId % maxConcurrency;
    const busy = new Map<number, number>();
    for (const hold of holds) busy.set(laneOf(hold), Math.max(hold.until, busy.get(laneOf(hold)) ?? 0));
    let free = budget ? budget.remaining - holds.filter((hold) => hold.until === Infinity).length : Infinity;
    const answers: (() => void)[] = [];
    queue = queue.filter((waiting) => {
      if (budget && budget.remaining <= 0) {
        const retryAfter = Math.min(left(budget), mayMissSleep ? LONGEST_RETRY_MS : Infinity);
        answers.push(() =>
          waiting.answer({ granted: false, reason: 'the identifies of the day are used up', retryAfter }),
        );
        return false;
      }
      // Where those who hold a permit may yet use up what is left, the others wait to see.
      if (busy.has(laneOf(waiting)) || free <= 0) return true;
      const hold = { shardId: waiting.shardId, until: Infinity };
      holds.push(hold);
      busy.set(laneOf(waiting), Infinity);
      free -= 1;
      answers.push(() => waiting.answer({ granted: true, settle: (use) => settle(hold, use) }));
      return false;
    });
    const next = free > 0 ? Math.min(...queue.map((waiting) => busy.get(laneOf(waiting)) ?? Infinity)) : Infinity;
    if (next < Infinity) timer = clock.setTimeout(pump, next - now);
    for (const answer of answers) answer();
  }

  function settle(hold: Hold, use: 'used' | 'unused'): void {
    if (hold.until !== Infinity) return;
    hold.until = use === 'used' ? clock.now() + spacing : -Infinity;
    if (use === 'used' && budget) budget.remaining -= 1;
    pump();
  }

  return {
    request: ({ shardId, signal }) =>
      new Promise<Permit>((resolve, reject) => {
        signal.throwIfAborted();
        const leave = () => {
          queue = queue.filter((other) => other !== waiting);
          reject(signal.reason);
          pump();
        };
        const waiting: Waiting = {
          shardId,
          answer(permit) {
            signal.removeEventListener('abort', leave);
            resolve(permit);
          },
        };
        signal.addEventListener('abort', leave, { once: true });
        queue.push(waiting);
        queue.sort((a, b) => a.shardId - b.shardId);
        pump();
      }),
    update(limit) {
      maxConcurrency = lanes(limit.maxConcurrency);
      budget = budgetFor(limit.total, limit.remaining, untilReset(limit));
      pump();
    },
  };

  function budgetFor(total: number, remaining: number, ms: number): Budget {
    return { total, remaining, resetAt: clock.now() + ms, resetAtWall: wallNow() + ms };
  }

  /** How much of the day is left, in ms. */
  function left({ resetAt, resetAtWall }: Budget): number {
    return Math.min(resetAt - clock.now(), resetAtWall - wallNow());
  }

  /** An untouched limit says 0, for its day begins with the first identify; a used one that says 0 is given a moment. */
  function untilReset({ remaining, resetAfter }: SessionStartLimit): number {
    if (remaining <= 0) return Math.max(resetAfter, spacing);
    return resetAfter > 0 ? resetAfter : DAY_MS;
  }
}

function lanes(maxConcurrency: number): number {
  demandGiven('maxConcurrency', maxConcurrency, LANES);
  return maxConcurrency;
}
