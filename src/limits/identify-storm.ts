/** Whether one shard identifies more often than it should for long: before anything is refused, somebody is told. */
import { LIMITS } from '../../machines/protocol/limits.js';
import { BUCKET_SIZE, shareOfDay } from './identify-bucket.js';

/** One shard has used half of its share of identifies within an hour. */
export interface Storm {
  /** Its identifies of the last hour. */
  readonly identifies: number;
  /** When the first of them was sent, in ms since 1970. */
  readonly since: number;
  /** Its share: its bucket of 10, or its part of the day where that is less. */
  readonly share: number;
}

const HOUR_MS = 60 * 60 * 1000;
/** However small the share: a start and one session lost are no storm. */
const LEAST = 3;
/** An order is not refused, so that there is no other bound. */
const MOST_KNOWN = 1_000;

/** Counts the identifies of one shard. It holds no clock: times are given, in ms. */
export class StormMeter {
  readonly #shardCount: number;
  #share: number;
  #sent: number[] = [];
  #isStorm = false;

  constructor(shardCount: number) {
    this.#shardCount = shardCount;
    this.#share = shareOf(shardCount, LIMITS.identifies.perDay);
  }

  /** How many identifies a day all shards of the bot have together. What makes no sense is ignored. */
  setTotal(total: number): void {
    if (total > 0) this.#share = shareOf(this.#shardCount, total);
  }

  /** Counts an identify; a storm that begins with it. */
  take(now: number): Storm | null {
    this.#sent = [...this.#sent, now].slice(-MOST_KNOWN);
    const was = this.#isStorm;
    const storm = this.look(now);
    return was ? null : storm;
  }

  /** The storm there is, if there is one. */
  look(now: number): Storm | null {
    this.#sent = this.#sent.filter((at) => at > now - HOUR_MS && at <= now);
    const [since] = this.#sent;
    this.#isStorm = this.#sent.length >= Math.max(LEAST, Math.ceil(this.#share / 2));
    return this.#isStorm && since !== undefined
      ? { identifies: this.#sent.length, since, share: Math.floor(this.#share) }
      : null;
  }
}

const shareOf = (shardCount: number, total: number): number => Math.min(BUCKET_SIZE, shareOfDay(shardCount, total));
