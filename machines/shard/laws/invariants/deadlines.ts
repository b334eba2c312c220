/** Deadlines, waits, and the counters that set them: what the documentation leaves to the policy. */
import { BACKOFF_CODES, FATAL_CODES, RESUMED_ONCE_CODES } from '../../../protocol/laws/close-codes.js';
import { LONGEST_TIMER, type Policy, type Span } from '../../policy.js';
import { type ShardContext, type ShardEvent, SPANS, TIMERS, type Timer, type Wait } from '../../vocabulary.js';
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
      const { context } = move.after;
      const armed = move.instructions.flatMap(({ type, params }) => {
        const { timer, delay } = params as { timer: string; delay: number };
        return type === 'arm' && isOurs(timer) ? [{ timer, delay, due: spanOf(timer, context) }] : [];
      });
      const tooLong = armed.find(({ delay, due }) => !isSame(delay, due[1]));
      if (tooLong !== undefined) return `${tooLong.timer} takes ${tooLong.delay} ms`;
      // The chart knows the upper end alone; the host draws from both.
      const drawn = armed.find(({ timer, due }) => !SPANS[timer](context).every((ms, end) => isSame(ms, due[end])));
      return drawn === undefined ? null : `${drawn.timer} takes ${SPANS[drawn.timer](context).join(' to ')} ms`;
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

/** How long a timer ought to run, in ms: chance has its say between the two. */
function spanOf(timer: Timer, context: ShardContext): Span {
  const { policy, heartbeatInterval } = context;
  const { stability, deadlines, waits } = policy;
  switch (timer) {
    case 'reconnect':
      return waitOf(context);
    case 'firstHeartbeat':
      return [0, heartbeatInterval];
    case 'heartbeat':
      return exactly(heartbeatInterval);
    case 'settle': // and longer than any connection of a loop of failures lasts
      return exactly(Math.max(stability * heartbeatInterval, waits.backoff.cap / 2));
    case 'silence': // within the interval that it prolongs
      return exactly(Math.min(deadlines.silence, heartbeatInterval));
    case 'replay':
      return exactly(deadlines.ready);
    default:
      return exactly(deadlines[timer]);
  }
}

/** What its reason asks for, and at least the back-off once tries have failed; but for an order, and a retry, which is quick or a back-off. */
function waitOf({ policy, attempts, wait }: ShardContext): Span {
  const { quick, backoff, invalidSession, cooldown } = policy.waits;
  if (wait.for === 'order') return exactly(0);
  const whole = grown(backoff, wait.for === 'backoff' ? Math.max(1, attempts) : attempts);
  const failed: Span = [whole / 2, whole]; // the second half is left to chance
  if (wait.for === 'backoff') return failed;
  if (wait.for === 'invalidSession') return longer(invalidSession, failed);
  if (wait.for === 'cooldown') return longer(cooldown, failed);
  const [least, most] = attempts === 0 ? quick : failed;
  const told = wait.for === 'retryAfter' ? wait.ms : 0;
  return [Math.min(told + least, LONGEST_TIMER), Math.min(told + most, LONGEST_TIMER)];
}

/** The back-off after so many tries, in ms: none before the first, then `base`, and each time as many times the last, up to the cap. */
function grown({ base, factor, cap }: Policy['waits']['backoff'], tries: number): number {
  if (tries === 0) return 0;
  let ms = base;
  for (let n = 1; n < tries && ms > 0 && ms < cap && factor > 1; n += 1) ms *= factor;
  return Math.min(ms, cap);
}

const exactly = (ms: number): Span => [ms, ms];
const longer = (a: Span, b: Span): Span => [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
/** Products of fractions differ by the order in which they are made. */
const isSame = (ms: number, due: number | undefined) => Math.abs(ms - Number(due)) < 0.001;

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
  // The wait after Invalid Session is documented, and never shorter than a back-off.
  if (BACKOFF_CODES.includes(code)) return !isLive(seen) && wait.for === 'invalidSession' ? wait : { for: 'backoff' };
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
