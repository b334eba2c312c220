import type { SessionStartLimit } from './locator.js';

/**
 * A permit is good for so long from when it was granted, in ms. A host that comes later with it, as after the machine
 * slept, settles it unused; a port that is told nothing counts it as used.
 */
export const PERMIT_LIFE_MS = 2_000;

/** An answer to a request for an identify. */
export type Permit =
  | {
      readonly granted: true;
      /**
       * How long the port let the shard wait before it granted, in ms. What has passed since the request beyond that is
       * the age of the permit, whatever the clocks on either side show. Without it the permit counts as new when it arrives.
       */
      readonly waited?: number;
      /** Said once: whether an Identify was sent. An unused permit may serve another. */
      settle(use: 'used' | 'unused'): void;
    }
  | {
      readonly granted: false;
      readonly reason: string;
      /** When to ask again, in ms; null if never. */
      readonly retryAfter: number | null;
    };

/** What a shard asks for. */
export interface PermitRequest {
  readonly shardId: number;
  readonly shardCount: number;
  /** A person has ordered it: it may be taken of what is kept for orders. */
  readonly ordered?: boolean;
  readonly signal: AbortSignal;
}

/** An identify that an earlier process sent. */
export interface PastIdentify {
  readonly shardId: number;
  /** How long before now, in ms. */
  readonly ago: number;
}

/** Permits identifies: one per 5 s and lane (`shard_id % max_concurrency`), within the day's budget. */
export interface PermitPort {
  /** Waits for a place. Rejects only with the signal's reason, once aborted; a place in the queue is then given up. */
  request(options: PermitRequest): Promise<Permit>;
  /** What Get Gateway Bot last said. */
  update(limit: SessionStartLimit): void;
  /** Whether what it said is too old to go by: a host asks it before the next request then, and tells it by `update`. */
  isStale?(): boolean;
  /** Identifies of earlier processes, as a port that lives no longer than its process has to be told them. */
  remember?(identifies: readonly PastIdentify[]): void;
}
