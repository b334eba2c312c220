import { demandShape, type Fields, isText, wholeNumber } from '../../machines/kit/shape.js';
import type { FaultDetails, FaultName, Place } from './faults.js';
import type { GatewayOptions } from './options.js';

/** Which connections or sessions something is about. Default: all of them. */
export interface Target {
  readonly connection?: number;
  readonly sessionId?: string;
}

const TARGET: Fields = { fields: { connection: wholeNumber('the number of a connection', 1), sessionId: isText } };

/** Throws for a target that would be taken for all connections, or for none. */
export function checkTarget(target: Target): void {
  demandShape('target', target, TARGET);
}

/** Whether a connection, or the session on it, is meant. */
export function isAimedAt(
  { connection, sessionId }: Target,
  candidate: { readonly number: number; readonly session: { readonly id: string } | null },
): boolean {
  if (connection !== undefined && candidate.number !== connection) return false;
  return sessionId === undefined || candidate.session?.id === sessionId;
}

/**
 * Where and how often a fault strikes. With `connection` a fault strikes that one alone; with `sessionId` the connection
 * that has the session now, and, if the fault stands, those that resume it.
 */
export interface FaultOptions extends FaultDetails, Target {
  /** Strikes each connection that reaches this place from now on, instead of now. */
  readonly at?: Place;
  /** How many connections or handshakes it strikes. Default: 1 for a momentary fault with `at`, all for any other. */
  readonly times?: number | 'all';
}

/** A connection, as it is now. */
export interface ConnectionState {
  readonly connection: number;
  /** The state of its chart, as text. */
  readonly state: string;
  readonly resumeHost: boolean;
  readonly sessionId: string | null;
}

/** A session, with or without a connection, or one that has ended. */
export interface SessionState {
  readonly sessionId: string;
  readonly shard: readonly [id: number, count: number];
  readonly intents: number;
  /** The connection it is live on; null while it waits to be resumed, and once it has ended. */
  readonly connection: number | null;
  readonly ended: boolean;
  /** The last `s` given out. */
  readonly sequence: number;
  /**
   * With the option `recordDispatches`: the `s` of every dispatch that a client has to receive exactly once, in order,
   * whether it was connected or not. READY and RESUMED, which are not replayed, are not among them.
   */
  readonly dispatched: readonly number[];
}

/** The simulator, as it is now. */
export interface SimulatorState {
  readonly connections: readonly ConnectionState[];
  readonly sessions: readonly SessionState[];
  readonly faults: readonly (FaultOptions & { readonly name: FaultName })[];
  readonly identifies: { readonly total: number; readonly remaining: number };
  /** Whether the token was reset because the day's identifies were exceeded. */
  readonly tokenReset: boolean;
}

/** Everything that can be made to happen. Methods that act on connections or sessions return how many they reached. */
export interface Control {
  /** A dispatch for sessions, live or waiting to be resumed, whatever their intents. */
  dispatch(name: string, data: unknown, target?: Target): number;
  /** Op 1. */
  requestHeartbeat(target?: Target): number;
  /** Op 7. */
  requestReconnect(target?: Target): number;
  /** Op 9; a session that waits to be resumed just ends. */
  invalidateSession(resumable: boolean, target?: Target): number;
  /** Our close frame. */
  closeWith(code: number, target?: Target): number;
  /** Ends TCP without a close frame. */
  dropTcp(target?: Target): number;
  /**
   * Lets something go wrong. A connection leaves out one answer at a time (`withholdHello` to `ignoreClose` in `FAULTS`):
   * the last one ordered. Throws a `TypeError` for a name or a detail that does not exist.
   */
  injectFault(name: FaultName, options?: FaultOptions): number;
  /** Everything is answered again, nothing is refused; connections that went silent stay so. */
  clearFaults(): void;
  /** Back to the start: drops every connection, and forgets sessions, faults, the log and what was configured. Numbers go on. */
  reset(): void;
  /** Changes what holds for new connections, and the rate of dispatches for all. */
  configure(options: Pick<GatewayOptions, Configurable>): void;
  state(): SimulatorState;
}

/** What can be changed while the simulator runs. */
export type Configurable =
  | 'token'
  | 'heartbeatInterval'
  | 'intents'
  | 'shards'
  | 'maxConcurrency'
  | 'identifiesPerDay'
  | 'guilds'
  | 'dispatchesPerSecond'
  | 'partBytes'
  | 'settings'
  | 'limits';
