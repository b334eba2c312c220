/**
 * Somebody who has read the documentation and watches a shard: what goes in, and what it asks its host to do. No state
 * of the chart is looked at, so that what is expected of the chart does not come from the chart.
 */

import type { EdgeView, Observer } from '../../kit/invariants.js';
import { FATAL_CODES } from '../../protocol/laws/close-codes.js';
import type { Policy } from '../policy.js';
import type { ShardContext, ShardEffects, ShardEvent } from '../vocabulary.js';

export type ShardEdge = EdgeView<ShardContext, ShardEvent>;

/** What the watcher knows. */
export interface ShardSeen {
  /** `stopping` and `failing` until nothing is open any more. */
  readonly run: 'stopped' | 'running' | 'stopping' | 'failing' | 'failed';
  /** What was asked and neither answered nor cancelled. */
  readonly question: 'locate' | 'permit' | null;
  /** Whether an identify is permitted and not yet sent. */
  readonly permitted: boolean;
  /** `greeting` until Hello, `closing` once our close frame is out, `over` when it has closed and is still held. */
  readonly socket: 'none' | 'opening' | 'greeting' | 'open' | 'closing' | 'over';
  /** Whether it leads to the session's own URL. */
  readonly host: 'session' | 'main';
  readonly stage: 'none' | 'identifying' | 'resuming' | 'live';
  /** Whether the session has been live for as long as the policy asks, and whether the peer has shown life since. */
  readonly held: 'no' | 'unproven' | 'yes';
  /**
   * `due`: a heartbeat has to go out now. `excused`: its ACK may be late because reading was paused; then a heartbeat is
   * `dueAgain`, and its lap `catching` up. `dueLate`: the ACK is missing, and the next is due all the same; then it is
   * `overdue`; `alive`: but something came. `dead`: nothing did.
   */
  readonly beat:
    | 'none'
    | 'jitter'
    | 'due'
    | 'awaiting'
    | 'excused'
    | 'dueAgain'
    | 'catching'
    | 'acked'
    | 'dueLate'
    | 'overdue'
    | 'alive'
    | 'dead';
  /** Heartbeats since the last sign of life that was read, three for more; those that the Gateway asked for do not count. */
  readonly unanswered: number;
  /** Whether the socket is not read for now. */
  readonly paused: boolean;
  /**
   * Whether the connection was left since a dispatch found no room: `rested` once it has waited as long as any,
   * `drained` if there was room before.
   */
  readonly away: 'no' | 'full' | 'rested' | 'drained';
}

const NO_CONNECTION = {
  permitted: false,
  stage: 'none',
  held: 'no',
  beat: 'none',
  unanswered: 0,
  paused: false,
} as const;

/** The watcher of a shard. */
export const shardObserver: Observer<ShardContext, ShardEvent, ShardSeen> = {
  begin: { run: 'stopped', question: null, socket: 'none', host: 'main', away: 'no', ...NO_CONNECTION },
  see: (seen, move) => {
    const heard = { ...seen, ...hear(seen, move.event, move.from.snapshot.context) };
    const { instructions } = move;
    const after = instructions.reduce<ShardSeen>(
      (at, { type, params }) => ({ ...at, ...act(at, type, params, move) }),
      heard,
    );
    return { ...after, run: ended(after) };
  },
};

/** What an event alone tells. */
export function hear(seen: ShardSeen, event: ShardEvent, context: ShardContext): Partial<ShardSeen> {
  const { policy } = context;
  const alive = policy.zombieTest === 'anyTraffic' && isTraffic(event) ? answered(afterTraffic(seen), seen) : {};
  switch (event.type) {
    case 'start':
      return { run: 'running' };
    case 'stop':
    case 'detach':
      return isRunning(seen) ? { run: 'stopping', away: 'no' } : {};
    case 'reconnect':
    case 'timer.room':
      return { away: 'no' };
    case 'backlogDrained':
      return { away: seen.away === 'full' && seen.socket === 'none' ? 'drained' : 'no' };
    case 'backlogOverflowed':
      return leavesForRoom(seen, context) ? { away: 'full' } : {};
    case 'timer.reconnect':
      return { away: seen.away === 'full' ? 'rested' : 'no' };
    case 'located':
      return { question: null };
    case 'locateFailed':
      return { question: null, ...(event.reason === 'unauthorized' ? { run: 'failing' } : {}) };
    case 'permitGranted':
      return { question: null, permitted: true };
    case 'permitRefused':
      return { question: null, ...(event.retryAfter === null ? { run: 'failing' } : {}) };
    case 'opened':
      return { socket: 'greeting' };
    case 'closed':
      return {
        socket: 'over',
        ...(seen.run === 'running' && isFatal(seen, event.code, policy) ? { run: 'failing', away: 'no' } : {}),
      };
    case 'hello':
      return seen.socket === 'greeting' ? { socket: 'open', beat: 'jitter' } : alive;
    case 'ready':
      return { ...alive, ...(isAnswer(seen) ? { stage: 'live' } : {}) };
    case 'resumed':
      return { ...alive, ...(seen.stage === 'resuming' ? { stage: 'live' } : {}) };
    case 'heartbeatAck':
      return answered(afterAck(seen), seen);
    case 'timer.firstHeartbeat':
      return { beat: 'due' };
    case 'timer.heartbeat':
      return { beat: afterLap(seen) };
    case 'timer.silence':
    case 'timer.overdue':
      return seen.beat === 'alive' ? { beat: 'awaiting', unanswered: 1 } : { beat: 'dead' };
    case 'timer.settle':
      return { held: 'unproven' };
    default:
      return alive;
  }
}

function act(seen: ShardSeen, type: string, params: object, { after }: ShardEdge): Partial<ShardSeen> {
  switch (type as keyof ShardEffects) {
    case 'locateGateway':
      return { question: 'locate' };
    case 'requestPermit':
      return { question: 'permit' };
    case 'cancelLocate':
      return seen.question === 'locate' ? { question: null } : {};
    case 'cancelPermit':
      return seen.question === 'permit' ? { question: null } : {};
    case 'openSocket': {
      const { url } = params as ShardEffects['openSocket'];
      return { ...NO_CONNECTION, socket: 'opening', host: url === after.context.session?.url ? 'session' : 'main' };
    }
    case 'sendHeartbeat':
      if (!isDue(seen)) return {};
      return { beat: AFTER_SENDING[seen.beat], unanswered: Math.min(seen.unanswered + 1, MANY) };
    case 'pauseSocket':
      return { paused: true, ...(seen.beat === 'awaiting' ? { beat: 'excused' } : {}) };
    case 'resumeSocket':
      return { paused: false };
    case 'sendIdentify':
      return { stage: 'identifying', permitted: false };
    case 'sendResume':
      return { stage: 'resuming' };
    case 'closeSocket':
      return { ...NO_CONNECTION, socket: 'closing' };
    case 'dropSocket':
      return { ...NO_CONNECTION, socket: 'none' };
    default:
      return {};
  }
}

/** A shard that is to end has ended when nothing is open and nothing is asked. */
function ended({ run, socket, question }: ShardSeen): ShardSeen['run'] {
  if (socket !== 'none' || question !== null) return run;
  return run === 'stopping' ? 'stopped' : run === 'failing' ? 'failed' : run;
}

/** Whether there is anything to stop. */
export function isRunning({ run }: ShardSeen): boolean {
  return run !== 'stopped' && run !== 'failed';
}

/** Whether reading may be paused: dispatches are handed on, and no ACK has to be read first. */
export function mayPause({ stage, paused, beat }: ShardSeen): boolean {
  if (paused || (stage !== 'resuming' && stage !== 'live')) return false;
  return beat !== 'catching' && beat !== 'overdue' && beat !== 'alive';
}

/** Whether the socket is read again: there is room, the lap is over, or nothing is to be read any more. */
export function endsPause(seen: ShardSeen, { type }: ShardEvent): boolean {
  return seen.paused && (type === 'backlogDrained' || type === 'timer.heartbeat' || type === 'timer.firstHeartbeat');
}

/** Whether the connection is left when a dispatch finds no room: a resume has to bring it again. */
export function leavesForRoom({ stage }: ShardSeen, { session }: ShardContext): boolean {
  return (stage === 'resuming' || stage === 'live') && session !== null;
}

/** Whether a connection is there that we have not closed. */
export function isLive({ socket }: ShardSeen): boolean {
  return socket === 'opening' || socket === 'greeting' || socket === 'open';
}

/**
 * Whether a close is the peer's own word. While our close frame is out it is, if it carries neither 1000 nor our code:
 * then it crossed ours. A shard that is about to fail asks no more.
 */
export function isPeersWord(seen: ShardSeen, code: number, { closeCode }: Policy): boolean {
  if (isLive(seen)) return true;
  return seen.socket === 'closing' && seen.run !== 'failing' && code !== 1000 && code !== closeCode;
}

function isFatal(seen: ShardSeen, code: number, policy: Policy): boolean {
  return isPeersWord(seen, code, policy) && FATAL_CODES.includes(code);
}

/** Whether READY or RESUMED may come: READY after either, as a Resume may be answered with a new session. */
export const isAnswer = ({ stage }: ShardSeen): boolean => stage === 'identifying' || stage === 'resuming';

/** More are not told apart. */
const MANY = 3;

const AFTER_SENDING = { due: 'awaiting', dueAgain: 'catching', dueLate: 'overdue' } as const;

/** Whether a scheduled heartbeat has to go out now. */
export function isDue<S extends Pick<ShardSeen, 'beat'>>(
  seen: S,
): seen is S & { readonly beat: keyof typeof AFTER_SENDING } {
  return seen.beat in AFTER_SENDING;
}

function afterLap({ beat }: ShardSeen): ShardSeen['beat'] {
  if (beat === 'acked' || beat === 'alive') return 'due';
  return beat === 'excused' ? 'dueAgain' : 'dueLate';
}

const isAwaited = ({ beat }: ShardSeen): boolean => beat === 'awaiting' || beat === 'excused' || beat === 'catching';

function afterAck(seen: ShardSeen): ShardSeen['beat'] {
  if (isAwaited(seen)) return 'acked';
  return seen.beat === 'overdue' || seen.beat === 'alive' ? 'awaiting' : seen.beat;
}

function afterTraffic(seen: ShardSeen): ShardSeen['beat'] {
  return isAwaited(seen) ? 'acked' : seen.beat === 'overdue' ? 'alive' : seen.beat;
}

/** A sign of life, if it changes anything. What comes while a lap is overdue cannot answer the heartbeat that is out. */
function answered(beat: ShardSeen['beat'], seen: ShardSeen): Partial<ShardSeen> {
  if (beat === seen.beat) return {};
  const unanswered = beat === 'awaiting' ? 1 : 0;
  return { beat, unanswered, ...(seen.held === 'unproven' ? { held: 'yes' } : {}) };
}

/** Any message that leaves the connection open and is no ACK. */
function isTraffic({ type }: ShardEvent): boolean {
  return (
    type === 'hello' ||
    type === 'ready' ||
    type === 'resumed' ||
    type === 'dispatch' ||
    type === 'dispatched' ||
    type === 'unknownOpcode' ||
    type === 'malformed' ||
    type === 'heartbeatRequested'
  );
}
