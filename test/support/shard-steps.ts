/** Hand-written states and steps of the shard. */
import type { Invariant } from '../../machines/kit/invariants.js';
import { type ShardSeen, shardObserver } from '../../machines/shard/laws/observer.js';
import { DEFAULT_POLICY } from '../../machines/shard/policy.js';
import { type Session, type ShardContext, type ShardEvent, shardContext } from '../../machines/shard/vocabulary.js';
import { type HandPlace, type HandStep, handBench } from './hand-steps.js';

export type ShardStep = HandStep<ShardContext, ShardEvent, ShardSeen>;
export type ShardState = HandPlace<ShardContext, ShardEvent, ShardSeen>;

export const MAIN_URL = 'wss://gateway.discord.gg';
export const RESUME_URL = 'wss://gateway-us-east1-b.discord.gg';
export const SESSION: Session = { id: 's1', url: RESUME_URL };

/** What the context holds unless a step says otherwise: the third connection, and no session. */
export const CONTEXT: ShardContext = {
  ...shardContext({ policy: DEFAULT_POLICY, gatewayUrl: MAIN_URL }),
  connection: 3,
  request: 7,
  heartbeatInterval: 41_250,
};

export const shardBench = (invariants: readonly Invariant<ShardContext, ShardEvent, ShardSeen>[] = []) =>
  handBench(CONTEXT, shardObserver, invariants);

/** Events of the third connection and of the seventh question. */
// biome-ignore format: a table
export const EVENT = {
  start:              { type: 'start' },
  stop:               { type: 'stop' },
  detach:             { type: 'detach' },
  restart:            { type: 'reconnect', fresh: false },
  renew:              { type: 'reconnect', fresh: true },
  located:            { type: 'located', request: 7, url: MAIN_URL },
  locateFailed:       { type: 'locateFailed', request: 7, reason: 'unreachable' },
  unauthorized:       { type: 'locateFailed', request: 7, reason: 'unauthorized' },
  permitGranted:      { type: 'permitGranted', request: 7 },
  permitDelayed:      { type: 'permitRefused', request: 7, reason: 'no identify is left today', retryAfter: 9_000 },
  permitRefused:      { type: 'permitRefused', request: 7, reason: 'refused by the application', retryAfter: null },
  opened:             { type: 'opened', connection: 3 },
  hello:              { type: 'hello', connection: 3, interval: 41_250 },
  heartbeatAck:       { type: 'heartbeatAck', connection: 3 },
  heartbeatRequested: { type: 'heartbeatRequested', connection: 3 },
  reconnectRequested: { type: 'reconnectRequested', connection: 3 },
  resumable:          { type: 'invalidSession', connection: 3, resumable: true },
  invalidated:        { type: 'invalidSession', connection: 3, resumable: false },
  ready:              { type: 'ready', connection: 3, sequence: 1, session: SESSION },
  resumed:            { type: 'resumed', connection: 3, sequence: 43 },
  dispatch:           { type: 'dispatch', connection: 3, sequence: 43 },
  dispatched:         { type: 'dispatched', connection: 3, sequence: 44, count: 2 },
  unknownOpcode:      { type: 'unknownOpcode', connection: 3, opcode: 99 },
  malformed:          { type: 'malformed', connection: 3, problem: 'not JSON' },
  undecodable:        { type: 'undecodable', connection: 3, problem: 'corrupt compression' },
  backlogFull:        { type: 'backlogFull' },
  backlogDrained:     { type: 'backlogDrained' },
  backlogOverflowed:  { type: 'backlogOverflowed', sequence: 41 },
} as const satisfies Record<string, ShardEvent>;

export const closed = (code: number): ShardEvent => ({ type: 'closed', connection: 3, code });
