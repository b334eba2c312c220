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
import { DAY_MS } from '../../machines/protocol/limits.js';
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
 * budget is used up. A permit that was granted is owed a `settle`, also after an abort.
 */
export function memoryPermits(options: MemoryPermitsOptions = {}): PermitPort {
  const permits = new MemoryPermits(options);
  return { request: (given) => permits.request(given), update: (limit) => permits.update(limit) };
}

/** Lanes are worked out from shard ids when they are needed, so a new `max_concurrency` holds for those who wait and for identifies already sent. */
class MemoryPermits implements PermitPort {
  readonly #clock: ClockPort;
  readonly #wallNow: () => number;
  readonly #spacing: number;
  readonly #mayMissSleep: boolean;
  #maxConcurrency: number;
  #budget: Budget | undefined;
  #queue: Waiting[] = [];
  #holds: Hold[] = [];
  #timer: unknown;

  constructor(options: MemoryPermitsOptions) {
    demandShape('', options, OPTIONS);
    const { clock = realClock(), spacing = LIMITS.identifies.windowMs + MARGIN_MS } = options;
    this.#clock = clock;
    this.#spacing = spacing;
    this.#maxConcurrency = lanes(options.maxConcurrency ?? 1);
    this.#mayMissSleep = options.clock === undefined || options.wallClock !== undefined;
    this.#wallNow = options.wallClock ?? (options.clock === undefined ? Date.now : () => clock.now());
  }

  request({ shardId, signal }: Parameters<PermitPort['request']>[0]): Promise<Permit> {
    return new Promise<Permit>((resolve, reject) => {
      signal.throwIfAborted();
      const leave = () => {
        this.#queue = this.#queue.filter((other) => other !== waiting);
        reject(signal.reason);
        this.#pump();
      };
      const waiting: Waiting = {
        shardId,
        answer(permit) {
          signal.removeEventListener('abort', leave);
          resolve(permit);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queue.push(waiting);
      this.#queue.sort((a, b) => a.shardId - b.shardId);
      this.#pump();
    });
  }

  update(limit: SessionStartLimit): void {
    this.#maxConcurrency = lanes(limit.maxConcurrency);
    this.#budget = this.#budgetFor(limit.total, limit.remaining, this.#untilReset(limit));
    this.#pump();
  }

  /** Answers all that can be answered, and arms the timer for the next. */
  #pump(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = this.#clock.now();
    this.#holds = this.#holds.filter((hold) => hold.until > now);
    this.#renewBudget();
    const busy = this.#busyLanes();
    const answers: (() => void)[] = [];
    let free = this.#unclaimed();
    this.#queue = this.#queue.filter((waiting) => {
      const refusal = this.#refusal();
      if (refusal !== null) {
        answers.push(() => waiting.answer(refusal));
        return false;
      }
      // Where those who hold a permit may yet use up what is left, the others wait to see.
      if (busy.has(this.#laneOf(waiting)) || free <= 0) return true;
      const permit = this.#grantTo(waiting);
      busy.set(this.#laneOf(waiting), Infinity);
      free -= 1;
      answers.push(() => waiting.answer(permit));
      return false;
    });
    const next =
      free > 0 ? Math.min(...this.#queue.map((waiting) => busy.get(this.#laneOf(waiting)) ?? Infinity)) : Infinity;
    if (next < Infinity) this.#timer = this.#clock.setTimeout(() => this.#pump(), next - now);
    for (const answer of answers) answer();
  }

  #laneOf({ shardId }: { readonly shardId: number }): number {
    return shardId % this.#maxConcurrency;
  }

  /** Until when each lane is held. */
  #busyLanes(): Map<number, number> {
    const busy = new Map<number, number>();
    for (const hold of this.#holds) {
      const lane = this.#laneOf(hold);
      busy.set(lane, Math.max(hold.until, busy.get(lane) ?? 0));
    }
    return busy;
  }

  #grantTo({ shardId }: Waiting): Permit {
    const hold = { shardId, until: Infinity };
    this.#holds.push(hold);
    return { granted: true, settle: (use) => this.#settle(hold, use) };
  }

  #settle(hold: Hold, use: 'used' | 'unused'): void {
    if (hold.until !== Infinity) return;
    hold.until = use === 'used' ? this.#clock.now() + this.#spacing : -Infinity;
    if (use === 'used' && this.#budget) this.#budget.remaining -= 1;
    this.#pump();
  }

  /** What is left of the day's budget should all who hold a permit use it. */
  #unclaimed(): number {
    if (this.#budget === undefined) return Infinity;
    return this.#budget.remaining - this.#holds.filter((hold) => hold.until === Infinity).length;
  }

  /** How all are refused once the day's budget is used up. */
  #refusal(): Permit | null {
    if (this.#budget === undefined || this.#budget.remaining > 0) return null;
    const retryAfter = Math.min(this.#leftOf(this.#budget), this.#mayMissSleep ? LONGEST_RETRY_MS : Infinity);
    return { granted: false, reason: 'the identifies of the day are used up', retryAfter };
  }

  #renewBudget(): void {
    const budget = this.#budget;
    if (budget && this.#leftOf(budget) <= 0) this.#budget = this.#budgetFor(budget.total, budget.total, DAY_MS);
  }

  #budgetFor(total: number, remaining: number, ms: number): Budget {
    return { total, remaining, resetAt: this.#clock.now() + ms, resetAtWall: this.#wallNow() + ms };
  }

  /** How much of the day is left, in ms. */
  #leftOf({ resetAt, resetAtWall }: Budget): number {
    return Math.min(resetAt - this.#clock.now(), resetAtWall - this.#wallNow());
  }

  /** An untouched limit says 0, for its day begins with the first identify; a used one that says 0 is given a moment. */
  #untilReset({ remaining, resetAfter }: SessionStartLimit): number {
    if (remaining <= 0) return Math.max(resetAfter, this.#spacing);
    return resetAfter > 0 ? resetAfter : DAY_MS;
  }
}

function lanes(maxConcurrency: number): number {
  demandGiven('maxConcurrency', maxConcurrency, LANES);
  return maxConcurrency;
}
