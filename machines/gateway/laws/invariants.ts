/** What must hold for the Gateway's side, transcribed from the documentation by hand; its chart is not looked at. */

import {
  everyEventHasAPlace,
  type IgnoredRow,
  type Invariant,
  leadsTo,
  TIMER_INVARIANTS,
} from '../../kit/invariants.js';
import { FATAL_CODES, SESSION_LOST_CODES } from '../../protocol/laws/close-codes.js';
import type { GatewayContext, GatewayEffects, GatewayEvent, GatewaySession } from '../vocabulary.js';
import {
  endsLink,
  fateOfResume,
  type GatewayEdge,
  type GatewaySeen,
  gatewayObserver,
  isAwaited,
  refusal,
} from './observer.js';

/** An invariant of the Gateway's side. */
export type GatewayInvariant = Invariant<GatewayContext, GatewayEvent, GatewaySeen>;

const OPEN = 'connection.open';
const NO_CLIENT = ['listening.*'];
const UNHEARD = ['connection.closing', 'connection.silent'];
const RECEIVED = [
  'received.identify',
  'received.resume',
  'received.heartbeat',
  'received.command',
  'received.unknownOpcode',
  'received.undecodable',
  'received.tooLarge',
  'received.tooMany',
] as const;
const ORDERS = ['requestHeartbeat', 'requestReconnect', 'closeWith', 'fault.malformed', 'fault.goSilent'] as const;
const ANSWERS_LEFT_OUT = [
  'fault.withholdHello',
  'fault.withholdReady',
  'fault.withholdResumed',
  'fault.swallowAcks',
  'fault.resumeThenDrop',
  'fault.ignoreClose',
  'fault.end',
  'fault.stopReading',
  'fault.startReading',
] as const;

/** What the Gateway's chart ignores, state by state, and why. What is in no row is handled. */
// biome-ignore format: aligned table
export const GATEWAY_IGNORED: readonly IgnoredRow<GatewayEvent['type']>[] = [
  { events: ['closed', ...RECEIVED, ...ORDERS, ...ANSWERS_LEFT_OUT, 'fault.dropTcp'], in: NO_CLIENT, because: 'there is no connection' },
  { events: [...RECEIVED, ...ORDERS, ...ANSWERS_LEFT_OUT, 'invalidateSession', 'adopt'], in: UNHEARD, because: 'nothing is read or sent any more' },
  { events: ['dispatch', 'release', 'fault.skipSequence'], in: ['listening.empty', ...UNHEARD, `${OPEN}(session.greeting.*`, `${OPEN}(session.awaitingIdentify *`, `${OPEN}(session.starting.*`], because: 'there may be no session yet: it goes to nobody' },
  { events: ['invalidateSession'],    in: ['listening.empty'], because: 'there is no session' },
  { events: ['invalidateSession'],    in: [`${OPEN}(session.greeting.*`], because: 'nobody has named a session yet' },
  { events: ['adopt'],                in: ['listening.keeping', `${OPEN}(*`], except: [`${OPEN}(session.greeting.due *`, `${OPEN}(session.awaitingIdentify *`], because: 'a session comes where a resume is about to name it, or where there is none' },
  { events: ['received.heartbeat'],   in: [`${OPEN}(*heartbeat.unread*`], except: [`${OPEN}(session.greeting.*`], because: 'nothing is read' },
  { events: ['received.identify', 'received.resume'], in: [`${OPEN}(session.greeting.withheld *`], because: 'nothing is taken before Hello, which is withheld' },
  { events: ['fault.stopReading'],    in: [`${OPEN}(*heartbeat.unread*`], because: 'reading has stopped already' },
  { events: ['fault.startReading'],   in: [`${OPEN}(*heartbeat.unexpected*`, `${OPEN}(*heartbeat.expected*`], because: 'everything is being read' },
];

const unless = (holds: boolean, broken: string): string | null => (holds ? null : broken);

/** What goes out on a step: effects with the number that matters, such as `close 4004`. */
function sentOn({ instructions }: GatewayEdge): string[] {
  return instructions.flatMap(({ type, params }) => {
    const { code, resumable } = params as { code?: number; resumable?: boolean };
    if (['report', 'arm', 'disarm', 'startReading', 'stopReading'].includes(type)) return [];
    return [[type, code ?? resumable].filter((part) => part !== undefined).join(' ')];
  });
}

function effects<K extends keyof GatewayEffects>({ instructions }: GatewayEdge, name: K): GatewayEffects[K][] {
  return instructions.filter(({ type }) => type === name).map(({ params }) => params as unknown as GatewayEffects[K]);
}

/** What ought to go out. */
function answerTo(move: GatewayEdge, seen: GatewaySeen): string[] {
  const { event, from } = move;
  const { context } = from.snapshot;
  if (event.type === 'connected') return seen.link === 'none' ? [] : ['dropTcp'];
  if (event.type === 'fault.dropTcp' || event.type === 'timer.close') return ['dropTcp'];
  if (seen.link !== 'open') return [];
  switch (event.type) {
    case 'closed':
      return event.code === 1006 || !endsLink(seen, event.code) ? [] : [`answerClose ${event.code}`];
    case 'closeWith':
      return [`close ${event.code}`];
    case 'requestHeartbeat':
      return ['sendHeartbeatRequest'];
    case 'requestReconnect':
      return ['sendReconnect'];
    case 'fault.malformed':
      return ['sendRaw'];
    case 'invalidateSession':
      return [`sendInvalidSession ${event.resumable && seen.stage !== 'starting'}`];
    case 'release':
      return seen.stage === 'replaying' || seen.stage === 'live' ? ['close 4009'] : [];
    case 'dispatch':
      return seen.stage === 'live' ? ['sendDispatch'] : [];
    case 'timer.heartbeat':
      return [`close ${context.settings.missedHeartbeatCode}`];
    case 'timer.leave':
      return ['close 1001'];
    case 'timer.hello':
      return seen.without === 'hello' ? [] : ['sendHello'];
    case 'timer.ready':
      return seen.without === 'ready' ? [] : ['sendReady'];
    case 'timer.replay':
      if (seen.without === 'replay') return ['dropTcp'];
      if (context.backlog.length > 0) return ['sendReplay'];
      return seen.without === 'resumed' ? [] : ['sendResumed'];
    default:
      return answerToFrame(move, seen);
  }
}

/** Gateway Close Event Codes, by what earns them. */
function answerToFrame({ event, from }: GatewayEdge, seen: GatewaySeen): string[] {
  const isAuthenticated = seen.stage === 'replaying' || seen.stage === 'live';
  switch (event.type) {
    case 'received.unknownOpcode':
      return ['close 4001'];
    case 'received.undecodable':
    case 'received.tooLarge':
      return ['close 4002'];
    case 'received.tooMany':
      return ['close 4008'];
    case 'received.identify':
    case 'received.resume': {
      if (!isAwaited(seen)) return seen.greeted ? ['close 4005'] : [];
      const fate = event.type === 'received.identify' ? refusal(event) : fateOfResume(event, from.snapshot.context);
      const hello = seen.greeted ? [] : ['sendHello'];
      if (fate === null || fate === 'replay') return hello;
      return [...hello, fate === 9 ? 'sendInvalidSession false' : `close ${fate}`];
    }
    case 'received.heartbeat':
      if (!seen.greeted) return ['close 4003'];
      return seen.reads && seen.without !== 'acks' ? ['sendAck'] : [];
    case 'received.command':
      return [isAuthenticated ? 'answerCommand' : 'close 4003'];
    default:
      return [];
  }
}

/** What becomes of the session: its id and its last sequence number. */
function sessionAfter(move: GatewayEdge, seen: GatewaySeen): Pick<GatewaySession, 'id' | 'sequence'> | null {
  const { event, from } = move;
  const { session, offered, settings } = from.snapshot.context;
  const isOpen = seen.link === 'open';
  const further = (by: number) => session && { id: session.id, sequence: session.sequence + by };
  switch (event.type) {
    case 'dispatch':
      return further(1);
    case 'fault.skipSequence':
      return further(event.by);
    case 'fault.malformed':
      return further(effects(move, 'sendRaw').length);
    case 'adopt':
      return (seen.link === 'none' && session === null) || mayBeNamed(seen) ? event.session : session;
    case 'release':
    case 'timer.retention':
      return null;
    case 'invalidateSession':
      if (seen.link === 'none') return null;
      return seen.stage === 'starting' || event.resumable ? session : null;
    case 'closed':
      return isOpen && endsLink(seen, event.code) && [1000, 1001].includes(event.code) ? null : session;
    case 'closeWith':
      return isOpen && endsSession(event.code) ? null : session;
    case 'timer.heartbeat':
      return endsSession(settings.missedHeartbeatCode) ? null : session;
    case 'timer.ready':
      return seen.without === 'ready' ? session : { id: offered, sequence: 1 };
    case 'timer.replay':
      return further(answerTo(move, seen).includes('sendResumed') ? 1 : 0);
    case 'received.identify':
      return isOpen && seen.greeted && !isAwaited(seen) ? null : session;
    case 'received.resume': {
      if (!isOpen) return session;
      if (!isAwaited(seen)) return seen.greeted ? null : session;
      const isKnown = event.tokenMatches && event.sessionId === session?.id;
      return isKnown && fateOfResume(event, from.snapshot.context) !== 'replay' ? null : session;
    }
    default:
      return session;
  }
}

/** Whether a Resume may come that names a session; not while Hello is held back. */
function mayBeNamed({ link, stage, held }: GatewaySeen): boolean {
  return link === 'open' && stage === 'none' && !held;
}

function endsSession(code: number): boolean {
  return FATAL_CODES.includes(code) || SESSION_LOST_CODES.includes(code);
}

/** What concerns the session and not the connection. */
const OF_THE_SESSION: readonly GatewayEvent['type'][] = ['dispatch', 'release', 'fault.skipSequence'];
const CONTENTS = ['sendReady', 'sendDispatch', 'sendReplay', 'sendResumed', 'sendAck', 'sendInvalidSession'] as const;

const invariants: readonly GatewayInvariant[] = [
  {
    spec: 'gateway#hello-event',
    says: 'Hello comes once on each connection, and before everything but what was ordered',
    step: (move, { greeted }) => {
      if (effects(move, 'sendHello').length > (greeted ? 0 : 1)) return 'Hello is sent again';
      const early = CONTENTS.find((effect) => effects(move, effect).length > 0);
      const isFirst = sentOn(move)[0] === 'sendHello';
      return unless(early === undefined || greeted || isFirst, `${early} comes before Hello`);
    },
  },
  {
    spec: 'gateway#identifying',
    says: 'READY comes after an Identify that was accepted, and once for it',
    step: (move, { stage }) => unless(effects(move, 'sendReady').length === 0 || stage === 'starting', 'READY is sent'),
  },
  {
    spec: 'gateway#resuming',
    says: 'What was missed is replayed in order and complete, then comes RESUMED',
    step: (move, { stage }) => {
      const { backlog } = move.from.snapshot.context;
      const replayed = effects(move, 'sendReplay').flatMap(({ dispatches }) => dispatches);
      if (replayed.some((each, i) => each !== backlog[i])) return 'the replay is not what was missed';
      if (effects(move, 'sendResumed').length === 0) return null;
      return unless(stage === 'replaying' && backlog.length === 0, 'RESUMED comes before the end of the replay');
    },
  },
  {
    spec: 'gateway#resuming',
    says: 'What is left to replay is what came after the sequence of Resume, and what comes meanwhile',
    step: (move, before, after) => {
      const [was, is] = [move.from.snapshot.context, move.after.context];
      const expected = backlogAfter(move, before, after, was).map(({ sequence }) => sequence);
      const left = is.backlog.map(({ sequence }) => sequence);
      return unless(`${left}` === `${expected}`, `${left.join(', ') || 'nothing'} instead of ${expected.join(', ')}`);
    },
  },
  {
    spec: 'gateway#disconnecting',
    says: 'Nothing is sent once the Gateway has closed, and nothing where there is no connection',
    step: (move, { link }) => {
      const sent = sentOn(move).filter((each) => each !== 'dropTcp');
      return unless(link === 'open' || sent.length === 0, `${sent.join(', ')} where the connection is ${link}`);
    },
  },
  {
    spec: 'gateway#gateway-close-event-codes',
    says: 'Everything is answered as documented, each fault with its own code, and nothing else is sent',
    step: (move, before) => {
      const [sent, expected] = [sentOn(move), answerTo(move, before)];
      return unless(
        `${sent}` === `${expected}`,
        `${sent.join(', ') || 'nothing'} instead of ${expected.join(', ') || 'nothing'}`,
      );
    },
  },
  {
    spec: 'gateway#initiating-a-disconnect',
    says: 'The session ends when the client closes with 1000 or 1001 or the documentation says so, and counts every dispatch',
    step: (move, before) => {
      const [is, expected] = [move.after.context.session, sessionAfter(move, before)];
      const same = is?.id === expected?.id && is?.sequence === expected?.sequence;
      return unless(same, `it is ${nameOf(is)} and should be ${nameOf(expected)}`);
    },
  },
  {
    spec: 'gateway#ready-event',
    says: 'The session that READY begins is the one that the accepted Identify was offered',
    step: ({ event, from, after }, before) => {
      const accepted = event.type === 'received.identify' && isAwaited(before) && refusal(event) === null;
      const expected = accepted ? event.sessionId : from.snapshot.context.offered;
      return unless(after.context.offered === expected, `it is ${after.context.offered}`);
    },
  },
  {
    spec: 'gateway#resuming',
    says: 'Whatever becomes of the connection, what is dispatched reaches the session, and another connection may take it',
    *graph({ nodes, ignoredIn }) {
      for (const node of nodes.filter(({ snapshot }) => snapshot.context.session !== null)) {
        const ignored = ignoredIn(node).flatMap(({ type }) => (OF_THE_SESSION.includes(type) ? [type] : []));
        if (ignored.length > 0) yield { node, broken: `${ignored.join(', ')} is ignored` };
      }
    },
  },
  {
    spec: 'gateway#resuming',
    says: 'Every dispatch is kept for a replay with its own number',
    step: ({ event, from, after }) => {
      if (event.type !== 'dispatch' || from.snapshot.context.session === null) return null;
      const session = after.context.session;
      return unless(session?.buffer.flat().at(-1)?.sequence === session?.sequence, 'it is not kept');
    },
  },
  {
    spec: 'gateway#payload-structure',
    says: 'READY, RESUMED and dispatches, malformed ones too, carry the number that the session has reached',
    step: (move) => {
      const { session } = move.after.context;
      const numbered = [
        ...effects(move, 'sendReady'),
        ...effects(move, 'sendResumed'),
        ...effects(move, 'sendDispatch'),
        ...effects(move, 'sendRaw').filter(() => session !== null),
      ];
      if (numbered.some(({ sequence }) => sequence !== session?.sequence)) return 'another number is sent';
      return unless(
        effects(move, 'sendReady').every(({ sessionId }) => sessionId === session?.id),
        'another session',
      );
    },
  },
  {
    spec: 'gateway#connecting',
    says: 'Every connection has its own number, and is dropped by it',
    step: ({ event, from, after, ...move }) => {
      const expected = event.type === 'connected' ? event.number : from.snapshot.context.connection;
      if (after.context.connection !== expected) return `the number is ${after.context.connection}`;
      const dropped = effects({ event, from, after, ...move }, 'dropTcp');
      return unless(
        dropped.every(({ connection }) => connection === from.snapshot.context.connection),
        'another connection is dropped',
      );
    },
  },
  {
    spec: 'fault',
    says: 'Reading stops and starts as ordered, and starts again when a connection ends',
    step: (move, before, after) => {
      const [stops, starts] = [effects(move, 'stopReading').length, effects(move, 'startReading').length];
      const left = !before.reads && after.reads;
      return unless(stops === (before.reads && !after.reads ? 1 : 0) && starts === (left ? 1 : 0), 'it does not');
    },
  },
  {
    spec: 'gateway#heartbeat-interval',
    says: 'Every wait has its own deadline, and no other timer runs',
    state: ({ armed, snapshot: { context } }, seen) => {
      const [is, expected] = [[...armed].sort(), deadlines(context, seen).sort()];
      return unless(
        `${is}` === `${expected}`,
        `${is.join(', ') || 'none'} instead of ${expected.join(', ') || 'none'}`,
      );
    },
  },
  {
    spec: 'gateway#heartbeat-interval',
    says: 'Every heartbeat that is read restarts the wait for the next',
    step: (move, before) => {
      const isRead =
        move.event.type === 'received.heartbeat' && before.greeted && before.reads && before.link === 'open';
      return unless(!isRead || armedOn(move).includes('heartbeat'), 'the wait goes on');
    },
  },
  {
    spec: 'chart#settings',
    says: 'A deadline is as long as the settings say',
    step: ({ instructions, after: { context } }) => {
      const lengths = lengthsOf(context);
      const wrong = instructions.find(({ type, params }) => {
        const { timer, delay } = params as { timer: string; delay: number };
        return type === 'arm' && delay !== lengths[timer];
      });
      return unless(wrong === undefined, JSON.stringify(wrong?.params));
    },
  },
  {
    spec: 'chart#causes',
    says: 'Every step gives one reason or more, but for dispatches',
    step: (move) => {
      const reasons = effects(move, 'report').map(({ cause }) => cause.name);
      const isDispatch = move.event.type === 'dispatch' || effects(move, 'sendReplay').length > 0;
      if (reasons.length === 0 && !isDispatch) return 'no reason is given';
      // What comes before Hello brings it, and has a reason of its own.
      return unless(effects(move, 'sendHello').length === 0 || reasons.includes('helloSent'), 'Hello has no reason');
    },
  },
  {
    spec: 'gateway#connection-lifecycle',
    says: 'There is a connection exactly from the handshake until it is closed, lost or dropped',
    state: ({ snapshot: { value } }, { link }) => {
      const isHere = typeof value === 'object' && value !== null && 'connection' in value;
      return unless(isHere === (link !== 'none'), isHere ? 'there is one' : 'there is none');
    },
  },
];

function nameOf(session: Pick<GatewaySession, 'id' | 'sequence'> | null): string {
  return session === null ? 'none' : `${session.id} at ${session.sequence}`;
}

function armedOn({ instructions }: GatewayEdge): string[] {
  return instructions.filter(({ type }) => type === 'arm').map(({ params }) => (params as { timer: string }).timer);
}

/** What ought to be left to replay. */
function backlogAfter(move: GatewayEdge, before: GatewaySeen, after: GatewaySeen, was: GatewayContext) {
  const { event } = move;
  if (after.stage !== 'replaying') return [];
  if (event.type === 'received.resume' && before.stage !== 'replaying') {
    return was.session?.buffer.flat().filter(({ sequence }) => sequence > event.sequence) ?? [];
  }
  const sent = effects(move, 'sendReplay').flatMap(({ dispatches }) => dispatches).length;
  const left = was.backlog.slice(sent);
  const next = { sequence: (was.session?.sequence ?? 0) + 1 };
  return event.type === 'dispatch' ? [...left, next] : left;
}

/** Which timers ought to run. */
function deadlines({ session }: GatewayContext, seen: GatewaySeen): string[] {
  if (seen.link === 'none') return session === null ? [] : ['retention'];
  if (seen.link === 'closing') return ['close'];
  if (seen.link === 'silent') return [];
  const awaited = seen.greeted
    ? { none: null, starting: 'ready', replaying: 'replay', live: null }[seen.stage]
    : 'hello';
  return [
    ...(awaited === null || seen.held ? [] : [awaited]),
    ...(seen.greeted && seen.reads ? ['heartbeat'] : []),
    ...(seen.askedToLeave ? ['leave'] : []),
  ];
}

function lengthsOf({ settings }: GatewayContext): Record<string, number> {
  return {
    hello: settings.helloDelay,
    ready: settings.readyDelay,
    replay: settings.replayDelay,
    heartbeat: settings.heartbeatInterval * settings.heartbeatGrace,
    leave: settings.reconnectGrace,
    close: settings.closeGrace,
    retention: settings.sessionRetention,
  };
}

/** What must hold for the Gateway's side, in every state and on every step. */
export const GATEWAY_INVARIANTS: readonly GatewayInvariant[] = [
  ...TIMER_INVARIANTS,
  everyEventHasAPlace(GATEWAY_IGNORED),
  ...invariants.map((each) => ({ ...each, observer: gatewayObserver })),
  leadsTo(
    {
      spec: 'gateway#disconnecting',
      says: 'Every connection can be lost, and then the Gateway listens again',
      broken: 'the loss of the connection does not lead back',
    },
    ({ event }: GatewayEdge) => event.type === 'closed' && event.code === 1006,
    ({ snapshot: { value } }) => typeof value === 'object' && value !== null && 'listening' in value,
  ),
];
