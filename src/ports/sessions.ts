import type { ResumeRecord } from './store.js';

/** The identifies of a shard, as a later process has to know them. Times in ms since 1970. */
export interface KeptIdentifies {
  /** When identifies were sent in the last 24 hours, the oldest first. */
  readonly sent: readonly number[];
  /** How many are left of the shard's bucket. */
  readonly left: number;
  /** When there is one more; null when none is missing. */
  readonly nextAt: number | null;
}

/** What is kept of a shard from one process to the next: plain JSON. It is as secret as a `ResumeRecord`. */
export interface KeptSession {
  readonly version: 1;
  readonly shard: readonly [id: number, count: number];
  /** Null where there is no session to be resumed. */
  readonly resume: ResumeRecord | null;
  readonly identifies: KeptIdentifies;
  /** When it was last known to be so, in ms since 1970. */
  readonly savedAt: number;
}

/** Keeps the sessions of all shards of one bot. One process at a time uses it. */
export interface SessionsPort {
  /** What is kept, of all shards. */
  load(): Promise<readonly KeptSession[]>;
  /** Keeps this of its shard, instead of what was kept before. Fulfilled once it outlives the process. */
  save(kept: KeptSession): Promise<void>;
}
