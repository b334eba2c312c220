/**
 * The identifies of one shard as a bucket: whatever the Gateway does, a shard does not identify more often than the day
 * bears. It holds no clock: every time is given, in ms, and never has to be the time of day.
 */
import { LIMITS } from '../../machines/client.js';

const DAY_MS = 24 * 60 * 60 * 1000;

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

/** How long one identify takes to come back, in ms: ten minutes, or the shard's share of the day where that is longer; a day at most. */
export function refillTime(shardCount: number, total: number = LIMITS.identifies.perDay): number {
  return Math.min(DAY_MS, Math.max(LEAST_REFILL_MS, (DAY_MS * shardCount) / (SHARED_PART * total)));
}

/** The bucket of one shard. In any time there are at most 10 identifies and one for each refill in it. */
export class IdentifyBucket {
  readonly #shardCount: number;
  #refill: number;
  #left = BUCKET_SIZE;
  /** When the one that comes next began to come. */
  #since = 0;

  constructor(shardCount: number) {
    this.#shardCount = shardCount;
    this.#refill = refillTime(shardCount);
  }

  /** Takes one, if there is one. */
  take(now: number): boolean {
    this.#fill(now);
    if (this.#left === 0) return false;
    if (this.#left === BUCKET_SIZE) this.#since = now;
    this.#left -= 1;
    return true;
  }

  /** How many there are. */
  look(now: number): IdentifiesLeft {
    this.#fill(now);
    return { left: this.#left, nextAt: this.#left === BUCKET_SIZE ? null : this.#since + this.#refill };
  }

  /** Sets how many identifies a day all shards of the bot have together. What makes no sense is ignored. */
  setTotal(total: number, now: number): void {
    if (!(total > 0)) return;
    this.#fill(now);
    this.#refill = refillTime(this.#shardCount, total);
  }

  #fill(now: number): void {
    this.#since = Math.min(this.#since, now); // a clock that was set back
    const come = Math.floor((now - this.#since) / this.#refill);
    this.#since += Math.min(come, BUCKET_SIZE - this.#left) * this.#refill;
    this.#left = Math.min(BUCKET_SIZE, this.#left + come);
  }
}
