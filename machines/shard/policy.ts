import {
  demandShape,
  type Fields,
  isText,
  isTrueOrFalse,
  oneOf,
  type Rule,
  type Shape,
  wholeNumber,
} from '../kit/shape.js';
import type { CloseCode } from '../protocol/close-codes.js';

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
    /** `identifying`: long, since each retry costs one of the day's identifies. A replay takes no longer either. */
    readonly ready: number;
    /** `resuming`: this long without a replayed dispatch. */
    readonly resumed: number;
    /** `closing`: the peer's answer to our close frame. */
    readonly close: number;
    /** `overdue`: at least so long, and until the socket has been found empty, an ACK that is missing may yet be read. */
    readonly silence: number;
    /** `overdue`: so long at most, however much there is to be read. */
    readonly overdue: number;
    /** `awaitingRoom`: so long at most away from the Gateway, however full the buffer is. */
    readonly room: number;
  };
  /**
   * How long `waiting` waits, by what led there. Whatever that was, it waits as long as the back-off at least once a try
   * has failed, so that no loop of failures goes on at its first speed.
   */
  readonly waits: {
    /** The first retry after a connection that had held. */
    readonly quick: Span;
    /** Every other retry: `base * factor ** (attempt - 1)`, at most `cap`, of which the second half is left to chance. */
    readonly backoff: { readonly base: number; readonly factor: number; readonly cap: number };
    /** After Invalid Session. */
    readonly invalidSession: Span;
    /** After close code 4008: time for the queue to calm down. */
    readonly cooldown: Span;
  };
  /** Resumes in a row that may bring nothing, not one dispatch that was not there before, until the session is dropped. */
  readonly resumeBudget: number;
  /**
   * A connection counts as good with the first sign of life after it was ready for this many heartbeat intervals, and for
   * the shortest wait of a back-off that has grown to its cap: what lasts no longer earns no quick wait.
   */
  readonly stability: number;
  /** What proves that the Gateway hears us: its ACK alone, as documented, or any message. */
  readonly zombieTest: 'ack' | 'anyTraffic';
  /** Our close code when the session is to survive: within 3000-4999, and none of 4000-4016, with which Discord closes. */
  readonly closeCode: number;
  /**
   * Heartbeat intervals taken for sane; a Hello outside is malformed. 500 ms alone would fill 120 sends per 60 s; beyond
   * an hour nobody would notice that the connection is dead.
   */
  readonly heartbeatInterval: Span;
  /** What Invalid Session with `d: true` leads to; with `d: false` it is always a new session. */
  readonly invalidSession: 'resume' | 'identify';
  /** Where a session is resumed: at the URL that READY names, as documented, or at the main one, as behind a proxy. */
  readonly resumeAt: 'session' | 'main';
  /** Rows that replace or complete those of `CLOSE_CODES`. */
  readonly closeCodes: Readonly<Record<number, Partial<CloseCode>>>;
}

/** The longest delay a JavaScript timer can hold, in milliseconds: `setTimeout` turns a longer one into 1 ms. */
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
    overdue: 5_000,
    room: 60_000,
  },
  waits: {
    quick: [0, 500],
    backoff: { base: 1_000, factor: 2, cap: 60_000 },
    invalidSession: [1_000, 5_000],
    cooldown: [5_000, 10_000],
  },
  resumeBudget: 3,
  stability: 1,
  zombieTest: 'ack',
  closeCode: 4900,
  heartbeatInterval: [500, 3_600_000],
  invalidSession: 'resume',
  resumeAt: 'session',
  closeCodes: {},
};

/** A policy with some of its values left out. */
export type PolicyOptions = {
  readonly [K in keyof Policy]?: K extends 'deadlines'
    ? Partial<Policy[K]>
    : K extends 'waits'
      ? Partial<Omit<Policy['waits'], 'backoff'>> & { readonly backoff?: Partial<Policy['waits']['backoff']> }
      : Policy[K];
};

/**
 * The default policy with `options` laid over it. A value that makes no sense throws a `RangeError` or `TypeError` that
 * names it and says what would do; so does a name that no policy has.
 */
export function policyFrom(options?: PolicyOptions): Policy {
  if (options === undefined) return DEFAULT_POLICY;
  demandShape('policy', options, POLICY);
  const given = withoutUndefined(options);
  const waits = withoutUndefined(given.waits ?? {});
  return {
    ...DEFAULT_POLICY,
    ...given,
    deadlines: { ...DEFAULT_POLICY.deadlines, ...withoutUndefined(given.deadlines ?? {}) },
    waits: {
      ...DEFAULT_POLICY.waits,
      ...waits,
      backoff: { ...DEFAULT_POLICY.waits.backoff, ...withoutUndefined(waits.backoff ?? {}) },
    },
  } as Policy;
}

/** What is left out explicitly is left out all the same. */
function withoutUndefined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= LONGEST_TIMER;

const isSpan = (value: unknown): value is Span =>
  Array.isArray(value) && value.length === 2 && value.every(isTime) && Number(value[0]) <= Number(value[1]);

const DEADLINE: Rule = {
  says: 'a time above 0 ms that a timer can hold',
  holds: (value) => isTime(value) && value > 0,
};
const SPAN: Rule = { says: 'two times in milliseconds, the smaller first', holds: isSpan };
const TIME: Rule = { says: 'a time in milliseconds', holds: isTime };

const CLOSE_CODE: Rule = { says: 'a close code', holds: (value) => /^[1-4]\d{3}$/.test(String(value)) };

/** A row of `CLOSE_CODES`, or part of one. */
const CLOSE_CODE_ROW: Fields = {
  fields: {
    name: isText,
    says: isText,
    recovery: oneOf('resume', 'identify', 'stop'),
    fault: oneOf('client', 'gateway', 'network', 'nobody'),
    attempts: wholeNumber('a whole number of at least 0', 0),
    wait: oneOf('cooldown', 'backoff'),
    documented: isTrueOrFalse,
  },
};

/** What a policy may say. */
const POLICY: Shape = {
  fields: {
    deadlines: { fields: shapesLike(DEFAULT_POLICY.deadlines, DEADLINE) },
    waits: {
      fields: {
        quick: SPAN,
        backoff: {
          fields: {
            base: TIME,
            factor: { says: 'a number of at least 1', holds: (value) => Number.isFinite(value) && Number(value) >= 1 },
            cap: TIME,
          },
        },
        invalidSession: SPAN,
        cooldown: SPAN,
      } satisfies Record<keyof Policy['waits'], Shape>,
    },
    resumeBudget: wholeNumber('a whole number of at least 0', 0),
    stability: {
      says: 'a number of heartbeat intervals above 0',
      holds: (value) => Number.isFinite(value) && Number(value) > 0,
    },
    zombieTest: oneOf('ack', 'anyTraffic'),
    closeCode: {
      says: "a code within 3000-4999, which every WebSocket can send and which keeps the session, but none of Discord's 4000-4016",
      holds: (value) =>
        Number.isInteger(value) && /^[34]\d{3}$/.test(String(value)) && !/^40(0\d|1[0-6])$/.test(String(value)),
    },
    heartbeatInterval: {
      says: 'two times above 0 ms, the smaller first',
      holds: (value) => isSpan(value) && value[0] > 0,
    },
    invalidSession: oneOf('resume', 'identify'),
    resumeAt: oneOf('session', 'main'),
    closeCodes: { key: CLOSE_CODE, each: CLOSE_CODE_ROW },
  } satisfies Record<keyof Policy, Shape>,
};

function shapesLike<K extends string>(values: Readonly<Record<K, unknown>>, rule: Rule): Readonly<Record<K, Rule>> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, rule])) as Record<K, Rule>;
}
