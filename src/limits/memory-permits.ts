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
import {
  type ClockPort,
  type PastIdentify,
  PERMIT_LIFE_MS,
  type Permit,
  type PermitPort,
  type PermitRequest,
  type SessionStartLimit,
} from '../ports/index.js';
import { IdentifyDay } from './identify-day.js';

/** Settings of `memoryPermits`. */
export interface MemoryPermitsOptions {
  readonly clock?: ClockPort;
  /**
   * The time in ms since 1970 as it is after the machine slept, which `clock` may not notice: what Get Gateway Bot said
   * grows old by whichever says so first. `Date.now` unless there is a `clock`.
   */
  readonly wallClock?: () => number;
  /** How many lanes there are until `update` says. */
  readonly maxConcurrency?: number;
  /** Time between two identifies of a lane, in ms: 5.25 s unless told, since what is sent 5 s apart may arrive closer. */
  readonly spacing?: number;
}

interface Waiting {
  readonly shardId: number;
  readonly isOrdered: boolean;
  /** When it asked. */
  readonly since: number;
  answer(permit: Permit): void;
}

/** A shard keeps its lane until it settles, and if it identified, for the spacing after that. */
interface Hold {
  readonly shardId: number;
  /** `lapsed`: it was not settled in time, so that nobody knows whether it identified. */
  state: 'held' | 'lapsed' | 'settled';
  /** When the lane is free again. */
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

/** What Get Gateway Bot said is gone by for so long, in ms; and for so long where many are about to identify. */
const FRESH_MS = { ever: 5 * 60_000, beforeBurst: 30_000 };
/** So many that wait, or identified a moment ago, are many. */
const BURST = 5;

/**
 * Identify permits for the shards of this process: in each lane the lowest shard id first, and refused once the day's
 * budget is used up but for a reserve of a fifth, which an order may take. A permit that was granted is owed a `settle`,
 * also after an abort; one that is not settled counts as used.
 */
export function memoryPermits(options: MemoryPermitsOptions = {}): PermitPort {
  const permits = new MemoryPermits(options);
  return {
    request: (given) => permits.request(given),
    update: (limit) => permits.update(limit),
    isStale: () => permits.isStale(),
    remember: (identifies) => permits.remember(identifies),
  };
}

/** Lanes are worked out from shard ids when they are needed, so a new `max_concurrency` holds for those who wait and for identifies already sent. */
class MemoryPermits implements Required<PermitPort> {
  readonly #clock: ClockPort;
  readonly #wallNow: () => number;
  readonly #spacing: number;
  readonly #mayMissSleep: boolean;
  readonly #day = new IdentifyDay();
  #maxConcurrency: number;
  /** When Get Gateway Bot last said something, on either clock. */
  #toldAt: { readonly clock: number; readonly wall: number } | null = null;
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

  request({ shardId, signal, ordered = false }: PermitRequest): Promise<Permit> {
    return new Promise<Permit>((resolve, reject) => {
      signal.throwIfAborted();
      const leave = () => {
        this.#queue = this.#queue.filter((other) => other !== waiting);
        reject(signal.reason);
        this.#pump();
      };
      const waiting: Waiting = {
        shardId,
        isOrdered: ordered,
        since: this.#clock.now(),
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
    const now = this.#clock.now();
    this.#toldAt = { clock: now, wall: this.#wallNow() };
    const { total, remaining, resetAfter } = limit;
    // A limit that is used up is given a moment; an untouched one has no day yet.
    this.#day.tell(
      { total, remaining, resetAfter: remaining > 0 ? resetAfter : Math.max(resetAfter, this.#spacing) },
      now,
    );
    this.#pump();
  }

  /** By whichever clock says so first: one of them may stand still while the machine sleeps. */
  isStale(): boolean {
    if (this.#toldAt === null) return true;
    const age = Math.max(this.#clock.now() - this.#toldAt.clock, this.#wallNow() - this.#toldAt.wall);
    const isBurst = this.#queue.length + this.#holds.length >= BURST;
    return age >= (isBurst ? FRESH_MS.beforeBurst : FRESH_MS.ever);
  }

  remember(identifies: readonly PastIdentify[]): void {
    const now = this.#clock.now();
    for (const { shardId, ago } of identifies) {
      const at = now - Math.max(0, ago);
      if (ago < DAY_MS) this.#day.remember(at);
      if (ago < this.#spacing) this.#holds.push({ shardId, state: 'settled', until: at + this.#spacing });
    }
    this.#pump();
  }

  /** Answers all that can be answered, and arms the timer for the next. */
  #pump(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = this.#clock.now();
    this.#endHolds(now);
    const busy = new Set(this.#holds.map((hold) => this.#laneOf(hold)));
    const answers: (() => void)[] = [];
    this.#queue = this.#queue.filter((waiting) => {
      const left = this.#day.left(now, waiting.isOrdered);
      const permit = left <= 0 ? this.#refusal(waiting, now) : this.#grant(waiting, left, busy, now);
      if (permit !== null) answers.push(() => waiting.answer(permit));
      return permit === null;
    });
    const next = this.#queue.length === 0 ? Infinity : Math.min(...this.#holds.map(({ until }) => until));
    if (next < Infinity) this.#timer = this.#clock.setTimeout(() => this.#pump(), next - now);
    for (const answer of answers) answer();
  }

  #laneOf({ shardId }: { readonly shardId: number }): number {
    return shardId % this.#maxConcurrency;
  }

  /** Of who has not settled in time nobody knows whether it identified, so that it counts. */
  #endHolds(now: number): void {
    for (const hold of this.#holds) {
      if (hold.until > now || hold.state !== 'held') continue;
      hold.state = 'lapsed';
      this.#day.take(hold.until);
    }
    this.#holds = this.#holds.filter(({ until }) => until > now);
  }

  /** A permit where the lane is free, and those who hold one may not use up all that is left. */
  #grant(waiting: Waiting, left: number, busy: Set<number>, now: number): Permit | null {
    const lane = this.#laneOf(waiting);
    if (busy.has(lane) || left <= this.#holds.filter(({ state }) => state === 'held').length) return null;
    busy.add(lane);
    const hold: Hold = { shardId: waiting.shardId, state: 'held', until: now + PERMIT_LIFE_MS + this.#spacing };
    this.#holds.push(hold);
    return { granted: true, waited: now - waiting.since, settle: (use) => this.#settle(hold, use) };
  }

  #settle(hold: Hold, use: 'used' | 'unused'): void {
    const now = this.#clock.now();
    this.#endHolds(now);
    const { state } = hold;
    if (state === 'settled') return;
    hold.state = 'settled';
    if (state === 'held') this.#holds = this.#holds.filter((each) => each !== hold);
    if (state === 'held' && use === 'used') this.#day.take(now); // of one that lapsed it is counted
    if (use === 'used') this.#holds.push({ ...hold, until: now + this.#spacing });
    this.#pump();
  }

  /** How one is refused once the day's budget is used up. */
  #refusal({ isOrdered }: Waiting, now: number): Permit {
    const wait = this.#day.wait(now, isOrdered);
    const retryAfter = Math.min(wait, this.#mayMissSleep ? LONGEST_RETRY_MS : Infinity);
    const { reserve } = this.#day;
    const isReserved = this.#day.left(now, true) > 0;
    const but = isReserved ? `, but for ${reserve} that are kept for orders` : '';
    return { granted: false, reason: `the identifies of the day are used up${but}`, retryAfter };
  }
}

function lanes(maxConcurrency: number): number {
  demandGiven('maxConcurrency', maxConcurrency, LANES);
  return maxConcurrency;
}
