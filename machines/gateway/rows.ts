/** What the rows of the chart are made of, so that each reads in one go: where to, why, and what is done. */
import type { GatewayCauseName } from './causes.js';
import {
  armGateway as arm,
  disarmGateway as disarm,
  type GatewayContext,
  type GatewayEvent,
  type GatewayTimer,
  type gatewaySetup,
  reporting,
} from './vocabulary.js';

export const LISTENING = '#gateway.listening';
export const SESSION = '#gateway.connection.open.session';
export const CLOSING = '#gateway.connection.closing';

type State = Parameters<typeof gatewaySetup.createStateConfig>[0];
type Transition = Exclude<NonNullable<NonNullable<State['on']>['connected']>, string | readonly unknown[]>;
type Guard = Extract<Transition['guard'], string>;
/** An action by its name, or with its parameters. */
type Act = Exclude<NonNullable<State['entry']>, readonly unknown[]>;

/** A row that leads to a state. What is done is done before the reason is told. */
export function to(target: string, cause: GatewayCauseName, ...actions: readonly Act[]) {
  return { target, actions: [...actions, reporting(cause)] };
}

/** A row that leads to the state it leaves, by its exit and its entry. */
export function again(target: string, cause: GatewayCauseName, ...actions: readonly Act[]) {
  return { target, reenter: true, actions: [...actions, reporting(cause)] };
}

/** A row that leads nowhere. */
export function stay(cause: GatewayCauseName, ...actions: readonly Act[]) {
  return { actions: [...actions, reporting(cause)] };
}

/** A row for some cases; without a guard, in all others. */
export function when<R extends object>(guard: Guard, row: R) {
  return { guard, ...row };
}

/** A row with a sentence for diagrams and the reference. */
export function explained<const R extends object>(description: string, row: R) {
  return { ...row, description };
}

/** A timer that runs while the chart is in a state. */
export function timed(timer: GatewayTimer) {
  return { entry: arm(timer), exit: disarm(timer) };
}

interface Args {
  readonly context: GatewayContext;
  readonly event: GatewayEvent;
}

export const closeWith = (code: number) => ({ type: 'close', params: { code } }) as const;
const orderedCode = ({ event }: Args) => ({ code: event.type === 'closeWith' ? event.code : 1000 });
export const closeAsOrdered = { type: 'close', params: orderedCode } as const;
const missedHeartbeatCode = ({ context }: Args) => ({ code: context.settings.missedHeartbeatCode });
export const closeUnheard = { type: 'close', params: missedHeartbeatCode } as const;
export const answerClose = {
  type: 'answerClose',
  params: ({ event }: Args) => ({ code: event.type === 'closed' ? event.code : 1000 }),
} as const;
export const dropTcp = {
  type: 'dropTcp',
  params: ({ context }: Args) => ({ connection: context.connection }),
} as const;
export const invalidSession = (resumable: boolean) => ({ type: 'sendInvalidSession', params: { resumable } }) as const;

/** The connection is closed with a code for the fault that earns it. */
export function close(code: number, cause: GatewayCauseName, ...actions: readonly Act[]) {
  return to(CLOSING, cause, ...actions, closeWith(code));
}

/** What a close leads to that gets no answer. */
export const unanswered = [when('isLost', to(LISTENING, 'lost')), stay('closeIgnored')];
