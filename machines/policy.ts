import type { CloseCode } from './protocol/close-codes.js';

/** A span of time in milliseconds from which the host draws; the chart alone takes the upper end. */
export type Span = readonly [least: number, most: number];

/**
 * Everything about the shard's behaviour that the documentation leaves to the client, in one place.
 * All times are milliseconds. Plain data: a policy can be printed, compared and stored.
 */
export interface Policy {
  /** How long each state waits before it gives up. */
  readonly deadlines: {
    /** `locating`: an answer to Get Gateway Bot. */
    readonly locate: number;
    /** `opening`: the WebSocket handshake. */
    readonly open: number;
    /** `awaitingHello`: the first message of a connection. */
    readonly hello: number;
    /** `queuedForIdentify`: reported when it passes, then waited for again. */
    readonly permit: number;
    /** `identifying`: long, since each retry costs one of the day's identifies. */
    readonly ready: number;
    /** `resuming`: this long without a replayed dispatch. */
    readonly resumed: number;
    /** `closing`: the peer's answer to our close frame. */
    readonly close: number;
    /** `overdue`: this long without any frame, once an ACK is missing. */
    readonly silence: number;
  };
  /** How long `waiting` waits, by what led there. */
  readonly waits: {
    /** The first retry after a connection that had held. */
    readonly quick: Span;
    /** Every other retry: full jitter between 0 and `base * factor ** (attempt - 1)`, at most `cap`. */
    readonly backoff: { readonly base: number; readonly factor: number; readonly cap: number };
    /** After Invalid Session; doubled with each identify that failed before, at most the back-off's cap. */
    readonly invalidSession: Span;
    /** After close code 4008: time for the queue to calm down. */
    readonly cooldown: Span;
    /** After `identifyBudget` identifies in a row that led to nothing. */
    readonly identifiesSpent: Span;
  };
  /** Resumes in a row that may fail, without a single dispatch, before the session is dropped. */
  readonly resumeBudget: number;
  /** Identifies in a row that may fail before a long wait. */
  readonly identifyBudget: number;
  /** A connection counts as good once it was ready for this many heartbeat intervals. */
  readonly stability: number;
  /** What proves that the Gateway hears us: its ACK alone, as documented, or any message. */
  readonly zombieTest: 'ack' | 'anyTraffic';
  /** Our close code when the session is to survive; anything but 1000 and 1001, and within 3000-4999. */
  readonly closeCode: number;
  /**
   * Heartbeat intervals taken for sane; a Hello outside is malformed. 500 ms alone would fill 120 sends per 60 s; beyond
   * an hour nobody would notice that the connection is dead.
   */
  readonly heartbeatInterval: Span;
  /** What Invalid Session with `d: true` leads to; with `d: false` it is always a new session. */
  readonly invalidSession: 'resume' | 'identify';
  /** Rows that replace or complete those of `CLOSE_CODES`. */
  readonly closeCodes: Readonly<Record<number, Partial<CloseCode>>>;
}

/** The longest delay a JavaScript timer can hold, in milliseconds. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** What gatechart does unless told otherwise. */
export const DEFAULT_POLICY: Policy = {
  deadlines: {
    locate: 15_000,
    open: 10_000,
    hello: 20_000,
    permit: 60_000,
    ready: 300_000,
    resumed: 60_000,
    close: 500,
    silence: 250,
  },
  waits: {
    quick: [0, 500],
    backoff: { base: 1_000, factor: 2, cap: 60_000 },
    invalidSession: [1_000, 5_000],
    cooldown: [5_000, 10_000],
    identifiesSpent: [300_000, 600_000],
  },
  resumeBudget: 3,
  identifyBudget: 5,
  stability: 1,
  zombieTest: 'ack',
  closeCode: 4900,
  heartbeatInterval: [500, 3_600_000],
  invalidSession: 'resume',
  closeCodes: {},
};

/** A policy with some of its values left out. */
export type PolicyOptions = {
  readonly [K in keyof Policy]?: K extends 'deadlines' | 'waits' ? Partial<Policy[K]> : Policy[K];
};

/** The default policy with `options` laid over it. Throws a `RangeError` that names the value which makes no sense. */
export function policyFrom(options?: PolicyOptions): Policy {
  if (options === undefined) return DEFAULT_POLICY;
  const policy: Policy = {
    ...DEFAULT_POLICY,
    ...options,
    deadlines: { ...DEFAULT_POLICY.deadlines, ...options.deadlines },
    waits: { ...DEFAULT_POLICY.waits, ...options.waits },
  };
  for (const [name, ms] of Object.entries(policy.deadlines)) {
    demand(isTime(ms) && ms > 0, `deadlines.${name}`, ms, 'a time above 0 ms that a timer can hold');
  }
  const { backoff, ...spans } = policy.waits;
  for (const [name, span] of Object.entries({ ...spans })) {
    demand(isSpan(span), `waits.${name}`, span, 'two times in milliseconds, the smaller first');
  }
  demand(isTime(backoff.base) && isTime(backoff.cap), 'waits.backoff', backoff, 'a base and a cap in milliseconds');
  demand(backoff.factor >= 1, 'waits.backoff.factor', backoff.factor, 'a number of at least 1');
  demand(isCount(policy.resumeBudget), 'resumeBudget', policy.resumeBudget, 'a whole number of at least 0');
  demand(
    isCount(policy.identifyBudget) && policy.identifyBudget > 0,
    'identifyBudget',
    policy.identifyBudget,
    'a whole number of at least 1',
  );
  demand(
    policy.stability > 0 && Number.isFinite(policy.stability),
    'stability',
    policy.stability,
    'a number of heartbeat intervals above 0',
  );
  demand(
    policy.closeCode >= 3000 && policy.closeCode <= 4999,
    'closeCode',
    policy.closeCode,
    'a code within 3000-4999, the only ones every WebSocket can send and that keep the session',
  );
  demand(
    isSpan(policy.heartbeatInterval) && policy.heartbeatInterval[0] > 0,
    'heartbeatInterval',
    policy.heartbeatInterval,
    'two times above 0 ms, the smaller first',
  );
  return policy;
}

function demand(holds: boolean, name: string, value: unknown, wanted: string): asserts holds {
  if (!holds) throw new RangeError(`policy.${name} is ${JSON.stringify(value)}; it must be ${wanted}`);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LONGEST_TIMER;
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isSpan(value: unknown): value is Span {
  return Array.isArray(value) && value.length === 2 && isTime(value[0]) && isTime(value[1]) && value[0] <= value[1];
}
