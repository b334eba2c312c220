/** What the shard says of its steps, and that what has no place leads to none. */
import { FATAL_CODES, SESSION_LOST_CODES } from '../../../protocol/laws/close-codes.js';
import type { CauseName } from '../../causes.js';
import type { ShardEvent } from '../../vocabulary.js';
import { endsPause, isLive, isPeersWord, leavesForRoom, type ShardEdge, type ShardSeen } from '../observer.js';
import { chooses, fateOfSession, isNew, isStreaming } from './session.js';
import { effects, type ShardInvariant, sends, unless } from './steps.js';

/** The reasons of every step. */
export const causes: readonly ShardInvariant[] = [
  {
    spec: 'gateway#payload-structure',
    says: 'What has no place, or cannot be understood, changes nothing',
    step: (move, before, after) => {
      if (!isOutOfPlace(move.event, before) && !isRepeated(move, before)) return null;
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

/** Messages that should not have come. */
function isOutOfPlace(event: ShardEvent, { socket, stage }: ShardSeen): boolean {
  if (event.type === 'malformed' || event.type === 'unknownOpcode') return true;
  if (event.type === 'hello') return socket !== 'greeting';
  if (event.type === 'ready') return stage !== 'identifying' && stage !== 'resuming';
  if (event.type === 'resumed') return stage !== 'resuming';
  if (event.type === 'dispatch') return stage !== 'resuming' && stage !== 'live';
  if (event.type === 'invalidSession' || event.type === 'heartbeatRequested' || event.type === 'heartbeatAck')
    return socket === 'greeting';
  return false;
}

/** Dispatches that were there before, by their number. */
function isRepeated(move: ShardEdge, seen: ShardSeen): boolean {
  const { event } = move;
  return event.type === 'dispatch' && event.sequence !== null && isStreaming(seen) && !isNew(event, move);
}

const PLAIN_CAUSES: Readonly<Partial<Record<ShardEvent['type'], CauseName>>> = {
  stop: 'stopped',
  detach: 'detached',
  located: 'located',
  opened: 'opened',
  permitGranted: 'permitted',
  reconnectRequested: 'reconnectRequested',
  malformed: 'malformed',
  undecodable: 'undecodable',
  unknownOpcode: 'unknownOpcode',
  'timer.locate': 'locateTimedOut',
  'timer.open': 'openTimedOut',
  'timer.hello': 'helloTimedOut',
  'timer.permit': 'stillQueued',
  'timer.ready': 'readyTimedOut',
  backlogFull: 'backlogFull',
  backlogDrained: 'backlogDrained',
  'timer.room': 'roomTimedOut',
  'timer.settle': 'longEnough',
  'timer.replay': 'replayTimedOut',
  'timer.firstHeartbeat': 'firstHeartbeat',
  'timer.close': 'closeTimedOut',
};

/** The reasons a step ought to give. */
function causesOf(move: ShardEdge, before: ShardSeen, after: ShardSeen): CauseName[] {
  const { event } = move;
  const wasAwaited = ['awaiting', 'excused', 'catching', 'overdue'].includes(before.beat);
  const byTraffic = wasAwaited && event.type !== 'heartbeatAck' && (after.beat === 'acked' || after.beat === 'alive');
  const settles = after.held === 'yes' && before.held !== 'yes';
  return [
    ...(chooses(event, before) ? [firstCause(move, before), ...choice(move, before)] : [firstCause(move, before)]),
    ...(byTraffic ? (['aliveByTraffic'] as const) : []),
    ...(endsPause(before, event) && event.type !== 'backlogDrained' ? (['pauseOver'] as const) : []),
    ...(settles ? (['settled'] as const) : []),
  ].filter((name) => name !== null);
}

function choice(move: ShardEdge, before: ShardSeen): CauseName[] {
  const isSpent = fateOfSession(move, before) === 'dropped' && !(move.event.type === 'reconnect' && move.event.fresh);
  const { session, gatewayUrl } = move.after.context;
  const url = session?.url != null ? 'resumeUrlKnown' : gatewayUrl === null ? 'gatewayUnknown' : 'gatewayKnown';
  return [...(isSpent ? (['resumesSpent'] as const) : []), url];
}

function firstCause(move: ShardEdge, seen: ShardSeen): CauseName | null {
  const { event, from } = move;
  if (isOutOfPlace(event, seen) && !(event.type in PLAIN_CAUSES)) return 'unexpected';
  switch (event.type) {
    case 'start':
      return 'started';
    case 'timer.reconnect':
      return seen.away === 'full' ? 'rested' : 'waited';
    case 'reconnect':
      return seen.run !== 'running' ? 'stoppingAlready' : event.fresh ? 'renewed' : 'restarted';
    case 'backlogOverflowed':
      return leavesForRoom(seen, from.snapshot.context) ? 'backlogOverflowed' : 'overflowedForGood';
    case 'locateFailed':
      return event.reason === 'unauthorized' ? 'unauthorized' : 'locateFailed';
    case 'hello':
      return from.snapshot.context.session === null ? 'helloBeforeIdentify' : 'helloBeforeResume';
    case 'permitRefused':
      return event.retryAfter === null ? 'permitRefused' : 'permitDelayed';
    case 'ready':
      return seen.stage === 'resuming' ? 'readyInstead' : 'ready';
    case 'dispatch':
      return event.sequence === null ? 'unnumbered' : isRepeated(move, seen) ? 'repeated' : null;
    case 'resumed':
    case 'heartbeatRequested':
      return event.type;
    case 'heartbeatAck':
      return seen.beat === 'overdue' || seen.beat === 'alive' ? 'acknowledgedLate' : 'acknowledged';
    case 'timer.heartbeat':
      if (seen.beat === 'acked' || seen.beat === 'alive') return 'heartbeatDue';
      if (seen.beat === 'overdue') return 'stillMissing';
      return seen.beat === 'excused' ? 'ackExcused' : 'ackMissing';
    case 'timer.resumed':
      return seen.paused ? 'replayPaused' : 'resumeTimedOut';
    case 'timer.silence':
    case 'timer.overdue':
      return seen.beat === 'alive' ? 'burstOver' : 'zombied';
    case 'invalidSession':
      return fateOfSession({ event, from } as ShardEdge, seen) === 'kept' ? 'sessionInterrupted' : 'sessionInvalidated';
    case 'closed':
      if (!isPeersWord(seen, event.code, from.snapshot.context.policy)) return 'closeAnswered';
      if (FATAL_CODES.includes(event.code)) return 'closedForGood';
      if (SESSION_LOST_CODES.includes(event.code)) return 'closedForIdentify';
      return isLive(seen) ? 'closedForResume' : 'closeAnswered';
    default:
      return PLAIN_CAUSES[event.type] ?? null;
  }
}
