/** What follows from one thing in every state of the shard: the chart, explored completely, asked. */
import type { AnyStateNode, SnapshotFrom } from 'xstate';
import type { Instruction } from '../../machines/kit/pure.js';
import { rowId } from '../../machines/kit/rows.js';
import { CLOSE_CODES, closeCode } from '../../machines/protocol/close-codes.js';
import type { shardMachine } from '../../machines/shard/chart.js';
import { type StateView, stateView } from '../../machines/shard/state-view.js';
import { type ShardEvent, SPANS, type Timer } from '../../machines/shard/vocabulary.js';
import { type ExploredStep, type RestingStates, regionOf } from './resting-states.js';

type Shard = typeof shardMachine;
type Snapshot = SnapshotFrom<Shard>;

/** Something that may happen. */
export interface Happening {
  readonly matches: (event: ShardEvent) => boolean;
  /** The state of the heartbeat that it is about, if it is about one. */
  readonly during?: StateView['heartbeat'];
  /** Which of the regions of an open connection it is about. Default: the session. */
  readonly region?: 'session' | 'heartbeat';
  /** The timers that run out after it if nothing else comes. */
  readonly next?: readonly Timer[];
}

/** Something that a reader may ask about. */
export interface Question extends Happening {
  readonly id: string;
  readonly title: string;
  /** The id of the state whose rule explains what follows. */
  readonly rule?: string;
}

/** What follows in one state; `results` is empty where nothing does. */
export interface Consequence {
  readonly state: AnyStateNode;
  /** One for each way in which the chart may be there. */
  readonly results: readonly Result[];
}

/** What follows in an abstract state. */
export interface Result {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Where it leads, in the region that the happening is about; null if the state stays. */
  readonly to: AnyStateNode | null;
  readonly steps: readonly ResultStep[];
  /** The rows of the chart that are taken, as `rowId` names them. */
  readonly rows: readonly string[];
}

/** One step of a result. */
export interface ResultStep {
  /** The timer that ran out; undefined for what was asked about. */
  readonly timer?: Timer;
  /** The time since the first step, at most, in ms. */
  readonly ms: number;
  readonly instructions: readonly Instruction[];
}

/** What follows from something in every state in which the shard can rest, in the order of the chart. */
export function consequences(states: RestingStates<Shard>, happening: Happening): readonly Consequence[] {
  const { matches, during, region = 'session' } = happening;
  const asked = states.resting.filter((state) => (regionOf(state)?.key ?? region) === region);
  return asked.map((state) => {
    const steps = states.in(state).flatMap(({ snapshot, edges }) => {
      if (snapshot.hasTag('paused')) return []; // all follows as it does otherwise, and reading goes on
      if (during !== undefined && stateView(snapshot.value).heartbeat !== during) return [];
      return edges.filter(({ event }) => matches(event));
    });
    return { state, results: steps.map((step) => resultOf(states, state, step, happening)) };
  });
}

function resultOf(
  states: RestingStates<Shard>,
  state: AnyStateNode,
  { from, after, instructions, rows }: ExploredStep<Shard>,
  { next = [] }: Happening,
): Result {
  const steps: ResultStep[] = [{ ms: 0, instructions }];
  const taken = [...rows];
  let [at, ms] = [after, 0];
  for (const timer of next) {
    ms += SPANS[timer](at.context)[1];
    const step = states.explored.pure.step(at, { type: `timer.${timer}` });
    steps.push({ timer, ms, instructions: step.instructions });
    taken.push(...step.rows.map(rowId));
    at = step.snapshot;
  }
  const end = states.restingIn(at, state);
  return { before: from.snapshot, after: at, to: end === state ? null : end, steps, rows: taken };
}

/** How the shard comes back to the Gateway. */
export interface WayBack {
  readonly resumes: boolean;
  /** Whether it connects to the URL that READY named for the session. */
  readonly isOwnUrl: boolean;
  /** Whether there is a session that cannot be resumed any more. */
  readonly isSpent: boolean;
}

/** How the shard comes back from a snapshot in which it waits, or will once its close is answered; null in any other. */
export function wayBack({ explored: { pure } }: RestingStates<Shard>, snapshot: Snapshot): WayBack | null {
  const { run } = stateView(snapshot.value);
  if (!COMES_BACK.some((pattern) => run.startsWith(pattern))) return null;
  let after = snapshot;
  const instructions = (['timer.close', 'backlogDrained', 'timer.reconnect'] as const).flatMap((type) => {
    const step = pure.step(after, { type });
    after = step.snapshot;
    return step.instructions;
  });
  const { session } = after.context;
  const opens = instructions.find(({ type }) => type === 'openSocket');
  const url = (opens?.params as { readonly url?: string } | undefined)?.url;
  return {
    resumes: session !== null,
    isOwnUrl: session !== null && session.url === url,
    isSpent: session === null && snapshot.context.session !== null,
  };
}

/** Whether a result is to stay away until there is room in the buffer. */
export function awaitsRoom({ after }: Result): boolean {
  return /makingRoom|awaitingRoom/.test(stateView(after.value).run);
}

/** Whether a result goes on with the wait that an earlier close of ours has begun. */
export function goesOnWaiting({ before, after }: Result): boolean {
  return before.context.wait === after.context.wait && stateView(before.value).run.startsWith(CLOSING);
}

const CLOSING = 'running.connection.closing.';
const COMES_BACK = [`${CLOSING}reconnecting`, `${CLOSING}makingRoom`, 'running.waiting', 'running.awaitingRoom'];

const closed = (code: number) => (event: ShardEvent) => event.type === 'closed' && event.code === code;
const of = (type: ShardEvent['type']) => (event: ShardEvent) => event.type === type;

const KNOWN = Object.keys(CLOSE_CODES).map(Number);

/** Discord's close codes, then those of WebSocket. */
export const CODES: readonly number[] = [
  ...KNOWN.filter((code) => code >= 4000),
  ...KNOWN.filter((code) => code < 4000),
];

/** The connection closes with a code. */
export const closedWith = (code: number): Question => ({
  id: `${code}`,
  title: code === 1006 ? 'the connection is lost (1006)' : `close ${code}: ${closeCode(code).name}`,
  matches: closed(code),
});

/** Op 9 comes. */
export const invalidSession = (resumable: boolean): Question => ({
  id: `op9-${resumable}`,
  title: `op 9, d ${resumable}: the session ${resumable ? 'may be resumed' : 'is invalid'}`,
  matches: (event) => event.type === 'invalidSession' && event.resumable === resumable,
});

const runsOut = (timer: Timer): Question => ({
  id: `timer.${timer}`,
  title: `the timer ${timer} runs out`,
  matches: of(`timer.${timer}`),
});

/** What a reader may ask, the most asked first. */
export const QUESTIONS: readonly Question[] = [
  invalidSession(false),
  invalidSession(true),
  { id: 'op7', title: 'op 7: the Gateway asks to reconnect', matches: of('reconnectRequested') },
  {
    id: 'no-ack',
    title: 'a missed ACK: none by the time the next heartbeat is due',
    matches: of('timer.heartbeat'),
    during: 'beating.awaitingAck',
    next: ['silence', 'close'],
    rule: 'shard.running.connection.open.heartbeat.beating.overdue',
  },
  { id: 'ack', title: 'op 11: a Heartbeat ACK', matches: of('heartbeatAck'), region: 'heartbeat' },
  {
    id: 'op1',
    title: 'op 1: the Gateway asks for a heartbeat',
    matches: of('heartbeatRequested'),
    region: 'heartbeat',
  },
  ...[1006, 4009].map(closedWith),
  ...CODES.filter((code) => code !== 1006 && code !== 4009).map(closedWith),
  { id: 'hello', title: 'op 10: Hello', matches: of('hello') },
  { id: 'ready', title: 'READY', matches: (event) => event.type === 'ready' && event.session?.url != null },
  { id: 'resumed', title: 'RESUMED', matches: of('resumed') },
  { id: 'malformed', title: 'a message that cannot be understood', matches: of('malformed') },
  { id: 'start', title: 'your order to start', matches: of('start') },
  { id: 'stop', title: 'your order to stop', matches: of('stop') },
  { id: 'detach', title: 'your order to detach', matches: of('detach') },
  { id: 'reconnect', title: 'your order to reconnect', matches: (event) => event.type === 'reconnect' && !event.fresh },
  ...(['locate', 'open', 'hello', 'permit', 'ready', 'resumed', 'close', 'reconnect'] as const).map(runsOut),
];
