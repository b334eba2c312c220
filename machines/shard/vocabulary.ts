/**
 * The words of the shard chart: its events, effects, context, guards, actions and delays.
 * The chart (chart.ts and its parts) holds names only; what they do stands here, a line each. What they mean to people: words.ts.
 */

import { type AnyActorRef, and, assign, cancel, not, or, setup, stateIn } from 'xstate';
import { effect } from '../kit/gate.js';
import { demandGiven, type Fields, isFunction, isObject, type Rule } from '../kit/shape.js';
import { type CloseCode, closeCode } from '../protocol/close-codes.js';
import type { Cause, CauseName } from './causes.js';
import { DEFAULT_POLICY, LONGEST_TIMER, type Policy, type Span } from './policy.js';
import { discreet, type Session } from './session-data.js';

export type { Session } from './session-data.js';

/** What `waiting` waits for. */
export type Wait =
  | { readonly for: 'retry' | 'backoff' | 'cooldown' | 'invalidSession' | 'order' }
  | { readonly for: 'retryAfter'; readonly ms: number };

/** The deadlines of the chart; each is a timer's id, its delay's name, and `timer.<name>` its event. */
export const TIMERS = [
  'locate',
  'open',
  'hello',
  'permit',
  'ready',
  'resumed',
  'replay',
  'settle',
  'firstHeartbeat',
  'heartbeat',
  'silence',
  'overdue',
  'close',
  'reconnect',
  'room',
] as const;
/** The name of a deadline. */
export type Timer = (typeof TIMERS)[number];

/** What a person orders; legal in every state. */
export type Order =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'detach' }
  | { readonly type: 'reconnect'; readonly fresh: boolean };

/** Answers of locator, permits and socket, each with the number of its question. `retryAfter` is in ms. */
export type Answer =
  | { readonly type: 'located'; readonly request: number; readonly url: string }
  | {
      readonly type: 'locateFailed';
      readonly request: number;
      readonly reason: 'unauthorized' | 'rateLimited' | 'unavailable' | 'unreachable';
      readonly retryAfter?: number;
      /** Of the system, such as ENOTFOUND. */
      readonly systemCode?: string;
      readonly httpStatus?: number;
    }
  | { readonly type: 'permitGranted'; readonly request: number }
  /** `retryAfter` null: refused for good. */
  | {
      readonly type: 'permitRefused';
      readonly request: number;
      readonly reason: string;
      readonly retryAfter: number | null;
    }
  | { readonly type: 'opened'; readonly connection: number }
  | {
      readonly type: 'closed';
      readonly connection: number;
      readonly code: number;
      readonly reason?: string;
      /** Of the system, such as ECONNRESET. */
      readonly systemCode?: string;
      readonly httpStatus?: number;
      readonly retryAfter?: number;
    };

/** The Gateway's messages, as far as they matter to the chart. `interval` is in ms. */
export type Frame =
  | { readonly type: 'hello'; readonly connection: number; readonly interval: number }
  | { readonly type: 'heartbeatAck'; readonly connection: number }
  | { readonly type: 'heartbeatRequested'; readonly connection: number }
  | { readonly type: 'reconnectRequested'; readonly connection: number }
  | { readonly type: 'invalidSession'; readonly connection: number; readonly resumable: boolean }
  /** READY. A session of null cannot be resumed: its id was missing. A sequence of null: the message had none, here and below. */
  | {
      readonly type: 'ready';
      readonly connection: number;
      readonly sequence: number | null;
      readonly session: Session | null;
    }
  | { readonly type: 'resumed'; readonly connection: number; readonly sequence: number | null }
  /** One dispatch, or several told at once, each above the one before it: `sequence` is the last one's. */
  | { readonly type: 'dispatch'; readonly connection: number; readonly sequence: number | null; readonly name?: string }
  | { readonly type: 'dispatched'; readonly connection: number; readonly sequence: number; readonly count: number }
  | { readonly type: 'unknownOpcode'; readonly connection: number; readonly opcode: number }
  | { readonly type: 'malformed'; readonly connection: number; readonly problem: string }
  /** Such as a corrupt compressed stream: nothing that follows on this connection can be understood. */
  | { readonly type: 'undecodable'; readonly connection: number; readonly problem: string };

/** What the host tells of dispatches that were received and nobody has taken yet. */
export type Backlog =
  /** They fill the buffer. */
  | { readonly type: 'backlogFull' }
  /** There is room again. */
  | { readonly type: 'backlogDrained' }
  /** One finds no room, and reading is not paused: `sequence` is the last before it, from which it is to come again. */
  | { readonly type: 'backlogOverflowed'; readonly sequence: number };

/** What the heartbeat tells the session, within a step: the peer has answered. */
export type SignOfLife = { readonly type: 'lifeSign' };

/** Every event of the shard chart. */
export type ShardEvent = Order | Answer | Frame | Backlog | SignOfLife | { readonly type: `timer.${Timer}` };

/** What states say of a shard, for `snapshot.hasTag(…)`. A shard that is neither ready nor degraded is down, or about to be. */
export type ShardTag =
  /** Dispatches are delivered. */
  | 'streaming'
  /** They are those of a resume that is not over yet. */
  | 'replaying'
  /** The session lives: commands may be sent. */
  | 'ready'
  /** It has lived for so long that earlier failures are forgiven. */
  | 'settled'
  /** The socket is not read. */
  | 'paused'
  /** Dispatches do not arrive, or the peer may be dead; the shard is about to put that right. */
  | 'degraded'
  /** It has failed, or will once its connection is closed. */
  | 'failing';

/** What the chart asks its host to do. The token is nowhere: the host adds it. */
export interface ShardEffects {
  locateGateway: { readonly request: number };
  cancelLocate: { readonly request: number };
  openSocket: { readonly connection: number; readonly url: string };
  sendHeartbeat: { readonly sequence: number | null };
  requestPermit: { readonly request: number };
  cancelPermit: { readonly request: number };
  sendIdentify: Record<never, never>;
  sendResume: { readonly sessionId: string; readonly sequence: number };
  closeSocket: { readonly code: number };
  dropSocket: { readonly connection: number };
  /** To read nothing from the socket, and to read on. */
  pauseSocket: Record<never, never>;
  resumeSocket: Record<never, never>;
  report: { readonly cause: Cause };
}

/**
 * What the chart remembers. Guards read `session`, `gatewayUrl`, `resumes`, `policy`, and of `sequence` whether there is
 * one and whether another is above it; the rest sets delays and payloads.
 */
export interface ShardContext {
  readonly policy: Policy;
  readonly session: Session | null;
  /** The last `s` received in this session; null before the first. */
  readonly sequence: number | null;
  /** The main Gateway URL; null until located, and again once connecting to it failed. */
  readonly gatewayUrl: string | null;
  /** The number of the newest connection, and of the newest question to locator or permits. */
  readonly connection: number;
  readonly request: number;
  /** From Hello, in ms. */
  readonly heartbeatInterval: number;
  /** Resumes in a row that brought nothing: counted on entry, forgiven by the first dispatch that was not there before. */
  readonly resumes: number;
  /** Tries since a connection last held; 0 while one holds. */
  readonly attempts: number;
  readonly wait: Wait;
  /** Why the chart last moved. */
  readonly cause: Cause;
}

/** What a shard starts from. A session needs its sequence. */
export interface ShardInput {
  /** `DEFAULT_POLICY` unless told. */
  readonly policy?: Policy;
  readonly gatewayUrl?: string | null;
  readonly session?: Session | null;
  readonly sequence?: number | null;
}

/** A part of a policy would leave the rest of it undefined. */
const INPUT: Fields = {
  fields: {
    policy: {
      says: 'a whole policy, as policyFrom({ … }) makes it of a part',
      holds: (value) => isObject(value) && Object.keys(DEFAULT_POLICY).every((name) => name in value),
    },
    gatewayUrl: { says: 'a URL or null', holds: (value) => value === null || typeof value === 'string' },
    session: { says: '{ id, url } or null', holds: (value) => value === null || isObject(value) },
    sequence: { says: 'a whole number or null', holds: (value) => value === null || Number.isInteger(value) },
  } satisfies Record<keyof ShardInput, Rule>,
};

/** The context of a shard that has never run. */
export function shardContext(input: ShardInput = {}): ShardContext {
  demandGiven('input', input, INPUT);
  const { policy = DEFAULT_POLICY, gatewayUrl = null, session = null, sequence = null } = input;
  const resumable = session !== null && sequence !== null;
  return {
    policy,
    session: resumable ? sessionUnder(policy, session) : null,
    sequence: resumable ? sequence : null,
    gatewayUrl,
    connection: 0,
    request: 0,
    heartbeatInterval: 0,
    resumes: 0,
    attempts: 1,
    wait: { for: 'retry' },
    cause: { name: 'stopped' },
  };
}

/** A session as it is to be resumed. */
function sessionUnder({ resumeAt }: Policy, { id, url }: Session): Session {
  return discreet({ id, url: resumeAt === 'main' ? null : url });
}

/** The row for a close code: ours, with the policy's laid over it. */
export function closeCodeUnder(policy: Policy, code: number): CloseCode {
  return { ...closeCode(code), ...policy.closeCodes[code] };
}

/**
 * How long each timer may take, in ms: the host draws from the span, the chart alone takes its upper end.
 * Only the first heartbeat and the reconnect leave anything to chance.
 */
export const SPANS: { readonly [T in Timer]: (context: ShardContext) => Span } = {
  locate: fixed((c) => c.policy.deadlines.locate),
  open: fixed((c) => c.policy.deadlines.open),
  hello: fixed((c) => c.policy.deadlines.hello),
  permit: fixed((c) => c.policy.deadlines.permit),
  ready: fixed((c) => c.policy.deadlines.ready),
  resumed: fixed((c) => c.policy.deadlines.resumed),
  replay: fixed((c) => c.policy.deadlines.ready),
  settle: fixed((c) => Math.max(c.policy.stability * c.heartbeatInterval, c.policy.waits.backoff.cap / 2)),
  firstHeartbeat: (c) => [0, c.heartbeatInterval], // interval * random, random in [0, 1)
  heartbeat: fixed((c) => c.heartbeatInterval),
  silence: fixed((c) => Math.min(c.policy.deadlines.silence, c.heartbeatInterval)),
  overdue: fixed((c) => c.policy.deadlines.overdue),
  close: fixed((c) => c.policy.deadlines.close),
  reconnect: reconnectSpan,
  room: fixed((c) => c.policy.deadlines.room),
};

/** What XState gives to a delay. */
export interface DelayArguments {
  readonly context: ShardContext;
  readonly self: AnyActorRef;
}

/** The delays as a host provides them to the chart: drawn from their spans with numbers in [0, 1). */
export function drawDelays(random: (args: DelayArguments, timer: Timer) => number): {
  readonly [T in Timer]: (args: DelayArguments) => number;
} {
  demandGiven('random', random, isFunction);
  const delays = TIMERS.map((timer) => [
    timer,
    (args: DelayArguments) => {
      const [least, most] = SPANS[timer](args.context);
      return least === most ? least : least + random(args, timer) * (most - least);
    },
  ]);
  return Object.fromEntries(delays);
}

function fixed(ms: (context: ShardContext) => number): (context: ShardContext) => Span {
  return (context) => [ms(context), ms(context)];
}

function reconnectSpan({ policy, attempts, wait }: ShardContext): Span {
  const { quick, backoff, invalidSession, cooldown } = policy.waits;
  const grown = backoff.base === 0 ? 0 : backoff.base * backoff.factor ** Math.max(0, attempts - 1);
  const most = Math.min(backoff.cap, grown);
  const growing: Span = [most / 2, most];
  const hasHeld = attempts === 0;
  const retry = hasHeld ? quick : growing;
  switch (wait.for) {
    case 'order':
      return [0, 0];
    case 'retryAfter':
      return [Math.min(wait.ms + retry[0], LONGEST_TIMER), Math.min(wait.ms + retry[1], LONGEST_TIMER)];
    case 'backoff':
      return growing;
    case 'retry':
      return retry;
    default: {
      const own = wait.for === 'cooldown' ? cooldown : invalidSession;
      return hasHeld ? own : [Math.max(own[0], growing[0]), Math.max(own[1], growing[1])];
    }
  }
}

const OPEN = '#shard.running.connection.open';

/** The chart's words, to write a chart with: `shardSetup.createMachine({ ... })`. */
export const shardSetup = setup({
  types: {} as {
    context: ShardContext;
    events: ShardEvent;
    input: ShardInput | undefined;
    tags: ShardTag;
    meta: { readonly spec: string };
  },

  delays: Object.fromEntries(
    TIMERS.map((timer) => [timer, ({ context }: { context: ShardContext }) => SPANS[timer](context)[1]]),
  ) as { [T in Timer]: (args: { context: ShardContext }) => number },

  guards: {
    hasSession: ({ context }) => context.session !== null,
    hasResumeUrl: ({ context }) => context.session !== null && context.session.url !== null,
    knowsGateway: ({ context }) => context.gatewayUrl !== null,
    /** Too many resumes brought nothing; or no dispatch of the session told a sequence, so that there is none to resume from. */
    cannotResume: ({ context }) =>
      context.session !== null && (context.resumes >= context.policy.resumeBudget || context.sequence === null),
    isUnauthorized: ({ event }) => event.type === 'locateFailed' && event.reason === 'unauthorized',
    isRefusedForGood: ({ event }) => event.type === 'permitRefused' && event.retryAfter === null,
    isFresh: ({ event }) => event.type === 'reconnect' && event.fresh,
    mayResume: ({ context, event }) =>
      event.type === 'invalidSession' &&
      event.resumable &&
      context.session !== null &&
      context.sequence !== null &&
      context.policy.invalidSession === 'resume',
    /** Within a session the sequence received only grows: what is not above it was there before. */
    isNew: ({ context, event }) =>
      'sequence' in event && event.sequence !== null && event.sequence > (context.sequence ?? -1),
    isNumbered: ({ event }) => 'sequence' in event && event.sequence !== null,
    trafficIsLife: ({ context }) => context.policy.zombieTest === 'anyTraffic',
    forbidsReconnect: ({ context, event }) => recoveryAfter(context, event) === 'stop',
    demandsIdentify: ({ context, event }) => recoveryAfter(context, event) === 'identify',
    // The same while our own close frame is out: a code of ours only answers it.
    crossesForGood: ({ context, event }) => recoveryAfterCrossing(context, event) === 'stop',
    crossesForIdentify: ({ context, event }) => recoveryAfterCrossing(context, event) === 'identify',
    // What goes on in the other regions of an open connection.
    isPaused: stateIn(`${OPEN}.reading.paused`),
    mayPause: and([
      or([stateIn(`${OPEN}.session.resuming`), stateIn(`${OPEN}.session.ready`)]),
      not(or([stateIn(`${OPEN}.heartbeat.beating.catchingUp`), stateIn(`${OPEN}.heartbeat.beating.overdue`)])),
    ]),
  },

  actions: {
    // What the chart remembers.
    numberConnection: assign({ connection: ({ context }) => context.connection + 1 }),
    numberRequest: assign({ request: ({ context }) => context.request + 1 }),
    takeGatewayUrl: assign(({ event }) => (event.type === 'located' ? { gatewayUrl: event.url } : {})),
    takeInterval: assign(({ event }) => (event.type === 'hello' ? { heartbeatInterval: event.interval } : {})),
    takeSession: assign(({ context, event: e }) =>
      e.type === 'ready'
        ? { session: e.session && sessionUnder(context.policy, e.session), sequence: e.sequence, resumes: 0 }
        : {},
    ),
    /** Within a session the sequence never goes back, whatever a stray message says. */
    takeSequence: assign(({ context, event }) =>
      'sequence' in event && event.sequence !== null
        ? { sequence: Math.max(context.sequence ?? 0, event.sequence) }
        : {},
    ),
    /** What found no room counts as not received: the replay brings it again. */
    goBack: assign(({ context: { sequence }, event }) =>
      event.type === 'backlogOverflowed' && sequence !== null ? { sequence: Math.min(sequence, event.sequence) } : {},
    ),
    /** What failed to connect is not asked again: the session's own URL, or else the main one. The session stays. */
    forgetUrl: assign(({ context: { session } }) =>
      session !== null && session.url !== null
        ? { session: discreet({ ...session, url: null }) }
        : { gatewayUrl: null },
    ),
    forgetSession: assign({ session: null, sequence: null, resumes: 0 }),
    countResume: assign({ resumes: ({ context }) => context.resumes + 1 }),
    countAttempt: assign({ attempts: ({ context }) => context.attempts + 1 }),
    /** A close code that allows so many resumes spends the budget once as many were tried and brought nothing. */
    limitResumes: assign(({ context, event }) => {
      const { attempts } = event.type === 'closed' ? closeCodeUnder(context.policy, event.code) : {};
      if (context.session === null || attempts === undefined || context.resumes < attempts) return {};
      return { resumes: Math.max(context.resumes, context.policy.resumeBudget) };
    }),
    /** What was not there before shows that the session lives: the resumes before it were no failures of it. */
    forgiveResumes: assign({ resumes: 0 }),
    forgive: assign({ resumes: 0, attempts: 0 }),
    startCounting: assign({ resumes: 0, attempts: 1 }),
    waitFor: assign((_, { wait }: { wait: Exclude<Wait['for'], 'retryAfter'> }) => ({ wait: { for: wait } })),
    waitAsTold: assign(({ context, event }) => ({ wait: waitAfter(context, event) })),
    /** A close that crosses ours: what its code asks for, unless we were told how long to wait, or wait longer already. */
    waitAsCrossed: assign(({ context, event }) => {
      const wait = waitAfter(context, event);
      const isLonger = wait.for === 'backoff' && context.wait.for === 'invalidSession'; // never shorter than a back-off
      return wait.for === 'retry' || context.wait.for === 'retryAfter' || isLonger ? {} : { wait };
    }),
    remember: assign(({ event }, { cause }: { cause: CauseName }) => ({ cause: { name: cause, ...detail(event) } })),

    // Timers: the event of a deadline, its id and its delay carry one name.
    disarm: cancel((_, { timer }: { timer: Timer }) => timer),

    // Effects: typed here, done by the host.
    locateGateway: effect<ShardEffects['locateGateway']>(),
    cancelLocate: effect<ShardEffects['cancelLocate']>(),
    openSocket: effect<ShardEffects['openSocket']>(),
    sendHeartbeat: effect<ShardEffects['sendHeartbeat']>(),
    requestPermit: effect<ShardEffects['requestPermit']>(),
    cancelPermit: effect<ShardEffects['cancelPermit']>(),
    sendIdentify: effect<ShardEffects['sendIdentify']>(),
    sendResume: effect<ShardEffects['sendResume']>(),
    closeSocket: effect<ShardEffects['closeSocket']>(),
    dropSocket: effect<ShardEffects['dropSocket']>(),
    pauseSocket: effect<ShardEffects['pauseSocket']>(),
    resumeSocket: effect<ShardEffects['resumeSocket']>(),
    report: effect<ShardEffects['report']>(),
  },
});

function recoveryAfter({ policy }: ShardContext, event: ShardEvent): CloseCode['recovery'] | null {
  return event.type === 'closed' ? closeCodeUnder(policy, event.code).recovery : null;
}

function recoveryAfterCrossing(context: ShardContext, event: ShardEvent): CloseCode['recovery'] | null {
  const isOurs = event.type === 'closed' && (event.code === 1000 || event.code === context.policy.closeCode);
  return isOurs ? null : recoveryAfter(context, event);
}

function waitAfter({ policy }: ShardContext, event: ShardEvent): Wait {
  if ('retryAfter' in event && typeof event.retryAfter === 'number') return { for: 'retryAfter', ms: event.retryAfter };
  if (event.type === 'closed') return { for: closeCodeUnder(policy, event.code).wait ?? 'retry' };
  return { for: 'retry' };
}

/** What the system, or HTTP, said of a connection that did not come about. */
function outage({ systemCode, httpStatus }: { readonly systemCode?: string; readonly httpStatus?: number }) {
  return {
    ...(systemCode === undefined ? {} : { systemCode }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
  };
}

/** What an event tells of its cause, beyond its type. */
function detail(event: ShardEvent): Omit<Cause, 'name'> {
  switch (event.type) {
    case 'closed':
      return {
        closeCode: event.code,
        ...(event.reason ? { reason: event.reason } : {}),
        ...(event.retryAfter === undefined ? {} : { retryAfter: event.retryAfter }),
        ...outage(event),
      };
    case 'locateFailed':
      return {
        reason: event.reason,
        ...(event.retryAfter === undefined ? {} : { retryAfter: event.retryAfter }),
        ...outage(event),
      };
    case 'permitRefused':
      return { reason: event.reason, ...(event.retryAfter === null ? {} : { retryAfter: event.retryAfter }) };
    case 'malformed':
    case 'undecodable':
      return { reason: event.problem };
    case 'unknownOpcode':
      return { frame: `op ${event.opcode}` };
    case 'dispatch':
      return { frame: event.name ?? 'dispatch' };
    case 'dispatched':
      return { frame: 'dispatch' }; // one or many: the cause is the same
    case 'hello':
    case 'ready':
    case 'resumed':
      return { frame: event.type };
    default:
      return {};
  }
}

/** An action by its name, or with its parameters, as a chart takes it. */
export type ShardAction = Exclude<
  NonNullable<Parameters<typeof shardSetup.createStateConfig>[0]['entry']>,
  readonly unknown[]
>;

// Helpers that make a chart's lines short. Each stands for actions of the vocabulary.

/** Starts a timer: `timer.<name>` arrives after the delay of the same name, unless it is disarmed. */
export function arm(timer: Timer) {
  return shardSetup.raise({ type: `timer.${timer}` }, { id: timer, delay: timer });
}

/** Stops a timer. */
export function disarm(timer: Timer) {
  return { type: 'disarm', params: { timer } } as const;
}

/** The reason for a transition: remembered, and reported on the transition itself. */
export function because(cause: CauseName) {
  return [
    { type: 'remember', params: { cause } },
    { type: 'report', params: ({ context }: { context: ShardContext }) => ({ cause: context.cause }) },
  ] as const;
}

/** Tells the session that the peer has answered. */
export const lifeSign = shardSetup.raise({ type: 'lifeSign' });

/** A heartbeat with the last sequence received. */
export const sendHeartbeat = {
  type: 'sendHeartbeat',
  params: ({ context }: { context: ShardContext }) => ({ sequence: context.sequence }),
} as const;

/** A row of a transition list, as far as `onTraffic` adds to it. */
export interface TrafficRow {
  readonly guard?: 'trafficIsLife';
  readonly target: string;
  readonly reenter?: boolean;
  readonly actions?: readonly ShardAction[];
}

/**
 * The same rows for every message that leaves the connection open and is no ACK. A requested heartbeat is still
 * answered: in a parallel state the inner handler hides the outer one.
 */
export function onTraffic(...rows: readonly TrafficRow[]) {
  const on = rows.map(({ actions = [], ...row }) => ({ ...row, actions: [...actions] }));
  const answered = rows.map(({ actions = [], ...row }) => ({
    ...row,
    actions: [sendHeartbeat, ...because('heartbeatRequested'), ...actions],
  }));
  return {
    hello: on,
    ready: on,
    resumed: on,
    dispatch: on,
    dispatched: on,
    unknownOpcode: on,
    malformed: on,
    heartbeatRequested: answered,
  };
}

/** How long the next `waiting` is to last. */
export function waitFor(wait: Exclude<Wait['for'], 'retryAfter'>) {
  return { type: 'waitFor', params: { wait } } as const;
}
