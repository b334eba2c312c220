import type { GatewayEvent } from '../../machines/gateway-vocabulary.js';
import { isMalformedKind, MALFORMED, type MalformedKind } from './malformed.js';

/** Where a connection is, as far as a fault can wait for it. */
export const PLACES = ['greeting', 'awaitingIdentify', 'starting', 'replaying', 'live'] as const;
/** A state of the Gateway chart's session region. */
export type Place = (typeof PLACES)[number];

/** Details of a fault; each kind uses its own. */
export interface FaultDetails {
  /** Of `closeWith`: 4000 unless told. */
  readonly code?: number;
  /** Of `invalidateSession`: false unless told. */
  readonly resumable?: boolean;
  /** Of `malformed`: not JSON unless told. */
  readonly kind?: MalformedKind;
  /** Of `skipSequence`: 5 unless told. */
  readonly by?: number;
  /** Of `refuseConnections` and `refuseGetGateway`: 503 unless told. */
  readonly status?: number;
  /** Of `refuseGetGateway` with 429: seconds in Retry-After. */
  readonly retryAfter?: number;
}

interface FaultRow {
  readonly says: string;
  /**
   * `standing` faults hold for the open connections and every new one until they are cleared; `momentary` ones happen
   * once, now or on reaching a place; `door` ones are about what comes before a connection.
   */
  readonly lasts: 'standing' | 'momentary' | 'door';
  /** What the chart is told; null for what happens at the door. */
  event(details: FaultDetails): GatewayEvent | null;
}

const tells = (event: GatewayEvent) => () => event;
const atTheDoor = () => null;

// biome-ignore format: aligned table
const ROWS = {
  withholdHello:     { lasts: 'standing',  says: 'Hello does not come',                                     event: tells({ type: 'fault.withholdHello' }) },
  withholdReady:     { lasts: 'standing',  says: 'an Identify is taken, but READY does not come',           event: tells({ type: 'fault.withholdReady' }) },
  withholdResumed:   { lasts: 'standing',  says: 'a Resume is replayed, but RESUMED does not come',         event: tells({ type: 'fault.withholdResumed' }) },
  resumeThenDrop:    { lasts: 'standing',  says: 'a Resume is accepted and the TCP connection dropped',     event: tells({ type: 'fault.resumeThenDrop' }) },
  swallowAcks:       { lasts: 'standing',  says: 'heartbeats are not acknowledged: a zombie',               event: tells({ type: 'fault.swallowAcks' }) },
  ignoreClose:       { lasts: 'standing',  says: 'the client\'s close frame is not answered, and sending goes on', event: tells({ type: 'fault.ignoreClose' }) },
  goSilent:          { lasts: 'momentary', says: 'nothing is read or sent any more, while TCP stays up',    event: tells({ type: 'fault.goSilent' }) },
  stopReading:       { lasts: 'momentary', says: 'nothing is read from TCP any more, while sending goes on', event: tells({ type: 'fault.stopReading' }) },
  startReading:      { lasts: 'momentary', says: 'reading goes on again',                                   event: tells({ type: 'fault.startReading' }) },
  dropTcp:           { lasts: 'momentary', says: 'the TCP connection ends without a close frame',           event: tells({ type: 'fault.dropTcp' }) },
  closeWith:         { lasts: 'momentary', says: 'the Gateway closes with a code',                          event: ({ code = 4000 }) => ({ type: 'closeWith', code }) },
  requestHeartbeat:  { lasts: 'momentary', says: 'the Gateway asks for a heartbeat (op 1)',                 event: tells({ type: 'requestHeartbeat' }) },
  requestReconnect:  { lasts: 'momentary', says: 'the Gateway asks the client to reconnect (op 7)',         event: tells({ type: 'requestReconnect' }) },
  invalidateSession: { lasts: 'momentary', says: 'the session is invalid, or may be resumed (op 9)',        event: ({ resumable = false }) => ({ type: 'invalidateSession', resumable }) },
  malformed:         { lasts: 'momentary', says: 'the Gateway sends something malformed',                   event: ({ kind = 'notJson' }) => ({ type: 'fault.malformed', kind }) },
  skipSequence:      { lasts: 'momentary', says: 'sequence numbers are left out',                           event: ({ by = 5 }) => ({ type: 'fault.skipSequence', by }) },
  refuseResumeHost:  { lasts: 'door',      says: 'the host that READY names for resumes refuses connections', event: atTheDoor },
  refuseConnections: { lasts: 'door',      says: 'every WebSocket handshake is refused with an HTTP status', event: atTheDoor },
  refuseGetGateway:  { lasts: 'door',      says: 'Get Gateway and Get Gateway Bot fail with an HTTP status', event: atTheDoor },
} as const satisfies Record<string, FaultRow>;

/** The name of a fault. */
export type FaultName = keyof typeof ROWS;

/** Every fault the simulator has on demand, by name, with a sentence each. */
export const FAULTS = Object.fromEntries(Object.entries(ROWS).map(([name, { says }]) => [name, says])) as Readonly<
  Record<FaultName, string>
>;

/** How a fault is told to the charts, and how long it holds. */
export const faultRow = (name: FaultName): FaultRow => ROWS[name];

/** Whether there is a fault of that name. */
export const isFaultName = (name: unknown): name is FaultName => typeof name === 'string' && Object.hasOwn(ROWS, name);

/** Throws a `TypeError` that names what is wrong with a fault's details, which may come from outside. */
export function checkFaultDetails({ code, resumable, kind, by, status, retryAfter }: FaultDetails): void {
  const demand = (holds: boolean, sentence: string) => {
    if (!holds) throw new TypeError(sentence);
  };
  demand(code === undefined || isSendableCode(code), `code must be one that a close frame can hold, not ${code}`);
  demand(resumable === undefined || typeof resumable === 'boolean', 'resumable must be true or false');
  demand(kind === undefined || isMalformedKind(kind), `kind must be one of ${Object.keys(MALFORMED).join(', ')}`);
  demand(by === undefined || isWithin(by, 1, 1e6), 'by must be a whole number from 1');
  demand(status === undefined || isWithin(status, 400, 599), 'status must be an HTTP status from 400 to 599');
  demand(
    retryAfter === undefined || (Number.isFinite(retryAfter) && retryAfter >= 0),
    'retryAfter must be a number of seconds',
  );
}

/** Whether a close frame may hold the code (RFC 6455, 7.4). */
export function isSendableCode(code: number): boolean {
  return isWithin(code, 1000, 1014) ? ![1004, 1005, 1006].includes(code) : isWithin(code, 3000, 4999);
}

const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;
