/**
 * The identifies of one shard as a bucket: whatever the Gateway does, a shard does not identify more often than the day
 * bears. It holds no clock: every time is given, in ms, and never has to be the time of day.
 */

import { LIMITS } from '../../machines/client.js';
import { DAY_MS } from '../../machines/protocol/limits.js';

/** Identifies in a row, after a long time without any. */
export const BUCKET_SIZE = 10;

/** The shortest time in which one comes back, in ms. */
const LEAST_REFILL_MS = 10 * 60 * 1000;

/** The part of the day's identifies that the shards of a bot share among them; the rest is for orders and other processes. */
const SHARED_PART = 0.8;

/** How many identifies a shard has left. */
export interface IdentifiesLeft {
  /** 10 after a long time without any. */
  readonly left: number;
  /** When there is one more; null when none is missing. */
  readonly nextAt: number | null;
}

/** How many of the day's identifies are one shard's. */
export function shareOfDay(shardCount: number, total: number): number {
  return (SHARED_PART * total) / shardCount;
}

/** How long one identify takes to come back, in ms: ten minutes, or the shard's share of the day where that is longer; a day at most. */
export function refillTime(shardCount: number, total: number = LIMITS.identifies.perDay): number {
  return Math.min(DAY_MS, Math.max(LEAST_REFILL_MS, DAY_MS / shareOfDay(shardCount, total)));
}

/** The bucket of one shard. In any time there are at most 10 identifies and one for each refill in it. */
export class IdentifyBucket {
  readonly #shardCount: number;
  #refill: number;
  #left = BUCKET_SIZE;
  #nextAt: number | null = null;

  constructor(shardCount: number) {
    this.#shardCount = shardCount;
    this.#refill = refillTime(shardCount);
  }

  /** Takes one, if there is one. */
  take(now: number): boolean {
    this.#fill(now);
    if (this.#left === 0) return false;
    this.#left -= 1;
    this.#nextAt ??= now + this.#refill;
    return true;
  }

  /** How many there are. */
  look(now: number): IdentifiesLeft {
    this.#fill(now);
    return { left: this.#left, nextAt: this.#nextAt };
  }

  /** How long until there is one; 0 if there is. */
  wait(now: number): number {
    const { left, nextAt } = this.look(now);
    return left === 0 ? Number(nextAt) - now : 0;
  }

  /** Goes on from the level of an earlier process, or from its own where that is lower. */
  restore({ left, nextAt }: IdentifiesLeft, now: number): void {
    if (left >= this.look(now).left) return;
    this.#left = Math.max(0, Math.floor(left));
    this.#nextAt = nextAt ?? now + this.#refill;
    this.#fill(now);
  }

  /** Sets how many identifies a day all shards of the bot have together. What makes no sense is ignored. */
  setTotal(total: number, now: number): void {
    if (!(total > 0)) return;
    this.#fill(now);
    const before = this.#refill;
    this.#refill = refillTime(this.#shardCount, total);
    if (this.#nextAt !== null) this.#nextAt += this.#refill - before;
  }

  #fill(now: number): void {
    while (this.#nextAt !== null && this.#nextAt <= now) {
      this.#left += 1;
      this.#nextAt = this.#left === BUCKET_SIZE ? null : this.#nextAt + this.#refill;
    }
    if (this.#nextAt !== null) this.#nextAt = Math.min(this.#nextAt, now + this.#refill); // a clock that was set back
  }
}
