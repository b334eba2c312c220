/** Hand-written states and steps of the Gateway's side. */
import { FAULTLESS } from '../../machines/gateway/laws/identify-facts.js';
import { type GatewaySeen, gatewayObserver } from '../../machines/gateway/laws/observer.js';
import type { KeptDispatch } from '../../machines/gateway/replay-buffer.js';
import {
  type GatewayContext,
  type GatewayEvent,
  type GatewaySession,
  gatewayContext,
  type IdentifyFacts,
} from '../../machines/gateway/vocabulary.js';
import type { Invariant } from '../../machines/kit/invariants.js';
import { type HandPlace, type HandStep, handBench } from './hand-steps.js';

export type GatewayStep = HandStep<GatewayContext, GatewayEvent, GatewaySeen>;
export type GatewayState = HandPlace<GatewayContext, GatewayEvent, GatewaySeen>;

/** A dispatch as it is kept. */
export const kept = (sequence: number): KeptDispatch => ({ sequence, name: 'MESSAGE_CREATE', data: {} });

/** A session with three dispatches after READY; the first of them can be replayed no more. */
export const SESSION: GatewaySession = { id: 's1', sequence: 4, floor: 2, buffer: [[kept(3), kept(4)]] };

/** What the context holds unless a step says otherwise: the third connection, and no session. */
export const CONTEXT: GatewayContext = { ...gatewayContext({}), connection: 3 };

export const gatewayBench = (invariants: readonly Invariant<GatewayContext, GatewayEvent, GatewaySeen>[] = []) =>
  handBench(CONTEXT, gatewayObserver, invariants);

export const identify = (facts: Partial<IdentifyFacts> = {}) =>
  ({ type: 'received.identify', connection: 3, sessionId: 's2', ...FAULTLESS, ...facts }) as const;

export const resume = (sequence: number, sessionId = 's1', tokenMatches = true) =>
  ({ type: 'received.resume', connection: 3, sessionId, sequence, tokenMatches }) as const;

export const closed = (code: number) => ({ type: 'closed', connection: 3, code }) as const;
export const closeWith = (code: number) => ({ type: 'closeWith', code }) as const;

// biome-ignore format: a table
export const EVENT = {
  connected:        { type: 'connected', number: 4 },
  heartbeat:        { type: 'received.heartbeat', connection: 3, sequence: 1 },
  command:          { type: 'received.command', connection: 3, opcode: 3, data: {} },
  unknownOpcode:    { type: 'received.unknownOpcode', connection: 3, opcode: 99 },
  undecodable:      { type: 'received.undecodable', connection: 3 },
  tooLarge:         { type: 'received.tooLarge', connection: 3 },
  tooMany:          { type: 'received.tooMany', connection: 3 },
  dispatch:         { type: 'dispatch', name: 'MESSAGE_CREATE', data: {} },
  requestHeartbeat: { type: 'requestHeartbeat' },
  requestReconnect: { type: 'requestReconnect' },
  interrupt:        { type: 'invalidateSession', resumable: true },
  invalidate:       { type: 'invalidateSession', resumable: false },
  adopt:            { type: 'adopt', session: SESSION },
  release:          { type: 'release' },
  malformed:        { type: 'fault.malformed', kind: 'notJson' },
  skip:             { type: 'fault.skipSequence', by: 2 },
} as const satisfies Record<string, GatewayEvent>;
