/** Deadlines, waits, and the counters that set them: what the documentation leaves to the policy. */
import type { Policy } from '../policy.js';
import {
  BACKOFF_CODES,
  endsPause,
  FATAL_CODES,
  isLive,
  RESUMED_ONCE_CODES,
  type ShardMove,
  type ShardSeen,
} from '../shard-observer.js';
import { type ShardContext, TIMERS, type Timer, type Wait } from '../shard-vocabulary.js';
import { chooses, fateOfSession } from './session.js';
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
    says: 'Every replayed dispatch restarts the deadline for the next, and so do a pause and its end; nothing else does',
    step: (move, before) => {
      if (before.stage !== 'resuming') return null;
      const isReplayed = move.event.type === 'dispatch' || move.event.type === 'dispatched';
      const isOfPause = endsPause(before, move.event) || (before.paused && move.event.type === 'timer.resumed');
      const [isDue, begins] = [isReplayed || isOfPause, timers(move, 'arm').includes('resumed')];
      return unless(begins === isDue, isDue ? 'the deadline goes on' : 'the deadline begins anew');
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
];

/** A region that somebody adds has timers of its own. */
function isOurs(timer: string): timer is Timer {
  return (TIMERS as readonly string[]).includes(timer);
}

/** Which timers ought to run. */
function timersIn({ run, question, socket, stage, held, beat }: ShardSeen): string[] {
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

function waitOf({ policy, attempts, resumes, identifies, session, wait }: ShardContext): number {
  const { quick, backoff, invalidSession, cooldown, identifiesSpent } = policy.waits;
  const growing = Math.min(backoff.cap, backoff.base * backoff.factor ** Math.max(0, attempts - 1));
  const retry = attempts === 0 ? quick[1] : growing;
  if (wait.for === 'retryAfter') return wait.ms + retry;
  const identifiesNext = session === null || resumes >= policy.resumeBudget;
  if (identifiesNext && identifies >= policy.identifyBudget) return identifiesSpent[1];
  if (wait.for === 'order') return 0;
  if (wait.for === 'cooldown') return cooldown[1];
  if (wait.for === 'backoff') return growing;
  if (wait.for === 'retry') return retry;
  const failures = identifiesNext ? identifies : 0;
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
    case 'undecodable':
    case 'timer.locate':
    case 'timer.open':
    case 'timer.hello':
    case 'timer.ready':
      return { for: 'retry' };
    case 'timer.resumed':
      return seen.paused ? wait : { for: 'retry' };
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
