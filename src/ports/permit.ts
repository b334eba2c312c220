import type { SessionStartLimit } from './locator.js';

/** An answer to a request for an identify. */
export type Permit =
  | {
      readonly granted: true;
      /** Said once: whether an Identify was sent. An unused permit may serve another. */
      settle(use: 'used' | 'unused'): void;
    }
  | {
      readonly granted: false;
      readonly reason: string;
      /** When to ask again, in ms; null if never. */
      readonly retryAfter: number | null;
    };

/** Permits identifies: one per 5 s and lane (`shard_id % max_concurrency`), within the day's budget. */
export interface PermitPort {
  /** Waits for a place. Rejects only with the signal's reason, once aborted; a place in the queue is then given up. */
  request(options: {
    readonly shardId: number;
    readonly shardCount: number;
    readonly signal: AbortSignal;
  }): Promise<Permit>;
  /** What Get Gateway Bot last said. */
  update(limit: SessionStartLimit): void;
}
