/**
 * The permits of one shard, whose identifies are a bucket as well: whatever port it is given, and whatever the Gateway
 * does, the shard does not use up the identifies of the day.
 */

import type { ClockPort, Permit, PermitPort, SessionStartLimit } from '../ports/index.js';
import { BUCKET_SIZE, type IdentifiesLeft, IdentifyBucket } from './identify-bucket.js';

/** A permit port with the bucket of one shard before it. An Identify that follows an order is counted and not refused. */
export class BudgetedPermits implements PermitPort {
  readonly #port: PermitPort;
  readonly #clock: ClockPort;
  readonly #bucket: IdentifyBucket;
  #isOrdered = false;

  constructor(port: PermitPort, clock: ClockPort, shardCount: number) {
    this.#port = port;
    this.#clock = clock;
    this.#bucket = new IdentifyBucket(shardCount);
  }

  /** Times in ms since 1970. */
  get identifies(): IdentifiesLeft {
    return this.#bucket.look(this.#clock.now());
  }

  /** A person has ordered to connect: the next Identify goes out at once. */
  takeOrder(): void {
    this.#isOrdered = true;
  }

  /** What was ordered has come about. */
  endOrder(): void {
    this.#isOrdered = false;
  }

  async request(options: Parameters<PermitPort['request']>[0]): Promise<Permit> {
    const wait = this.#bucket.wait(this.#clock.now());
    if (wait > 0 && !this.#isOrdered) return refusal(wait);
    const permit = await this.#port.request(options);
    return permit.granted ? { granted: true, settle: (use) => this.#settle(permit, use) } : permit;
  }

  /** What the port returns, although it should not, is its host's to look at. */
  update(limit: SessionStartLimit): unknown {
    this.#bucket.setTotal(limit.total, this.#clock.now());
    return this.#port.update(limit);
  }

  #settle(permit: Permit & { granted: true }, use: 'used' | 'unused'): unknown {
    if (use === 'used') {
      this.#bucket.take(this.#clock.now());
      this.endOrder();
    }
    return permit.settle(use);
  }
}

function refusal(ms: number): Permit {
  const minutes = Math.ceil(ms / 60_000);
  return {
    granted: false,
    reason: `this shard has used up its bucket of ${BUCKET_SIZE} identifies: the next comes in ${minutes} min`,
    retryAfter: Math.ceil(ms),
  };
}
