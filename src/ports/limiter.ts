/** What a payload is counted as, in order of precedence. Close frames are not payloads: they are not counted and never wait. */
export type SendLane =
  /** Scheduled heartbeats, which never wait. */
  | 'heartbeat'
  /** Identify and Resume, of which each connection has one, which never waits. */
  | 'session'
  /** The heartbeat that answers op 1. */
  | 'answer'
  /** Update Voice State. */
  | 'voice'
  /** All other commands. */
  | 'user';

/** A payload that is to be sent, or was. */
export interface OutgoingPayload {
  readonly lane: SendLane;
  readonly op: number;
  readonly data: unknown;
}

/** What is left of the budget of a connection. */
export interface BudgetLeft {
  /** Commands that may be sent now; `Infinity` where nothing is counted. */
  readonly left: number;
  /** When the next command may be sent; null while one may be sent now. */
  readonly nextAt: number | null;
}

/**
 * Counts what one shard sends, one connection at a time. It holds no clock: `now` and all other times are those of the
 * shard's clock, in ms. That clock may stand still or be set back, and then a limiter waits longer; it must not run ahead.
 */
export interface SendLimiter {
  /** A new connection, whose budget is its own ("Rate Limiting"). */
  connected(): void;
  /** The next scheduled heartbeat is to be sent at `at`, and others follow in intervals of so many ms. */
  expectHeartbeat(at: number, interval: number, now: number): void;
  /** How long a payload has to wait, in ms; 0 if it may be sent now. Asked of the lanes `answer`, `voice` and `user` alone. */
  wait(payload: OutgoingPayload, now: number): number;
  /** A payload is being sent, whether it was asked for or not. */
  sent(payload: OutgoingPayload, now: number): void;
  /** Discord has refused a command for so many ms (RATE_LIMITED). */
  refused(payload: OutgoingPayload, retryAfter: number, now: number): void;
  /** What is left for commands. */
  look(now: number): BudgetLeft;
}

/** Limits what is sent: 120 payloads per 60 s and connection, heartbeats included. */
export interface LimiterPort {
  /** A limiter for one shard. */
  open(): SendLimiter;
}
