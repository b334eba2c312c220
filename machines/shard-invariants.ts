/**
 * What must hold for the shard, in the order of the documentation. Transcribed from it by hand: what is expected here is
 * looked up neither in the chart nor in its tables, only the policy is, where the documentation leaves the choice to it.
 */
import type { CauseName } from './causes.js';
import { everyEventHasAPlace, type Invariant, leadsTo, type Place, TIMER_INVARIANTS } from './invariants.js';
import type { Policy } from './policy.js';
import { SHARD_IGNORED } from './shard-ignored.js';
import {
  BACKOFF_CODES,
  FATAL_CODES,
  hear,
  isLive,
  isPeersWord,
  isRunning,
  RESUMED_ONCE_CODES,
  SESSION_LOST_CODES,
  type ShardMove,
  type ShardSeen,
  shardObserver,
} from './shard-observer.js';
import type { ShardContext, ShardEffects, ShardEvent, Wait } from './shard-vocabulary.js';

type ShardPlace = Place<ShardContext, ShardEvent>;
/** An invariant of the shard. */
export type ShardInvariant = Invariant<ShardContext, ShardEvent, ShardSeen>;

/** The parameters of every effect of a name, in order. */
function effects<K extends keyof ShardEffects>({ instructions }: ShardMove, name: K): ShardEffects[K][] {
  return instructions.filter(({ type }) => type === name).map(({ params }) => params as unknown as ShardEffects[K]);
}

function has({ instructions }: ShardMove, ...names: (keyof ShardEffects)[]): boolean {
  return instructions.some(({ type }) => (names as string[]).includes(type));
}

const unless = (holds: boolean, broken: string): string | null => (holds ? null : broken);

// What has to be done

/** What an event demands at once, and which states of affairs make it do so. */
interface Duty {
  readonly spec: string;
  readonly says: string;
  readonly on: readonly ShardEvent['type'][];
  readonly when: (seen: ShardSeen, move: ShardMove) => boolean;
  readonly does: readonly (keyof ShardEffects)[];
}

const always = () => true;
const connected = (seen: ShardSeen) => seen.socket === 'greeting' || seen.socket === 'open';

// biome-ignore format: a table
const DUTIES: readonly Duty[] = [
  { spec: 'gateway#connecting', says: 'A start, and the end of a wait, lead to a connection or to the question for its URL',
    on: ['start', 'timer.reconnect', 'located'], when: always, does: ['openSocket', 'locateGateway'] },
  { spec: 'user', says: 'An ordered reconnect begins at once where no connection is open',
    on: ['reconnect'], when: (seen) => seen.run === 'running' && (!isLive(seen) || seen.socket !== 'open') && seen.socket !== 'closing',
    does: ['openSocket', 'locateGateway'] },
  { spec: 'user', says: 'An ordered reconnect closes the open connection',
    on: ['reconnect'], when: (seen) => seen.socket === 'open', does: ['closeSocket'] },
  { spec: 'gateway#resuming', says: 'Where there is a session, Hello is answered with Resume',
    on: ['hello'], when: (seen, { from }) => seen.socket === 'greeting' && from.snapshot.context.session !== null, does: ['sendResume'] },
  { spec: 'gateway#rate-limiting', says: 'Where there is no session, a permit is asked for after Hello',
    on: ['hello'], when: (seen, { from }) => seen.socket === 'greeting' && from.snapshot.context.session === null, does: ['requestPermit'] },
  { spec: 'gateway#identifying', says: 'Once permitted, Identify goes out',
    on: ['permitGranted'], when: always, does: ['sendIdentify'] },
  { spec: 'gateway#session-start-limit-object', says: 'No connection is kept open on which no identify is permitted',
    on: ['permitRefused'], when: always, does: ['closeSocket'] },
  { spec: 'gateway#heartbeat-requests', says: 'A requested heartbeat is sent at once',
    on: ['heartbeatRequested'], when: (seen) => seen.socket === 'open', does: ['sendHeartbeat'] },
  { spec: 'gateway#reconnect', says: 'After Reconnect the connection is closed, before Hello as well',
    on: ['reconnectRequested'], when: connected, does: ['closeSocket'] },
  { spec: 'gateway#invalid-session', says: 'After Invalid Session the connection is closed',
    on: ['invalidSession'], when: (seen) => seen.socket === 'open', does: ['closeSocket'] },
  { spec: 'policy#deadlines', says: 'An open connection whose deadline has passed is closed',
    on: ['timer.hello', 'timer.ready', 'timer.resumed'], when: always, does: ['closeSocket'] },
  { spec: 'gateway#disconnecting', says: 'What has closed, did not open or does not answer our close is dropped',
    on: ['closed', 'timer.open', 'timer.close'], when: always, does: ['dropSocket'] },
  { spec: 'gateway#initiating-a-disconnect', says: 'A stop and a detach close an open connection',
    on: ['stop', 'detach'], when: connected, does: ['closeSocket'] },
  { spec: 'gateway#initiating-a-disconnect', says: 'A stop and a detach drop a connection that is not open yet',
    on: ['stop', 'detach'], when: (seen) => seen.socket === 'opening', does: ['dropSocket'] },
];

/** Which events may lead to an effect at all. */
const OCCASIONS: Readonly<Partial<Record<keyof ShardEffects, readonly ShardEvent['type'][]>>> = {
  locateGateway: ['start', 'reconnect', 'timer.reconnect'],
  openSocket: ['start', 'reconnect', 'timer.reconnect', 'located'],
  requestPermit: ['hello'],
  sendIdentify: ['permitGranted'],
  sendResume: ['hello'],
  closeSocket: [
    'stop',
    'detach',
    'reconnect',
    'permitRefused',
    'reconnectRequested',
    'invalidSession',
    'timer.hello',
    'timer.ready',
    'timer.resumed',
    'timer.silence',
    'timer.overdue',
  ],
  dropSocket: ['closed', 'timer.open', 'timer.close', 'stop', 'detach', 'reconnect'],
};

const duties: readonly ShardInvariant[] = DUTIES.map(({ spec, says, on, when, does }) => ({
  spec,
  says,
  step: (move, before) => {
    if (!on.includes(move.event.type) || !when(before, move)) return null;
    const done = move.instructions.filter(({ type }) => (does as readonly string[]).includes(type)).length;
    return unless(done === 1, `${does.join(' or ')} happens ${done} times instead of once`);
  },
}));

// What may not be done

const bans: readonly ShardInvariant[] = [
  {
    spec: 'gateway#hello-event',
    says: 'Nothing is sent before Hello',
    step: (move, before) => {
      const open = hear(before, move.event, move.from.snapshot.context).socket ?? before.socket;
      return unless(open === 'open' || !sends(move), `${sentBy(move)} with no Hello on this connection`);
    },
  },
  {
    spec: 'gateway#identifying',
    says: 'At most one Identify or Resume is sent on a connection',
    step: (move, before) => {
      const count = effects(move, 'sendIdentify').length + effects(move, 'sendResume').length;
      return unless(count === 0 || (count === 1 && before.stage === 'none'), 'Identify or Resume goes out again');
    },
  },
  {
    spec: 'gateway#rate-limiting',
    says: 'Identify is sent with a permit only, one for each',
    step: (move, before) => {
      const permitted = before.permitted || (move.event.type === 'permitGranted' && before.question === 'permit');
      return unless(!has(move, 'sendIdentify') || permitted, 'Identify goes out without a permit');
    },
  },
  {
    spec: 'gateway#resume',
    says: 'Resume carries the session and the last sequence received in it',
    step: (move) => {
      const { session, sequence } = move.from.snapshot.context;
      const right = effects(move, 'sendResume').every(
        (sent) => session !== null && sent.sessionId === session.id && sent.sequence === sequence,
      );
      return unless(right, 'Resume goes out with another session or sequence, or with none');
    },
  },
  {
    spec: 'gateway#connections',
    says: 'A socket is dropped before the next is opened',
    step: (move, before) => {
      const { type } = move.instructions.find(({ type }) => type === 'openSocket' || type === 'dropSocket') ?? {};
      if (effects(move, 'openSocket').length > 1) return 'two sockets are opened';
      return unless(type !== 'openSocket' || before.socket === 'none', 'a socket is opened beside another');
    },
  },
  {
    spec: 'gateway#disconnecting',
    says: 'An open connection is closed once, and dropped when the close is answered or its deadline has passed',
    step: (move, before) => {
      const { socket } = { ...before, ...hear(before, move.event, move.from.snapshot.context) };
      const closes = effects(move, 'closeSocket').length;
      if (closes > (socket === 'greeting' || socket === 'open' ? 1 : 0))
        return 'a connection is closed that is not open';
      if (!has(move, 'dropSocket')) return null;
      if (closes > 0 || socket === 'open') return 'an open connection is dropped';
      return unless(
        socket !== 'closing' || move.event.type === 'timer.close',
        'the answer to our close is not awaited',
      );
    },
  },
  {
    spec: 'chart#questions',
    says: 'A question is cancelled or answered before the next, and before the shard moves on',
    step: (move, before, after) => {
      if (has(move, 'locateGateway') && has(move, 'requestPermit')) return 'two questions are asked';
      const open = hear(before, move.event, move.from.snapshot.context).question !== null && before.question !== null;
      const cancelled = has(move, before.question === 'locate' ? 'cancelLocate' : 'cancelPermit');
      if (open && !cancelled && has(move, 'locateGateway', 'requestPermit')) return `${before.question} is asked twice`;
      if (after.question === 'locate' && after.socket !== 'none') return 'locate goes on beside a connection';
      return unless(
        after.question !== 'permit' || after.socket === 'open',
        'the permit is awaited without a connection',
      );
    },
  },
  {
    spec: 'chart#effects',
    says: 'Each effect has its occasions, and comes on no other',
    step: (move) => {
      const strange = Object.entries(OCCASIONS).find(
        ([effect, events]) => has(move, effect as keyof ShardEffects) && !events.includes(move.event.type),
      );
      return unless(strange === undefined, `${strange?.[0]} comes on ${move.event.type}`);
    },
  },
];

function sends(move: ShardMove): boolean {
  return has(move, 'sendHeartbeat', 'sendIdentify', 'sendResume');
}

function sentBy({ instructions }: ShardMove): string {
  const sent = instructions.filter(({ type }) => type.startsWith('send')).map(({ type }) => type.slice(4));
  return `${sent.join(' and ')} ${sent.length === 1 ? 'goes' : 'go'} out`;
}

// Heartbeats

const heartbeats: readonly ShardInvariant[] = [
  {
    spec: 'gateway#sending-heartbeats',
    says: 'A heartbeat is sent when one is due, when one is asked for, and at no other time',
    step: (move, before) => {
      const { beat } = { ...before, ...hear(before, move.event, move.from.snapshot.context) };
      const asked = move.event.type === 'heartbeatRequested' && before.socket === 'open';
      const due = (beat === 'due' ? 1 : 0) + (asked ? 1 : 0);
      const sent = effects(move, 'sendHeartbeat').length;
      return unless(sent === due, `${sent} heartbeats go out instead of ${due}`);
    },
  },
  {
    spec: 'gateway#sending-heartbeats',
    says: 'A heartbeat carries the last sequence of the session, or null before the first',
    step: (move) => {
      const { sequence } = move.after.context;
      const right = effects(move, 'sendHeartbeat').every((sent) => sent.sequence === sequence);
      return unless(right, `a heartbeat carries another sequence than ${sequence}`);
    },
  },
  {
    spec: 'gateway#heartbeat-interval',
    says: 'A connection is a zombie when the ACK was missing for a lap and what lay in the buffer was read: it is closed',
    step: (move, before) => {
      const { beat } = { ...before, ...hear(before, move.event, move.from.snapshot.context) };
      const isTest = move.event.type === 'timer.silence' || move.event.type === 'timer.overdue';
      if (!isTest) return null;
      return unless(
        has(move, 'closeSocket') === (beat === 'dead'),
        beat === 'dead' ? 'it stays' : 'it is closed alive',
      );
    },
  },
  {
    spec: 'gateway#heartbeat-interval',
    says: 'A lap is one interval: neither an ACK nor a requested heartbeat stretches it',
    step: (move, before, after) => {
      const laps = timers(move, 'arm').filter((timer) => timer === 'heartbeat').length;
      const begins = after.beat === 'awaiting' && before.beat !== 'awaiting';
      return unless(laps === (begins ? 1 : 0), begins ? 'a lap begins without its timer' : 'the lap begins anew');
    },
  },
  {
    spec: 'gateway#heartbeat-interval',
    says: 'While an ACK is missing, every message restarts the silence, and none the last call',
    step: (move, before, after) => {
      if (before.beat !== 'overdue' || after.socket !== 'open' || after.beat === 'awaiting') return null;
      const armed = timers(move, 'arm');
      const isMessage = 'connection' in move.event && move.event.type !== 'closed';
      if (armed.includes('overdue')) return 'the last call is restarted';
      return unless(!isMessage || armed.includes('silence'), 'the silence is not restarted');
    },
  },
];

function timers({ instructions }: ShardMove, what: 'arm' | 'disarm'): string[] {
  return instructions.filter(({ type }) => type === what).map(({ params }) => (params as { timer: string }).timer);
}

// The session

/** What the documentation lets become of the session. */
function fateOfSession({ event, from }: ShardMove, seen: ShardSeen): 'kept' | 'dropped' | 'new' {
  const { session, resumes, policy } = from.snapshot.context;
  switch (event.type) {
    case 'ready':
      return seen.stage === 'identifying' ? 'new' : 'kept';
    case 'stop':
      return isRunning(seen) ? 'dropped' : 'kept';
    case 'invalidSession':
      if (seen.socket !== 'open') return 'kept';
      return event.resumable && session !== null && policy.invalidSession === 'resume' ? 'kept' : 'dropped';
    case 'closed':
      return isPeersWord(seen, event.code, policy) && endsSession(event.code) ? 'dropped' : 'kept';
    case 'locateFailed':
      return event.reason === 'unauthorized' ? 'dropped' : 'kept';
    case 'hello':
      return seen.socket === 'greeting' && session === null ? 'dropped' : 'kept';
    case 'reconnect':
      if (seen.run !== 'running') return 'kept';
      if (event.fresh) return 'dropped';
      return chooses(event, seen) && session !== null && resumes >= policy.resumeBudget ? 'dropped' : 'kept';
    case 'timer.reconnect':
      return session !== null && resumes >= policy.resumeBudget ? 'dropped' : 'kept';
    default:
      return 'kept';
  }
}

function endsSession(code: number): boolean {
  return FATAL_CODES.includes(code) || SESSION_LOST_CODES.includes(code);
}

/** Whether the next connection is chosen now. */
function chooses({ type }: ShardEvent, { run, socket }: ShardSeen): boolean {
  if (type === 'start' || type === 'timer.reconnect') return true;
  return type === 'reconnect' && run === 'running' && socket !== 'open' && socket !== 'closing';
}

/** Whether this is the end of a connection that did not get to Hello, and not by an order. */
function failsToConnect({ event }: ShardMove, { socket }: ShardSeen): boolean {
  if (socket !== 'opening' && socket !== 'greeting') return false;
  if (event.type === 'closed') return !FATAL_CODES.includes(event.code);
  return event.type === 'timer.open' || event.type === 'timer.hello' || event.type === 'reconnectRequested';
}

const session: readonly ShardInvariant[] = [
  {
    spec: 'gateway#resuming',
    says: 'The session is dropped when the documentation says so, and at no other time',
    step: (move, before) => {
      const [was, is] = [move.from.snapshot.context.session, move.after.context.session];
      const fate = fateOfSession(move, before);
      if (fate === 'dropped') return unless(is === null, 'the session is kept and should be dropped');
      if (fate === 'kept') return unless(is?.id === was?.id, 'the session is dropped or replaced and should be kept');
      const given = move.event.type === 'ready' ? move.event.session : null;
      return unless(is?.id === given?.id && is?.url === given?.url, 'the session is not the one of READY');
    },
  },
  {
    spec: 'gateway#resuming',
    says: 'The sequence is the last one received in the session, and goes with it',
    step: (move, before) => {
      const [was, is] = [move.from.snapshot.context.sequence, move.after.context.sequence];
      const expected = sequenceAfter(move, before, was);
      return unless(is === expected, `the sequence is ${is} and should be ${expected}`);
    },
  },
  {
    spec: 'gateway#resuming',
    says: 'A session is resumed at its own URL, a new one begun at the main URL',
    step: (move, before) => {
      const { session, gatewayUrl } = move.after.context;
      const right = effects(move, 'openSocket').every(({ url }) => url === (session?.url ?? gatewayUrl) && url !== '');
      if (!right) return 'the connection leads to another URL';
      return unless(!has(move, 'sendIdentify') || before.host === 'main', 'Identify goes to the URL of a session');
    },
  },
  {
    spec: 'gateway#connecting',
    says: 'A connection that fails before Hello costs its URL, and nothing else does',
    step: (move, before) => {
      const [was, is] = [move.from.snapshot.context, move.after.context];
      const failed = failsToConnect(move, before);
      const ownUrl = failed || fateOfSession(move, before) === 'new' ? null : (was.session?.url ?? null);
      if (fateOfSession(move, before) === 'kept' && is.session && is.session.url !== ownUrl)
        return 'the URL of the session';
      const given = move.event.type === 'located' ? move.event.url : was.gatewayUrl;
      const gatewayUrl = failed && was.session?.url == null ? null : given;
      return unless(is.gatewayUrl === gatewayUrl, `the Gateway URL is ${is.gatewayUrl} and should be ${gatewayUrl}`);
    },
  },
  {
    spec: 'gateway#get-gateway-bot',
    says: 'The Gateway is asked for only where no URL is known',
    step: (move) => {
      const { session, gatewayUrl } = move.after.context;
      return unless(!has(move, 'locateGateway') || (gatewayUrl ?? session?.url ?? null) === null, 'a URL is known');
    },
  },
  {
    spec: 'gateway#initiating-a-disconnect',
    says: 'Our close code keeps the session exactly if it is kept',
    step: (move, before) => {
      const [was, is] = [move.from.snapshot.context, move.after.context];
      const forGood = move.event.type === 'stop' || move.event.type === 'permitRefused';
      const drops = fateOfSession(move, before) === 'dropped' || (forGood && isEnding(move, before));
      const wrong = effects(move, 'closeSocket').find(({ code }) =>
        is.session !== null || (was.session === null && !drops) ? code !== was.policy.closeCode : code !== 1000,
      );
      return unless(wrong === undefined, `the connection is closed with ${wrong?.code}`);
    },
  },
];

function isEnding({ event, from }: ShardMove, seen: ShardSeen): boolean {
  const { run } = { ...seen, ...hear(seen, event, from.snapshot.context) };
  return run === 'failing' || event.type === 'stop';
}

function sequenceAfter({ event, from }: ShardMove, seen: ShardSeen, was: number | null): number | null {
  if (fateOfSession({ event, from } as ShardMove, seen) === 'dropped') return null;
  const takes =
    (event.type === 'ready' && seen.stage === 'identifying') ||
    (event.type === 'resumed' && seen.stage === 'resuming') ||
    ((event.type === 'dispatch' || event.type === 'dispatched') && isStreaming(seen));
  return takes ? event.sequence : was;
}

function isStreaming({ stage }: ShardSeen): boolean {
  return stage === 'resuming' || stage === 'live';
}

// Endings, deadlines, counters

const life: readonly ShardInvariant[] = [
  {
    spec: 'gateway#disconnecting',
    says: 'The shard ends on an order, a fatal close code, a refused token or a final refusal of the identify, and then only starts again by order',
    state: ({ snapshot }, { run }) => {
      const name = snapshot.value === 'stopped' || snapshot.value === 'failed' ? snapshot.value : 'running';
      const expected = run === 'stopped' || run === 'failed' ? run : 'running';
      return unless(name === expected, `it is ${name} and should be ${expected}`);
    },
  },
  {
    spec: 'user',
    says: 'Stop and detach work in every state, and lead to the end without waiting for anybody',
    state: (place, seen) => {
      if (!isRunning(seen)) return null;
      return endsBy(place, 'stop') ?? endsBy(place, 'detach');
    },
  },
  {
    spec: 'policy#deadlines',
    says: 'Every wait has its own deadline, and no other timer runs',
    state: ({ armed }, seen) => {
      const expected = deadlines(seen);
      const missing = expected.filter((timer) => !armed.has(timer));
      if (missing.length > 0) return `${missing.join(', ')} does not run`;
      const strange = [...armed].filter((timer) => !expected.includes(timer));
      return unless(strange.length === 0, `${strange.join(', ')} runs`);
    },
  },
  {
    spec: 'policy#deadlines',
    says: 'A deadline is as long as the policy says',
    step: (move) => {
      const wrong = move.instructions.find(({ type, params }) => {
        const { timer, delay } = params as { timer: string; delay: number };
        return type === 'arm' && delay !== lengthOf(timer, move.after.context);
      });
      const { timer, delay } = (wrong?.params ?? {}) as { timer?: string; delay?: number };
      return unless(wrong === undefined, `${timer} takes ${delay} ms`);
    },
  },
  {
    spec: 'policy#waits',
    says: 'What the next wait is for follows from what led to it',
    step: (move, before) => {
      const [is, expected] = [move.after.context.wait, waitAfter(move, before)];
      const same = is.for === expected.for && (!('ms' in is) || !('ms' in expected) || is.ms === expected.ms);
      return unless(same, `it is for ${is.for} and should be for ${expected.for}`);
    },
  },
  {
    spec: 'policy#deadlines.resumed',
    says: 'Every replayed dispatch restarts the deadline for the next',
    step: (move, before) => {
      const isReplayed = before.stage === 'resuming' && ['dispatch', 'dispatched'].includes(move.event.type);
      return unless(!isReplayed || timers(move, 'arm').includes('resumed'), 'the deadline goes on');
    },
  },
  {
    spec: 'policy#resumeBudget',
    says: 'Failures are counted where they happen; a session that answers has not failed, a connection once it has held',
    step: (move, before) => {
      const { resumes, identifies, attempts } = move.after.context;
      const expected = countsAfter(move, before);
      const right =
        resumes === expected.resumes && identifies === expected.identifies && attempts === expected.attempts;
      return unless(
        right,
        `${JSON.stringify({ resumes, identifies, attempts })} instead of ${JSON.stringify(expected)}`,
      );
    },
  },
  {
    spec: 'gateway#hello-event',
    says: 'The interval is the one of Hello',
    step: ({ event, from, after }, before) => {
      const takes = event.type === 'hello' && before.socket === 'greeting';
      const expected = takes ? event.interval : from.snapshot.context.heartbeatInterval;
      return unless(after.context.heartbeatInterval === expected, `it is ${after.context.heartbeatInterval} ms`);
    },
  },
  {
    spec: 'chart#questions',
    says: 'Every question and every connection has a number of its own, and is given up by it',
    step: (move) => {
      const [was, is] = [move.from.snapshot.context, move.after.context];
      const asked = [...effects(move, 'locateGateway'), ...effects(move, 'requestPermit')];
      if (asked.some(({ request }) => request !== is.request || request <= was.request)) return 'an old number is used';
      const opened = effects(move, 'openSocket');
      if (opened.some((each) => each.connection !== is.connection || each.connection <= was.connection))
        return 'an old number is used';
      const cancelled = [...effects(move, 'cancelLocate'), ...effects(move, 'cancelPermit')];
      if (cancelled.some(({ request }) => request !== was.request)) return 'another question is cancelled';
      return unless(
        effects(move, 'dropSocket').every((each) => each.connection === was.connection),
        'another connection is dropped',
      );
    },
  },
  {
    spec: 'gateway#resuming',
    says: 'Dispatches are handed on from READY on, and during a replay, and at no other time',
    state: ({ snapshot }, { stage }) => {
      const [streaming, replaying] = [snapshot.hasTag('streaming' as never), snapshot.hasTag('replaying' as never)];
      const right = streaming === (stage === 'resuming' || stage === 'live') && replaying === (stage === 'resuming');
      return unless(right, `the tags are wrong: streaming ${streaming}, replaying ${replaying}`);
    },
  },
  {
    spec: 'gateway#payload-structure',
    says: 'What has no place, or cannot be understood, changes nothing',
    step: (move, before, after) => {
      if (!isOutOfPlace(move.event, before)) return null;
      const moved = ['socket', 'stage', 'run', 'question'] as const;
      const quiet = moved.every((what) => before[what] === after[what]) && !sends(move);
      const stays = after.beat !== before.beat || move.to.key === move.from.key;
      return unless(quiet && stays, `it leads to ${move.to.key}`);
    },
  },
  {
    spec: 'chart#causes',
    says: 'Every step gives its reasons, in order',
    step: (move, before, after) => {
      const told = effects(move, 'report').map(({ cause }) => cause.name);
      const expected = causesOf(move, before, after);
      const same = told.length === expected.length && told.every((name, i) => name === expected[i]);
      if (!same) return `the reasons are ${told.join(', ') || 'none'} and should be ${expected.join(', ') || 'none'}`;
      const code = move.event.type === 'closed' ? move.event.code : undefined;
      return unless(effects(move, 'report')[0]?.cause.closeCode === code, 'the close code is not told');
    },
  },
];

/** What keeps a shard from ending by an order and deadlines alone. */
function endsBy(place: ShardPlace, order: 'stop' | 'detach'): string | null {
  const ordered = place.edges.find(({ event }) => event.type === order);
  if (ordered === undefined) return `${order} is not handled`;
  let at = ordered.to;
  for (let steps = 0; at.snapshot.value !== 'stopped'; steps += 1) {
    const next = at.edges.find(({ event }) => event.type.startsWith('timer.'));
    if (next === undefined || steps > 2) return `${order} does not lead to stopped`;
    at = next.to;
  }
  return null;
}

/** Which timers ought to run. */
function deadlines({ run, question, socket, stage, held, beat }: ShardSeen): string[] {
  if (run === 'stopped' || run === 'failed') return [];
  if (question === 'locate') return ['locate'];
  if (socket === 'opening') return ['open'];
  if (socket === 'greeting') return ['hello'];
  if (socket === 'closing') return ['close'];
  if (socket !== 'open') return ['reconnect'];
  const session = { none: 'permit', identifying: 'ready', resuming: 'resumed', live: held ? null : 'settle' }[stage];
  const heartbeat = { jitter: ['firstHeartbeat'], overdue: ['overdue', 'silence'], alive: ['overdue', 'silence'] };
  return [...(session === null ? [] : [session]), ...(heartbeat[beat as keyof typeof heartbeat] ?? ['heartbeat'])];
}

/** How long a timer ought to run, in ms: where chance has a say, the longest. */
function lengthOf(timer: string, context: ShardContext): number {
  const { policy, heartbeatInterval } = context;
  if (timer === 'settle') return policy.stability * heartbeatInterval;
  if (timer === 'firstHeartbeat' || timer === 'heartbeat' || timer === 'overdue') return heartbeatInterval;
  if (timer === 'silence') return Math.min(policy.deadlines.silence, heartbeatInterval);
  if (timer === 'reconnect') return waitOf(context);
  return policy.deadlines[timer as keyof Policy['deadlines']];
}

function waitOf({ policy, attempts, identifies, session, wait }: ShardContext): number {
  const { quick, backoff, invalidSession, cooldown, identifiesSpent } = policy.waits;
  const growing = Math.min(backoff.cap, backoff.base * backoff.factor ** Math.max(0, attempts - 1));
  const retry = attempts === 0 ? quick[1] : growing;
  if (wait.for === 'retryAfter') return wait.ms + retry;
  if (session === null && identifies >= policy.identifyBudget) return identifiesSpent[1];
  if (wait.for === 'order') return 0;
  if (wait.for === 'cooldown') return cooldown[1];
  if (wait.for === 'backoff') return growing;
  if (wait.for === 'retry') return retry;
  const failures = session === null ? identifies : 0;
  return invalidSession[1] * Math.max(1, Math.min(2 ** (failures - 1), backoff.cap / invalidSession[1]));
}

/** What the next wait ought to be for. */
function waitAfter({ event, from }: ShardMove, seen: ShardSeen): Wait {
  const { wait } = from.snapshot.context;
  const told = 'retryAfter' in event && typeof event.retryAfter === 'number' ? event.retryAfter : null;
  switch (event.type) {
    case 'locateFailed':
      if (event.reason === 'unauthorized') return wait;
      return told === null ? { for: 'retry' } : { for: 'retryAfter', ms: told };
    case 'permitRefused':
      return told === null ? wait : { for: 'retryAfter', ms: told };
    case 'reconnect':
      return seen.run === 'running' && !chooses(event, seen) ? { for: 'order' } : wait;
    case 'closed':
      if (!isLive(seen) || FATAL_CODES.includes(event.code)) return wait;
      return { for: event.code === 4008 ? 'cooldown' : BACKOFF_CODES.includes(event.code) ? 'backoff' : 'retry' };
    case 'invalidSession':
      return seen.socket === 'open' ? { for: 'invalidSession' } : wait;
    case 'timer.silence':
    case 'timer.overdue':
      return seen.beat === 'alive' ? wait : { for: 'retry' };
    case 'reconnectRequested':
    case 'timer.locate':
    case 'timer.open':
    case 'timer.hello':
    case 'timer.ready':
    case 'timer.resumed':
      return { for: 'retry' };
    default:
      return wait;
  }
}

function countsAfter(move: ShardMove, seen: ShardSeen) {
  const { event, from } = move;
  const { resumes, identifies, attempts, policy, session } = from.snapshot.context;
  const fate = fateOfSession(move, seen);
  const isResumedOnce = event.type === 'closed' && isLive(seen) && RESUMED_ONCE_CODES.includes(event.code);
  const kept = isResumedOnce && session ? Math.max(resumes, policy.resumeBudget - 1) : resumes;
  const forgiven = event.type === 'start' || event.type === 'timer.settle';
  const answered = seen.stage === 'resuming' && ['dispatch', 'dispatched', 'resumed'].includes(event.type);
  return {
    resumes: forgiven || answered || fate !== 'kept' ? 0 : kept + effects(move, 'sendResume').length,
    identifies: forgiven ? 0 : identifies + effects(move, 'sendIdentify').length,
    attempts:
      event.type === 'start'
        ? 1
        : event.type === 'timer.settle'
          ? 0
          : attempts + (event.type === 'timer.reconnect' ? 1 : 0),
  };
}

/** Messages that should not have come. */
function isOutOfPlace(event: ShardEvent, { socket, stage }: ShardSeen): boolean {
  if (event.type === 'malformed' || event.type === 'unknownOpcode') return true;
  if (event.type === 'hello') return socket !== 'greeting';
  if (event.type === 'ready') return stage !== 'identifying';
  if (event.type === 'resumed') return stage !== 'resuming';
  if (event.type === 'dispatch') return stage !== 'resuming' && stage !== 'live';
  if (event.type === 'invalidSession' || event.type === 'heartbeatRequested' || event.type === 'heartbeatAck')
    return socket === 'greeting';
  return false;
}

const PLAIN_CAUSES: Readonly<Partial<Record<ShardEvent['type'], CauseName>>> = {
  stop: 'stopped',
  detach: 'detached',
  located: 'located',
  opened: 'opened',
  permitGranted: 'permitted',
  reconnectRequested: 'reconnectRequested',
  malformed: 'malformed',
  unknownOpcode: 'unknownOpcode',
  'timer.locate': 'locateTimedOut',
  'timer.open': 'openTimedOut',
  'timer.hello': 'helloTimedOut',
  'timer.permit': 'stillQueued',
  'timer.ready': 'readyTimedOut',
  'timer.resumed': 'resumeTimedOut',
  'timer.settle': 'settled',
  'timer.firstHeartbeat': 'firstHeartbeat',
  'timer.close': 'closeTimedOut',
};

/** The reasons a step ought to give. */
function causesOf(move: ShardMove, before: ShardSeen, after: ShardSeen): CauseName[] {
  const { event } = move;
  const wasAwaited = before.beat === 'awaiting' || before.beat === 'overdue';
  const byTraffic = wasAwaited && event.type !== 'heartbeatAck' && (after.beat === 'acked' || after.beat === 'alive');
  return [
    ...(chooses(event, before) ? [firstCause(move, before), ...choice(move, before)] : [firstCause(move, before)]),
    ...(byTraffic ? (['aliveByTraffic'] as const) : []),
  ].filter((name) => name !== null);
}

function choice(move: ShardMove, before: ShardSeen): CauseName[] {
  const isSpent = fateOfSession(move, before) === 'dropped' && !(move.event.type === 'reconnect' && move.event.fresh);
  const { session, gatewayUrl } = move.after.context;
  const url = session?.url != null ? 'resumeUrlKnown' : gatewayUrl === null ? 'gatewayUnknown' : 'gatewayKnown';
  return [...(isSpent ? (['resumesSpent'] as const) : []), url];
}

function firstCause({ event, from }: ShardMove, seen: ShardSeen): CauseName | null {
  if (isOutOfPlace(event, seen) && !(event.type in PLAIN_CAUSES)) return 'unexpected';
  switch (event.type) {
    case 'start':
      return 'started';
    case 'timer.reconnect':
      return 'waited';
    case 'reconnect':
      return seen.run !== 'running' ? 'stoppingAlready' : event.fresh ? 'renewed' : 'restarted';
    case 'locateFailed':
      return event.reason === 'unauthorized' ? 'unauthorized' : 'locateFailed';
    case 'hello':
      return from.snapshot.context.session === null ? 'helloBeforeIdentify' : 'helloBeforeResume';
    case 'permitRefused':
      return event.retryAfter === null ? 'permitRefused' : 'permitDelayed';
    case 'ready':
    case 'resumed':
    case 'heartbeatRequested':
      return event.type;
    case 'heartbeatAck':
      return seen.beat === 'awaiting' ? 'acknowledged' : 'acknowledgedLate';
    case 'timer.heartbeat':
      return seen.beat === 'acked' ? 'heartbeatDue' : 'ackMissing';
    case 'timer.silence':
    case 'timer.overdue':
      return seen.beat === 'alive' ? 'heartbeatDue' : 'zombied';
    case 'invalidSession':
      return fateOfSession({ event, from } as ShardMove, seen) === 'kept' ? 'sessionInterrupted' : 'sessionInvalidated';
    case 'closed':
      if (!isPeersWord(seen, event.code, from.snapshot.context.policy)) return 'closeAnswered';
      if (FATAL_CODES.includes(event.code)) return 'closedForGood';
      if (SESSION_LOST_CODES.includes(event.code)) return 'closedForIdentify';
      return isLive(seen) ? 'closedForResume' : 'closeAnswered';
    default:
      return PLAIN_CAUSES[event.type] ?? null;
  }
}

/** What a Gateway sends, and what ports and timers do, when nothing goes wrong. */
const WELL_BEHAVED: readonly string[] = [
  'located',
  'opened',
  'hello',
  'heartbeatAck',
  'permitGranted',
  'ready',
  'resumed',
  'timer.close',
  'timer.reconnect',
  'timer.firstHeartbeat',
  'timer.heartbeat',
];

/** What must hold for the shard, in every state and on every step. */
export const SHARD_INVARIANTS: readonly ShardInvariant[] = [
  ...TIMER_INVARIANTS,
  everyEventHasAPlace(SHARD_IGNORED),
  ...[...bans, ...duties, ...heartbeats, ...session, ...life].map((each) => ({ ...each, observer: shardObserver })),
  {
    spec: 'policy#deadlines',
    says: 'Every state but stopped and failed has a way on without any message',
    state: ({ armed, snapshot: { value } }) =>
      unless(armed.size > 0 || value === 'stopped' || value === 'failed', 'no deadline runs: it would wait for ever'),
  },
  leadsTo(
    {
      spec: 'gateway#connection-lifecycle',
      says: 'From every state the shard is ready again, if the Gateway behaves and nobody ended it',
      broken: 'no events of a Gateway that behaves lead to READY or RESUMED',
    },
    ({ event }: ShardMove) => WELL_BEHAVED.includes(event.type),
    ({ snapshot }: ShardPlace) =>
      snapshot.value === 'stopped' ||
      snapshot.value === 'failed' ||
      (snapshot.hasTag('streaming' as never) && !snapshot.hasTag('replaying' as never)),
  ),
];
