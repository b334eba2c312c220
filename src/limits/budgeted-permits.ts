/**
 * The permits of one shard, whose identifies are a bucket as well: whatever port it is given, and whatever the Gateway
 * does, the shard does not use up the identifies of the day. Each identify is written down before it is sent, and none is
 * sent on a permit that has grown old, be it in a queue, on the way here, or while the machine slept.
 */

import { DAY_MS } from '../../machines/protocol/limits.js';
import { spanOf } from '../guard/guarded.js';
import {
  type ClockPort,
  type KeptIdentifies,
  PERMIT_LIFE_MS,
  type Permit,
  type PermitPort,
  type PermitRequest,
  type SessionStartLimit,
} from '../ports/index.js';
import { BUCKET_SIZE, type IdentifiesLeft, IdentifyBucket } from './identify-bucket.js';
import { type Storm, StormMeter } from './identify-storm.js';

/** What the permits of a shard are told by, and who is told of them. */
export interface BudgetedPermitsOptions {
  readonly clock: ClockPort;
  /** The time in ms since 1970 as it is after the machine slept, which `clock` may not notice. */
  readonly wallNow: () => number;
  readonly shardCount: number;
  /** Keeps what there is before an Identify is sent; waited for. It neither throws nor hangs. */
  readonly write?: ((identifies: KeptIdentifies) => Promise<void>) | undefined;
  /** A storm has begun. */
  readonly storm?: ((storm: Storm) => void) | undefined;
}

/** A permit that comes too late is asked for again so often, and then after a while. */
const MOST_TRIES = 3;
const RETRY_MS = 5_000;

/** A moment on both clocks, in ms. */
interface Moment {
  readonly clock: number;
  readonly wall: number;
}

/** A permit port with the bucket of one shard before it. An Identify that follows an order is counted and not refused. */
export class BudgetedPermits {
  readonly #port: PermitPort;
  readonly #options: BudgetedPermitsOptions;
  readonly #bucket: IdentifyBucket;
  readonly #storms: StormMeter;
  /** When identifies were sent in the last 24 hours, in ms since 1970. */
  #sent: readonly number[] = [];
  /** How far the time of day is ahead of the clock, and when that was last looked at. */
  #ahead: number;
  #looked: Moment;
  #isOrdered = false;

  constructor(port: PermitPort, options: BudgetedPermitsOptions) {
    this.#port = port;
    this.#options = options;
    this.#bucket = new IdentifyBucket(options.shardCount);
    this.#storms = new StormMeter(options.shardCount);
    this.#looked = this.#moment();
    this.#ahead = this.#looked.wall - this.#looked.clock;
  }

  /** Times in ms since 1970. */
  get identifies(): IdentifiesLeft {
    return this.#bucket.look(this.#now);
  }

  /** The storm that this shard is, if it is one. */
  get storm(): Storm | null {
    return this.#storms.look(this.#wallTime);
  }

  /** What a later process has to know. */
  get kept(): KeptIdentifies {
    const { left, nextAt } = this.identifies;
    const ahead = this.#wallTime - this.#now;
    return { sent: this.#recently(), left, nextAt: nextAt === null ? null : Math.round(nextAt + ahead) };
  }

  /** A person has ordered to connect: the next Identify goes out at once. */
  takeOrder(): void {
    this.#isOrdered = true;
  }

  /** What was ordered has come about. */
  endOrder(): void {
    this.#isOrdered = false;
  }

  /** Goes on from what an earlier process has kept. */
  restore({ sent, left, nextAt }: KeptIdentifies): void {
    const ahead = this.#wallTime - this.#now;
    this.#sent = [...sent];
    this.#bucket.restore({ left, nextAt: nextAt === null ? null : nextAt - ahead }, this.#now);
    for (const at of this.#recently()) this.#storms.take(at);
  }

  async request(options: PermitRequest): Promise<Permit> {
    const wait = this.#bucket.wait(this.#now);
    if (wait > 0 && !this.#isOrdered) return refusal(wait);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const permit = await this.#requestOnce(options);
      if (permit !== null) return permit;
    }
    return { granted: false, reason: 'permits come too late to be used', retryAfter: RETRY_MS };
  }

  /** Whether Get Gateway Bot is to be asked first. */
  isStale(): boolean {
    return this.#port.isStale?.() ?? false;
  }

  /** What the port returns, although it should not, is its host's to look at. */
  update(limit: SessionStartLimit): unknown {
    this.#bucket.setTotal(limit.total, this.#now);
    this.#storms.setTotal(limit.total);
    return this.#port.update(limit);
  }

  /** The answer of the port; null for a permit that was too old when it could have been used. */
  async #requestOnce(options: PermitRequest): Promise<Permit | null> {
    const asked = this.#wallTime;
    const permit = await this.#port.request(this.#isOrdered ? { ...options, ordered: true } : options);
    if (!permit.granted) return permit;
    const inPort = spanOf(permit.waited) ?? this.#wallTime - asked;
    await this.#options.write?.(this.#withNext());
    if (this.#wallTime - asked - inPort <= PERMIT_LIFE_MS) {
      return { granted: true, settle: (use) => this.#settle(permit, use) };
    }
    permit.settle('unused');
    return null;
  }

  #settle(permit: Permit & { granted: true }, use: 'used' | 'unused'): unknown {
    if (use === 'used') {
      this.#bucket.take(this.#now);
      this.#sent = [...this.#recently(), this.#wallTime];
      this.endOrder();
      const storm = this.#storms.take(this.#wallTime);
      if (storm !== null) this.#options.storm?.(storm);
    }
    return permit.settle(use);
  }

  /** What is kept once the next Identify is sent, as late as its permit allows. */
  #withNext(): KeptIdentifies {
    const { sent, left, nextAt } = this.kept;
    return { sent: [...sent, this.#wallTime + PERMIT_LIFE_MS], left: Math.max(0, left - 1), nextAt };
  }

  get #now(): number {
    return this.#options.clock.now();
  }

  /**
   * The time of day, in whole ms, where it goes ahead of the clock, as after sleep, and never where it is set back: a
   * later process would take an Identify for long past. Too late is safe. It has to be looked at now and then, as a sleep
   * and a step back in between cannot be told from neither.
   */
  get #wallTime(): number {
    const { clock, wall } = this.#looked;
    this.#looked = this.#moment();
    this.#ahead += Math.max(0, this.#looked.wall - wall - (this.#looked.clock - clock));
    return Math.round(this.#looked.clock + this.#ahead);
  }

  #moment(): Moment {
    return { clock: this.#now, wall: this.#options.wallNow() };
  }

  #recently(): readonly number[] {
    const now = this.#wallTime;
    return this.#sent.filter((at) => at > now - DAY_MS).slice(-MOST_KEPT);
  }
}

/** A day's identifies of a bot come to less, and a file of many shards has to stay small. */
const MOST_KEPT = 1_000;

function refusal(ms: number): Permit {
  const minutes = Math.ceil(ms / 60_000);
  return {
    granted: false,
    reason: `this shard has used up its bucket of ${BUCKET_SIZE} identifies: the next comes in ${minutes} min`,
    retryAfter: Math.ceil(ms),
  };
}
