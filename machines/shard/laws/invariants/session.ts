/** The session: what becomes of it, its sequence, and where it is resumed. */
import { FATAL_CODES, SESSION_LOST_CODES } from '../../../protocol/laws/close-codes.js';
import type { ShardEvent } from '../../vocabulary.js';
import { hear, isAnswer, isPeersWord, isRunning, leavesForRoom, type ShardEdge, type ShardSeen } from '../observer.js';
import { effects, has, type ShardInvariant, unless } from './steps.js';

/** What becomes of the session. */
export const session: readonly ShardInvariant[] = [
  {
    spec: 'gateway#resuming',
    says: 'The session is dropped when the documentation says so, and at no other time',
    step: (move, before) => {
      const [was, is] = [move.from.snapshot.context.session, move.after.context.session];
      const fate = fateOfSession(move, before);
      if (fate === 'dropped') return unless(is === null, 'the session is kept and should be dropped');
      if (fate === 'kept') return unless(is?.id === was?.id, 'the session is dropped or replaced and should be kept');
      const given = move.event.type === 'ready' ? move.event.session : null;
      const url = given && move.after.context.policy.resumeAt === 'main' ? null : given?.url;
      return unless(is?.id === given?.id && is?.url === url, 'the session is not the one of READY');
    },
  },
  {
    spec: 'gateway#resuming',
    says: 'The sequence is the highest one received in the session, or the last that found room, and goes with it',
    step: (move, before) => {
      const [is, expected] = [move.after.context.sequence, sequenceAfter(move, before)];
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
    spec: 'gateway#connection-lifecycle',
    says: 'The tags tell whether the shard is ready, settled, degraded or about to fail',
    state: ({ snapshot }, seen) => {
      const isReady = seen.stage === 'live';
      const expected = {
        ready: isReady,
        settled: isReady && seen.held === 'yes',
        degraded: seen.run === 'running' && !(isReady && isWell(seen)),
        failing: seen.run === 'failing' || seen.run === 'failed',
      };
      const wrong = Object.entries(expected).find(([tag, has]) => snapshot.hasTag(tag as never) !== has);
      return unless(wrong === undefined, `the tag ${wrong?.[0]} should be ${wrong?.[1]}`);
    },
  },
];

/** Whether the socket is read, and no ACK is late. */
function isWell({ paused, beat }: ShardSeen): boolean {
  return !paused && (beat === 'jitter' || beat === 'awaiting' || beat === 'acked');
}

/** What the documentation lets become of the session. */
export function fateOfSession({ event, from }: ShardEdge, seen: ShardSeen): 'kept' | 'dropped' | 'new' {
  const { session, resumes, sequence, policy } = from.snapshot.context;
  const isBeyondResuming = session !== null && (resumes >= policy.resumeBudget || sequence === null);
  switch (event.type) {
    case 'start':
      return session !== null && sequence === null ? 'dropped' : 'kept';
    case 'ready':
      return isAnswer(seen) ? 'new' : 'kept';
    case 'stop':
      return isRunning(seen) ? 'dropped' : 'kept';
    case 'invalidSession':
      if (seen.socket !== 'open') return 'kept';
      if (session === null || sequence === null || policy.invalidSession !== 'resume') return 'dropped';
      return event.resumable ? 'kept' : 'dropped';
    case 'closed':
      return isPeersWord(seen, event.code, policy) && endsSession(event.code) ? 'dropped' : 'kept';
    case 'locateFailed':
      return event.reason === 'unauthorized' ? 'dropped' : 'kept';
    case 'hello':
      return seen.socket === 'greeting' && session === null ? 'dropped' : 'kept';
    case 'reconnect':
      if (seen.run !== 'running') return 'kept';
      if (event.fresh) return 'dropped';
      return chooses(event, seen) && isBeyondResuming ? 'dropped' : 'kept';
    case 'timer.reconnect':
    case 'timer.room':
    case 'backlogDrained':
      return chooses(event, seen) && isBeyondResuming ? 'dropped' : 'kept';
    default:
      return 'kept';
  }
}

function endsSession(code: number): boolean {
  return FATAL_CODES.includes(code) || SESSION_LOST_CODES.includes(code);
}

/** Whether the next connection is chosen now. */
export function chooses({ type }: ShardEvent, { run, socket, away }: ShardSeen): boolean {
  if (type === 'start') return true;
  if (type === 'timer.reconnect') return away !== 'full';
  if (type === 'timer.room') return true;
  if (type === 'backlogDrained') return away === 'rested';
  return type === 'reconnect' && run === 'running' && socket !== 'open' && socket !== 'closing';
}

/** Whether this is the end of a connection that did not get to Hello, and not by an order. */
function failsToConnect({ event }: ShardEdge, { socket }: ShardSeen): boolean {
  if (socket !== 'opening' && socket !== 'greeting') return false;
  if (event.type === 'closed') return !FATAL_CODES.includes(event.code);
  return event.type === 'timer.open' || event.type === 'timer.hello' || event.type === 'undecodable';
}

function isEnding({ event, from }: ShardEdge, seen: ShardSeen): boolean {
  const { run } = { ...seen, ...hear(seen, event, from.snapshot.context) };
  return run === 'failing' || event.type === 'stop';
}

/** The last sequence of the session after a step, from what was known before it and what comes. */
export function sequenceAfter(move: ShardEdge, seen: ShardSeen): number | null {
  const { event, from } = move;
  const was = from.snapshot.context.sequence;
  if (fateOfSession(move, seen) === 'dropped') return null;
  if (event.type === 'ready' && isAnswer(seen)) return event.sequence;
  if (event.type === 'backlogOverflowed' && leavesForRoom(seen, from.snapshot.context))
    return was === null ? null : Math.min(was, event.sequence);
  const takes =
    (event.type === 'resumed' && seen.stage === 'resuming') ||
    ((event.type === 'dispatch' || event.type === 'dispatched') && isStreaming(seen));
  return takes && event.sequence !== null ? Math.max(was ?? 0, event.sequence) : was;
}

/** Whether a message brings what was not there before, by its number. */
export function isNew(event: ShardEvent, { from }: Pick<ShardEdge, 'from'>): boolean {
  const { sequence } = from.snapshot.context;
  if (!('sequence' in event) || event.sequence === null) return false;
  return sequence === null || event.sequence > sequence;
}

export function isStreaming({ stage }: ShardSeen): boolean {
  return stage === 'resuming' || stage === 'live';
}
