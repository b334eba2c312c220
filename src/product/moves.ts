/** Everything that can happen next in the product: orders, answers, deliveries, deadlines, and all that may go wrong. */
import { FAULTLESS } from '../../machines/gateway/laws/identify-facts.js';
import type { GatewayEvent, ShardEvent } from '../../machines/index.js';
import { closeCode, GATEWAY_TIMERS, TIMERS } from '../../machines/index.js';
import { LIMITED, MUTE_RESUMES, NO_RESUMES, RESUMED_HERE, withHandled } from './aside.js';
import { COLOURED_NAME, FOREIGN_ID, MESSAGES, PLAIN_NAME } from './charts.js';
import type { Joint } from './joint.js';
import {
  type Draft,
  type GatewayState,
  isHeard,
  isKnown,
  isRead,
  type JointState,
  type ShardState,
} from './joint-state.js';
import {
  ageOf,
  bitsOf,
  CORRUPT,
  CURRENT,
  closeBits,
  codeOf,
  disowned,
  FOLLOWED,
  isColoured,
  isForeign,
  kindOf,
  numberOf,
} from './messages.js';

/**
 * What a move is: `order` of a person, `answer` of locator, permits, the Gateway's door or the consumer, `delivery` of a message,
 * `timer`, `occurrence` at the Gateway that is nobody's fault, `fault`, and `late` for what comes of things given up.
 */
export type MoveKind = 'order' | 'answer' | 'delivery' | 'timer' | 'occurrence' | 'fault' | 'late';

/** Something that can happen. */
export interface Move {
  readonly name: string;
  readonly kind: MoveKind;
  /** Whose chart hears of it; null for what happens between them. */
  readonly to: 'shard' | 'gateway' | null;
  /** Whose chart decides by its state whether it can happen; the wire, for what is up to neither alone. */
  readonly by: 'shard' | 'gateway' | 'wire';
  /** Part of every undisturbed run: `now`, or `later` when nothing happens now. */
  readonly good: 'now' | 'later' | null;
  /** Whether its own chart lets it happen: what `may` asks of that chart's state, which is the same for many states. */
  readonly offers?: (state: JointState) => boolean;
  /** Whether it can happen here, as far as can be told without a step of the chart. */
  may(state: JointState): boolean;
  /** Makes the step in the draft; false if the chart does not handle the event, which its state alone decides. */
  run(joint: Joint, draft: Draft): boolean;
}

/** What a move is part of, and when it can happen: `offers` alone, unless there is more to it. */
interface Conditions extends Partial<Pick<Move, 'offers' | 'may'>> {
  readonly good?: 'now' | 'later';
}

const always = () => true;

type ShardSnapshot = ShardState['snapshot'];
type GatewaySnapshot = GatewayState['snapshot'];

const MAIN_URL = 'wss://gateway.discord.gg';
const RESUME_URL = 'wss://gateway-us-east1-b.discord.gg';

/** One code for each recovery: the rows of the charts ask no more. */
const ORDERED_CODES = [4000, 4009, 4004] as const;

/** Timers of the Gateway that stand for work, not for waiting. */
const AT_ONCE: readonly string[] = ['hello', 'ready', 'replay'];

let rows = 0;

/** A number for an event, of which the charts remember what it leads to. */
export function newNumber(): number {
  rows += 1;
  return rows;
}

export function shardMove(
  kind: MoveKind,
  name: string,
  event: (snapshot: ShardSnapshot) => ShardEvent,
  options: Conditions & { readonly prepare?: (draft: Draft) => void } = {},
): Move {
  const { good = null, offers, may = offers ?? always, prepare = () => {} } = options;
  const number = newNumber();
  return {
    name,
    kind,
    to: 'shard',
    by: 'shard',
    good,
    ...(offers === undefined ? {} : { offers }),
    may,
    run: (joint, draft) => {
      prepare(draft);
      return joint.tellShard(draft, number, event);
    },
  };
}

export function gatewayMove(
  kind: MoveKind,
  name: string,
  event: (snapshot: GatewaySnapshot) => GatewayEvent,
  options: Conditions = {},
): Move {
  const { good = null, offers, may = offers ?? always } = options;
  const number = newNumber();
  return {
    name,
    kind,
    to: 'gateway',
    by: 'gateway',
    good,
    ...(offers === undefined ? {} : { offers }),
    may,
    run: (joint, draft) => joint.tellGateway(draft, number, event),
  };
}

const order = (name: string, event: ShardEvent): Move => shardMove('order', name, () => event);

/** An answer to a question that is open. */
function answer(
  question: 'locate' | 'permit',
  name: string,
  event: (request: number) => ShardEvent,
  good?: 'now',
): Move {
  return shardMove(good ? 'answer' : 'fault', name, ({ context }) => event(context.request), {
    ...(good ? { good } : {}),
    may: (state) => state.question === question,
    prepare: (draft) => {
      draft.question = 'none';
    },
  });
}

/** A move that is a reason for something: to identify, to give up the session, to stop or to fail. */
function allowing(what: 'isPermitted' | 'endsSession' | 'endsShard', move: Move): Move {
  const run = (joint: Joint, draft: Draft): boolean => {
    joint.outcome[what] = true;
    return move.run(joint, draft);
  };
  return { ...move, run };
}

/** The answer to a question that was given up, before another was asked or after. */
export function lateAnswers(
  question: 'locate' | 'permit',
  name: string,
  event: (request: number) => ShardEvent,
): Move[] {
  return [false, true].map((isFollowed) => {
    const when = isFollowed ? 'after the next was asked' : 'before another is asked';
    const move = shardMove('late', `${name}, ${when}`, ({ context }) => event(context.request - (isFollowed ? 1 : 0)));
    const may = ({ late, isLateFollowed }: JointState) => late === question && isLateFollowed === isFollowed;
    const run = (joint: Joint, draft: Draft): boolean => {
      draft.late = 'none';
      draft.isLateFollowed = false;
      if (move.run(joint, draft)) joint.breaks('staleReceived');
      return true;
    };
    return { ...move, may, run };
  });
}

const located = (request: number): ShardEvent => ({ type: 'located', request, url: MAIN_URL });
const granted = (request: number): ShardEvent => ({ type: 'permitGranted', request });
const later = { reason: 'no identify is left today', retryAfter: 3_600_000 };
const forGood = { reason: 'refused by the application', retryAfter: null };
export const refused = (request: number): ShardEvent => ({ type: 'permitRefused', request, ...forGood });
export const unauthorized = (request: number): ShardEvent => ({
  type: 'locateFailed',
  request,
  reason: 'unauthorized',
});

// biome-ignore format: a table
const ORDERS: readonly Move[] = [
  shardMove('order', 'start', () => ({ type: 'start' }), {
    good: 'now',
    offers: ({ shard }) => shard.facts.isIdle,
    prepare: (draft) => {
      draft.aside &= ~(RESUMED_HERE | LIMITED); // earlier failures count no longer
    },
  }),
  allowing('endsShard', allowing('endsSession', order('stop', { type: 'stop' }))),
  allowing('endsShard', order('detach', { type: 'detach' })),
  order('reconnect', { type: 'reconnect', fresh: false }),
  allowing('endsSession', order('reconnect (fresh)', { type: 'reconnect', fresh: true })),
];

// biome-ignore format: a table
const ANSWERS: readonly Move[] = [
  answer('locate', 'located', located, 'now'),
  allowing('endsShard', allowing('endsSession', answer('locate', 'locateFailed (unauthorized)', unauthorized))),
  answer('locate', 'locateFailed (unreachable)', (request) => ({ type: 'locateFailed', request, reason: 'unreachable' })),
  allowing('isPermitted', answer('permit', 'permitGranted', granted, 'now')),
  answer('permit', 'permitRefused (until later)', (request) => ({ type: 'permitRefused', request, ...later })),
  allowing('endsShard', answer('permit', 'permitRefused (for good)', refused)),
  ...lateAnswers('locate', 'located, too late', located),
  ...lateAnswers('permit', 'permitGranted, too late', granted),
];

/** Told of a dispatch and then that it found no room, the shard is where it was before, but for leaving. */
function overflowed({ context }: ShardSnapshot): ShardEvent {
  return { type: 'backlogOverflowed', sequence: context.sequence ?? 0 };
}

const isDispatch = (message: number): boolean => ageOf(message) === CURRENT && kindOf(message) === 'dispatch';

/** A consumer falls behind, and comes along. */
const CONSUMER: readonly Move[] = [
  shardMove('fault', 'backlogFull', () => ({ type: 'backlogFull' }), {
    offers: ({ shard }) => shard.facts.isStreaming && !shard.facts.isPaused,
  }),
  shardMove('answer', 'backlogDrained', () => ({ type: 'backlogDrained' }), {
    good: 'now',
    offers: ({ shard }) => shard.facts.isPaused || shard.facts.isAwaitingRoom,
  }),
  shardMove('fault', 'a dispatch finds no room', overflowed, {
    may: ({ down, shard }) => {
      const { isStreaming, isPaused, sessionId } = shard.facts;
      return down.length > 0 && isStreaming && !isPaused && sessionId !== null && isDispatch(down.head);
    },
    prepare: (draft) => {
      draft.down = draft.down.rest;
      draft.aside &= ~(RESUMED_HERE | LIMITED); // something new has come
    },
  }),
];

const SHARD_TIMERS: readonly Move[] = TIMERS.map((timer) =>
  shardMove('timer', `timer.${timer} of the shard`, () => ({ type: `timer.${timer}` }), {
    good: 'later',
    offers: ({ shard }) => shard.armed.has(timer),
  }),
);

const THE_GATEWAYS_TIMERS: readonly Move[] = GATEWAY_TIMERS.map((timer) =>
  gatewayMove('timer', `timer.${timer} of the Gateway`, () => ({ type: `timer.${timer}` }), {
    good: AT_ONCE.includes(timer) ? 'now' : 'later',
    offers: ({ gateway }) => gateway.armed.has(timer),
  }),
);

/** Dispatches that a replay may have before it, as many as the replay buffer holds: or it never need end. */
const BACKLOG = 2;

/** Whether the Gateway may have something to dispatch. */
const mayDispatch = (state: JointState): boolean => isKnown(state) && state.gateway.facts.backlog < BACKLOG;

const dispatch = (name: string): GatewayEvent => ({ type: 'dispatch', name, data: null });

/** From now on one dispatch is followed. */
const colouredDispatch: Move = (() => {
  const move = gatewayMove('occurrence', 'dispatch, the coloured one', () => dispatch(COLOURED_NAME));
  return {
    ...move,
    may: (state) => state.colour === 0 && mayDispatch(state),
    run: (joint, draft) => {
      if (!move.run(joint, draft)) return false;
      draft.colour = draft.gateway.facts.sequence;
      return true;
    },
  };
})();

/** Whether what happens on the connection can still show: to a client that has left, nothing does. */
const shows = { may: (state: JointState) => isRead(state) };
/** A client that has sent its close frame takes no notice of messages. */
export const isNoticed = { may: (state: JointState) => isRead(state) && state.socket !== 'closing' };

const OCCURRENCES: readonly Move[] = [
  gatewayMove('occurrence', 'dispatch', () => dispatch(PLAIN_NAME), { may: mayDispatch }),
  colouredDispatch,
  gatewayMove('occurrence', 'requestHeartbeat', () => ({ type: 'requestHeartbeat' }), isNoticed),
  gatewayMove('occurrence', 'requestReconnect', () => ({ type: 'requestReconnect' }), {
    may: (state) => isNoticed.may(state) && !state.gateway.facts.isLeaving,
  }),
];

export const headIs = (state: JointState, kind: string): boolean =>
  state.up.length > 0 && ageOf(state.up.head) === CURRENT && kindOf(state.up.head) === kind;

/** A standing fault begins when it is about to show: begun earlier, it would change nothing but the number of states. */
const standing = (name: string, type: GatewayEvent['type'], may: (state: JointState) => boolean): Move =>
  gatewayMove('fault', name, () => ({ type }) as GatewayEvent, { may: (state) => isRead(state) && may(state) });

const FAULTS: readonly Move[] = [
  gatewayMove('fault', 'invalidateSession (true)', () => ({ type: 'invalidateSession', resumable: true }), isNoticed),
  gatewayMove('fault', 'invalidateSession (false)', () => ({ type: 'invalidateSession', resumable: false }), {
    may: (state) => isNoticed.may(state) || !state.gateway.facts.isConnected,
  }),
  ...ORDERED_CODES.map((code) =>
    gatewayMove('fault', `closeWith (${code})`, () => ({ type: 'closeWith', code }), shows),
  ),
  standing('withholdHello', 'fault.withholdHello', ({ gateway }) => gateway.facts.owes === 'hello'),
  standing('withholdReady', 'fault.withholdReady', ({ gateway }) => gateway.facts.owes === 'ready'),
  standing('withholdResumed', 'fault.withholdResumed', ({ gateway }) => gateway.facts.owes === 'resumed'),
  standing('swallowAcks', 'fault.swallowAcks', (state) => headIs(state, 'heartbeat')),
  standing('ignoreClose', 'fault.ignoreClose', (state) => headIs(state, 'close')),
  standing('stopReading', 'fault.stopReading', ({ up }) => up.length > 0),
  standing('the fault ends', 'fault.end', ({ gateway }) => !gateway.facts.isDeaf), // to read again late is to be slow
  gatewayMove('fault', 'goSilent', () => ({ type: 'fault.goSilent' }), shows),
  gatewayMove('fault', 'dropTcp', () => ({ type: 'fault.dropTcp' }), shows),
  gatewayMove('fault', 'malformed', () => ({ type: 'fault.malformed', kind: 'notJson' }), isNoticed),
  gatewayMove('fault', 'malformed for good', () => ({ type: 'fault.malformed', kind: CORRUPT }), isNoticed),
  gatewayMove('fault', 'skipSequence', () => ({ type: 'fault.skipSequence', by: 1 }), { may: isKnown }),
];

const SEAT = newNumber();

const THE_DOOR: readonly Move[] = [
  {
    name: 'the socket is accepted',
    kind: 'answer',
    to: 'gateway',
    by: 'wire',
    good: 'now',
    may: ({ socket }) => socket === 'asked',
    run: (joint, draft) =>
      joint.seat(draft, SEAT, ({ context }) => ({ type: 'connected', number: context.connection + 1 })),
  },
  {
    name: 'the socket is refused',
    kind: 'fault',
    to: null,
    by: 'wire',
    good: null,
    may: ({ socket }) => socket === 'asked',
    run: (_, draft) => {
      draft.socket = 'answered';
      draft.down = draft.down.plus(bitsOf('refused'));
      return true;
    },
  },
  {
    name: 'the network fails',
    kind: 'fault',
    to: null,
    by: 'wire',
    good: null,
    may: (state) => isHeard(state) && isRead(state),
    run: (_, draft) => {
      draft.up = draft.up.old.plus(bitsOf('lost'));
      draft.down = draft.down.old.plus(bitsOf('lost'));
      return true;
    },
  },
];

const DELIVERIES: readonly Move[] = [
  {
    name: 'to the shard',
    kind: 'delivery',
    to: 'shard',
    by: 'wire',
    good: 'now',
    may: ({ down, shard }) => down.length > 0 && !shard.facts.isPaused,
    run: (joint, draft) => {
      const message = draft.down.head;
      draft.down = draft.down.rest;
      receive(joint, draft, message);
      return true;
    },
  },
  {
    name: 'to the Gateway',
    kind: 'delivery',
    to: 'gateway',
    by: 'wire',
    good: 'now',
    may: (state) => state.up.length > 0 && !(state.gateway.facts.isDeaf && state.isSeated), // once we are gone, TCP says so
    run: (joint, draft) => {
      const message = draft.up.head;
      draft.up = draft.up.rest;
      if (kindOf(message) === 'resume' && (draft.aside & MUTE_RESUMES) !== 0) return true;
      const heard = kindOf(message) === 'resume' && (draft.aside & NO_RESUMES) !== 0 ? disowned(message) : message;
      const isHandled = joint.tellGateway(draft, MESSAGES | heard, receivedFrom);
      if (isHandled && ageOf(message) !== CURRENT) joint.breaks('staleAnswered');
      return true;
    },
  },
];

/** The client's end of the wire, and the host behind it: dispatches are delivered while the chart is streaming. */
function receive(joint: Joint, draft: Draft, message: number): void {
  const isCurrent = ageOf(message) === CURRENT;
  const { isStreaming: wasStreaming, sequence } = draft.shard.facts;
  if (isCurrent) moveSocket(joint, draft, message);
  if (isCurrent) noteEnd(joint, message);
  const { sessionId } = draft.gateway.facts;
  const isHandled = joint.tellShard(draft, MESSAGES | message, (snapshot) => frameFrom(snapshot, message, sessionId));
  if (!isCurrent && isHandled) joint.breaks('staleReceived');
  if (isCurrent && isHandled) checkEnd(joint, draft, message);
  const isNew = isCurrent && wasStreaming && numberOf(message) > sequence; // what was there before is not delivered
  if (isNew && isColoured(message)) {
    if (draft.isDelivered) joint.breaks('deliveredTwice');
    draft.isDelivered = true;
  }
  if (isCurrent && joint.handles && kindOf(message) === 'ready')
    draft.aside = withHandled(draft.aside, draft.shard.facts.sequence);
  if (isCurrent && draft.aside !== 0) noteResumes(draft, message, isNew);
}

/** Codes after which, in answer to a resume, there is to be no other: by the documentation, or our reading of it. */
const ONCE: readonly number[] = [1000, 4001];

function noteResumes(draft: Draft, message: number, isNew: boolean): void {
  const kind = kindOf(message);
  if (kind === 'ready' || (kind === 'dispatch' && isNew)) draft.aside &= ~(RESUMED_HERE | LIMITED);
  const wasResumed = (draft.aside & RESUMED_HERE) !== 0;
  if (kind === 'close' && wasResumed && ONCE.includes(codeOf(message))) draft.aside |= LIMITED;
}

/** What a message says of the session, or of all sessions. */
const recoveryIn = (message: number) => (kindOf(message) === 'close' ? closeCode(codeOf(message)).recovery : 'resume');

/** Of what the shard is about to be told. */
function noteEnd(joint: Joint, message: number): void {
  if (recoveryIn(message) === 'stop') joint.outcome.endsShard = true;
  if (recoveryIn(message) !== 'resume' || kindOf(message) === 'invalidSession') joint.outcome.endsSession = true;
}

/** What the shard was told of the end of its session, or of all sessions, shows at once. */
function checkEnd(joint: Joint, { shard }: Draft, message: number): void {
  const recovery = recoveryIn(message);
  const isOver = recovery !== 'resume' || (kindOf(message) === 'invalidSession' && numberOf(message) === 0);
  if (isOver && shard.facts.sessionId !== null) joint.breaks('sessionKept');
  if (recovery === 'stop' && !shard.facts.isIdle) joint.breaks('reconnected');
}

/** Before the shard hears of it: WebSocket answers a close frame by itself. */
function moveSocket(joint: Joint, draft: Draft, message: number): void {
  switch (kindOf(message)) {
    case 'opened':
      draft.socket = 'open';
      return;
    case 'close':
      if (draft.socket === 'open' && isHeard(draft)) {
        draft.up = draft.up.plus(closeBits(codeOf(message)));
        joint.witness?.('shard', message, true);
      }
      draft.socket = 'over';
      return;
    case 'refused':
    case 'lost':
      draft.socket = 'over';
  }
}

function frameFrom({ context }: ShardSnapshot, message: number, sessionId: string | null): ShardEvent {
  const connection = context.connection - (ageOf(message) === FOLLOWED ? 1 : 0);
  const sequence = Math.max(1, numberOf(message));
  const kind = kindOf(message);
  switch (kind) {
    case 'hello':
      return { type: kind, connection, interval: 41_250 };
    case 'invalidSession':
      return { type: kind, connection, resumable: numberOf(message) === 1 };
    case 'ready': {
      const id = isForeign(message) ? FOREIGN_ID : (sessionId ?? FOREIGN_ID);
      return { type: kind, connection, sequence, session: { id, url: RESUME_URL } };
    }
    case 'resumed':
    case 'dispatch':
      return { type: kind, connection, sequence };
    case 'malformed':
      return numberOf(message) === 1
        ? { type: 'undecodable', connection, problem: 'corrupt compression' }
        : { type: 'malformed', connection, problem: 'not JSON' };
    case 'close':
      return { type: 'closed', connection, code: codeOf(message) };
    case 'refused':
      return { type: 'closed', connection, code: 1006, httpStatus: 503 };
    case 'opened':
    case 'heartbeatAck':
    case 'heartbeatRequested':
    case 'reconnectRequested':
      return { type: kind, connection };
    default:
      return { type: 'closed', connection, code: 1006 };
  }
}

function receivedFrom({ context }: GatewaySnapshot, number: number): GatewayEvent {
  const message = number & (MESSAGES - 1);
  const connection = context.connection - (ageOf(message) === CURRENT ? 0 : 1);
  switch (kindOf(message)) {
    case 'heartbeat':
      return { type: 'received.heartbeat', connection, sequence: null };
    case 'identify':
      return { type: 'received.identify', connection, sessionId: `session-${connection}`, ...FAULTLESS };
    case 'resume': {
      const sessionId = isForeign(message) ? FOREIGN_ID : (context.session?.id ?? FOREIGN_ID);
      return { type: 'received.resume', connection, sessionId, sequence: numberOf(message), tokenMatches: true };
    }
    case 'close':
      return { type: 'closed', connection, code: codeOf(message) };
    default:
      return { type: 'closed', connection, code: 1006 };
  }
}

/** All moves. The good ones come first, so that a shortest path to trouble is an ordinary one where it can be. */
export const MOVES: readonly Move[] = [
  ...ORDERS,
  ...ANSWERS,
  ...CONSUMER,
  ...THE_DOOR,
  ...DELIVERIES,
  ...THE_GATEWAYS_TIMERS,
  ...SHARD_TIMERS,
  ...OCCURRENCES,
  ...FAULTS,
];
