/** What the rows of the chart are made of, so that each reads in one go: where to, why, and what is done. */
import type { CauseName } from './causes.js';
import {
  type ShardAction as Act,
  arm,
  because,
  disarm,
  type ShardContext,
  sendHeartbeat,
  type shardSetup,
  type Timer,
  waitFor,
} from './vocabulary.js';

export const CONNECTION = '#shard.running.connection';
export const OPEN = `${CONNECTION}.open`;
export const RECONNECTING = `${CONNECTION}.closing.reconnecting`;
export const MAKING_ROOM = `${CONNECTION}.closing.makingRoom`;
export const STOPPING = `${CONNECTION}.closing.stopping`;
export const WAITING = '#shard.running.waiting';
export const AWAITING_ROOM = '#shard.running.awaitingRoom';

type State = Parameters<typeof shardSetup.createStateConfig>[0];
type Transition = Exclude<NonNullable<NonNullable<State['on']>['start']>, string | readonly unknown[]>;
type Guard = Extract<Transition['guard'], string>;

/** A row that leads to a state. What is done is done before the reason is told. */
export function to(target: string, cause: CauseName, ...actions: readonly Act[]) {
  return { target, actions: [...actions, ...because(cause)] };
}

/** A row that leads to the state it leaves, by its exit and its entry. */
export function again(target: string, cause: CauseName, ...actions: readonly Act[]) {
  return { target, reenter: true, actions: [...actions, ...because(cause)] };
}

/** A row that leads nowhere. */
export function stay(cause: CauseName, ...actions: readonly Act[]) {
  return { actions: [...actions, ...because(cause)] };
}

/** A row for some cases; without a guard, in all others. */
export function when<G extends Guard, R extends object>(guard: G, row: R) {
  return { guard, ...row };
}

/** A row with more to do once its reason is told. */
export function andThen<R extends { readonly actions: readonly Act[] }>(row: R, ...actions: readonly Act[]) {
  return { ...row, actions: [...row.actions, ...actions] };
}

/** A row with a sentence for diagrams and the reference. */
export function explained<const R extends object>(description: string, row: R) {
  return { ...row, description };
}

/** A timer that runs while the chart is in a state. */
export function timed(timer: Timer) {
  return { entry: arm(timer), exit: disarm(timer) };
}

/** A timer that begins anew. */
export const anew = (timer: Timer) => [disarm(timer), arm(timer)] as const;

/** The next heartbeat, on its time, where the ACK of the last is not there yet. */
export const nextBeat = [sendHeartbeat, arm('heartbeat')] as const;

/** Closes the connection and comes back: the session stays (any code but 1000 and 1001), or ends with it (1000). */
export const closeKeepingSession = {
  type: 'closeSocket',
  params: ({ context }: { context: ShardContext }) => ({ code: context.policy.closeCode }),
} as const;
export const closeEndingSession = { type: 'closeSocket', params: { code: 1000 } } as const;

/** The number of the question to locator or permits. */
export const request = ({ context }: { context: ShardContext }) => ({ request: context.request });

/** The connection is given up, and the session resumed on the next. */
export function reconnect(cause: CauseName, ...actions: readonly Act[]) {
  return to(RECONNECTING, cause, ...actions, closeKeepingSession, waitFor('retry'));
}

/** What follows from a close: where it leads to, and what is done with each recovery that its code may ask for. */
interface Closed {
  /** The states that follow: where the code forbids to reconnect, and where it does not. */
  readonly failTo: string;
  readonly goOnTo: string;
  /** What is done on the way, where the code asks for an Identify, or allows a Resume. */
  readonly onIdentify: readonly Act[];
  readonly onResume: readonly Act[];
  /** A sentence for the row that allows a Resume. */
  readonly says?: string;
}

/**
 * Gateway Close Event Codes, a row for each recovery: whether to reconnect, and to identify or resume. Attempts, wait and
 * fault are looked up in the table.
 */
export function closedBy({ failTo, goOnTo, onIdentify, onResume, says }: Closed) {
  return [
    when('forbidsReconnect', to(failTo, 'closedForGood', 'forgetSession')),
    when('demandsIdentify', to(goOnTo, 'closedForIdentify', ...onIdentify)),
    { ...to(goOnTo, 'closedForResume', ...onResume), ...(says === undefined ? {} : { description: says }) },
  ];
}

/** The same while our own close frame is out. The Gateway's may have crossed it: then what it says holds. */
export function crossedBy({ failTo, goOnTo, onIdentify, onResume }: Closed) {
  return [
    when('crossesForGood', to(failTo, 'closedForGood', 'forgetSession')),
    when('crossesForIdentify', to(goOnTo, 'closedForIdentify', ...onIdentify)),
    to(goOnTo, 'closeAnswered', ...onResume),
  ];
}
