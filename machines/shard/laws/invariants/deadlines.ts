/** Deadlines, waits, and the counters that set them: what the documentation leaves to the policy. */
import { BACKOFF_CODES, FATAL_CODES, RESUMED_ONCE_CODES } from '../../../protocol/laws/close-codes.js';
import type { Policy } from '../../policy.js';
import { type ShardContext, type ShardEvent, TIMERS, type Timer, type Wait } from '../../vocabulary.js';
import { endsPause, isLive, isPeersWord, leavesForRoom, type ShardEdge, type ShardSeen } from '../observer.js';
import { chooses, fateOfSession, isNew, isStreaming } from './session.js';
import { effects, type ShardInvariant, timers, unless } from './steps.js';

/** Which deadlines run, how long they are, and what is counted. */
export const deadlines: readonly ShardInvariant[] = [
  {
    spec: 'policy#deadlines',
    says: 'Every wait has its own deadline, and no other timer runs',
    state: ({ armed }, seen) => {
      const expected = timersIn(seen);
      const missing = expected.filter((timer) => !armed.has(timer));
      if (missing.length > 0) return `${missing.join(', ')} does not run`;
      const strange = [...armed].filter((timer) => isOurs(timer) && !expected.includes(timer));
      return unless(strange.length === 0, `${strange.join(', ')} runs`);
    },
  },
  {
    spec: 'policy#deadlines',
    says: 'A deadline is as long as the policy says',
    step: (move) => {
      const wrong = move.instructions.find(({ type, params }) => {
        const { timer, delay } = params as { timer: string; delay: number };
        return type === 'arm' && isOurs(timer) && delay !== lengthOf(timer, move.after.context);
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
    says: 'Every replayed dispatch that is new restarts the deadline for the next, and so do a pause and its end; nothing else does',
    step: (move, before) => {
      if (before.stage !== 'resuming') return null;
      if (timers(move, 'arm').includes('replay')) return 'the deadline for the whole begins anew';
      const isReplayed =
        move.event.type === 'dispatched' || (move.event.type === 'dispatch' && isNew(move.event, move));
      const isOfPause = endsPause(before, move.event) || (before.paused && move.event.type === 'timer.resumed');
      const [isDue, begins] = [isReplayed || isOfPause, timers(move, 'arm').includes('resumed')];
      return unless(begins === isDue, isDue ? 'the deadline goes on' : 'the deadline begins anew');
    },
  },
  {
    spec: 'policy#resumeBudget',
    says: 'Failures are counted where they happen; a session that brings something has not failed, a connection once it has held',
    step: (move, before, after) => {
      const { resumes, attempts } = move.after.context;
      const expected = countsAfter(move, before, after);
      const right = resumes === expected.resumes && attempts === expected.attempts;
      return unless(right, `${JSON.stringify({ resumes, attempts })} instead of ${JSON.stringify(expected)}`);
    },
  },
];

/** A region that somebody adds has timers of its own. */
function isOurs(timer: string): timer is Timer {
  return (TIMERS as readonly string[]).includes(timer);
}

const WITHOUT_ROOM = ['reconnect', 'room'];

/** Which timers ought to run. */
function timersIn({ run, question, socket, stage, held, beat, away }: ShardSeen): string[] {
  if (run === 'stopped' || run === 'failed') return [];
  if (question === 'locate') return ['locate'];
  if (socket === 'opening') return ['open'];
  if (socket === 'greeting') return ['hello'];
  if (socket === 'closing') return ['close'];
  if (socket !== 'open')
    return { no: ['reconnect'], full: WITHOUT_ROOM, drained: WITHOUT_ROOM, rested: ['room'] }[away];
  const session = {
    none: ['permit'],
    identifying: ['ready'],
    resuming: ['resumed', 'replay'],
    live: held === 'no' ? ['settle'] : [],
  };
  const reading = ['heartbeat', 'overdue', 'silence'];
  const heartbeat = { jitter: ['firstHeartbeat'], overdue: reading, alive: reading };
  return [...session[stage], ...(heartbeat[beat as keyof typeof heartbeat] ?? ['heartbeat'])];
}

/** How long a timer ought to run, in ms: where chance has a say, the longest. */
function lengthOf(timer: string, context: ShardContext): number {
  const { policy, heartbeatInterval } = context;
  if (timer === 'settle') return Math.max(policy.stability * heartbeatInterval, policy.waits.backoff.cap / 2);
  if (timer === 'firstHeartbeat' || timer === 'heartbeat') return heartbeatInterval;
  if (timer === 'silence') return Math.min(policy.deadlines.silence, heartbeatInterval);
  if (timer === 'replay') return policy.deadlines.ready;
  if (timer === 'reconnect') return waitOf(context);
  return policy.deadlines[timer as keyof Policy['deadlines']];
}

/** Whatever a wait is for, it is as long as the back-off at least once a try has failed. */
function waitOf({ policy, attempts, wait }: ShardContext): number {
  const { quick, backoff, invalidSession, cooldown } = policy.waits;
  const grown = backoff.base === 0 ? 0 : backoff.base * backoff.factor ** Math.max(0, attempts - 1);
  const growing = Math.min(backoff.cap, grown);
  const least = attempts === 0 ? 0 : growing;
  switch (wait.for) {
    case 'order':
      return 0;
    case 'backoff':
      return growing;
    case 'retry':
      return attempts === 0 ? quick[1] : growing;
    case 'retryAfter':
      return wait.ms + (attempts === 0 ? quick[1] : growing);
    case 'cooldown':
      return Math.max(cooldown[1], least);
    case 'invalidSession':
      return Math.max(invalidSession[1], least);
  }
}

/** What the next wait ought to be for. */
function waitAfter({ event, from }: ShardEdge, seen: ShardSeen): Wait {
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
      return afterClose(event, wait, from.snapshot.context.policy, seen);
    case 'backlogOverflowed':
      return leavesForRoom(seen, from.snapshot.context) ? { for: 'retry' } : wait;
    case 'invalidSession':
      return seen.socket === 'open' ? { for: 'invalidSession' } : wait;
    case 'timer.silence':
    case 'timer.overdue':
      return seen.beat === 'alive' ? wait : { for: 'retry' };
    case 'reconnectRequested':
    case 'undecodable':
    case 'timer.locate':
    case 'timer.open':
    case 'timer.hello':
    case 'timer.ready':
    case 'timer.replay':
      return { for: 'retry' };
    case 'timer.resumed':
      return seen.paused ? wait : { for: 'retry' };
    default:
      return wait;
  }
}

type Closed = Extract<ShardEvent, { readonly type: 'closed' }>;

/** A close that crosses ours: what its code asks for, unless a time was told. */
function afterClose({ code, retryAfter }: Closed, wait: Wait, policy: Policy, seen: ShardSeen): Wait {
  if (FATAL_CODES.includes(code) || seen.run !== 'running') return wait;
  if (!isLive(seen) && (!isPeersWord(seen, code, policy) || wait.for === 'retryAfter')) return wait;
  if (retryAfter !== undefined) return { for: 'retryAfter', ms: retryAfter };
  if (code === 4008) return { for: 'cooldown' };
  if (BACKOFF_CODES.includes(code)) return { for: 'backoff' };
  return isLive(seen) ? { for: 'retry' } : wait;
}

function countsAfter(move: ShardEdge, seen: ShardSeen, after: ShardSeen) {
  const { event, from } = move;
  const { resumes, attempts, policy, session } = from.snapshot.context;
  const settles = after.held === 'yes' && seen.held !== 'yes';
  const brings = isStreaming(seen) && isDispatch(event) && isNew(event, move);
  const leaves = event.type === 'backlogOverflowed' && leavesForRoom(seen, from.snapshot.context);
  const isNone = event.type === 'start' || settles || brings || leaves || fateOfSession(move, seen) !== 'kept';
  // Resumed once: then a resume that brought nothing was the last.
  const isLast = isResumedOnce(move, seen) && session !== null && resumes > 0;
  const counted = isLast ? Math.max(resumes, policy.resumeBudget) : resumes;
  return {
    resumes: isNone ? 0 : counted + effects(move, 'sendResume').length,
    attempts:
      event.type === 'start'
        ? 1
        : settles
          ? 0
          : attempts + (event.type !== 'reconnect' && chooses(event, seen) ? 1 : 0),
  };
}

const isDispatch = ({ type }: ShardEvent): boolean => type === 'dispatch' || type === 'dispatched';

/** A close after which the session is resumed once, where a resume could have been tried, and is to be. */
function isResumedOnce({ event }: ShardEdge, { socket, run }: ShardSeen): boolean {
  if (event.type !== 'closed' || run !== 'running') return false;
  return RESUMED_ONCE_CODES.includes(event.code) && (socket === 'open' || socket === 'closing');
}
