import type { GatewayEvent } from '../../machines/gateway/vocabulary.js';
import { closest } from '../../machines/kit/closest.js';
import { isMalformedKind, MALFORMED, type MalformedKind } from './malformed.js';

/** Where a connection is, as far as a fault can wait for it. */
export const PLACES = ['greeting', 'awaitingIdentify', 'starting', 'replaying', 'live'] as const;
/** A state of the Gateway chart's session region. */
export type Place = (typeof PLACES)[number];

/** Details of a fault; each kind takes its own. */
export interface FaultDetails {
  /** Close code of `closeWith`. Default: 4000. */
  readonly code?: number;
  /** Of `invalidateSession`: whether the session may be resumed. Default: false. */
  readonly resumable?: boolean;
  /** Kind of `malformed`. Default: notJson. */
  readonly kind?: MalformedKind;
  /** How many numbers `skipSequence` leaves out. Default: 5. */
  readonly by?: number;
  /** HTTP status of the three refusals. Default: 503. */
  readonly status?: number;
  /** Of `refuseGetGateway`: seconds in Retry-After. */
  readonly retryAfter?: number;
}

/** What a detail of a fault may be. */
export interface DetailRow {
  readonly is: string;
  /** Taken where the detail is left out. */
  readonly default: string | number | boolean | undefined;
  holds(value: unknown): boolean;
}

const isWithin = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

/** Whether a close frame may hold the code (RFC 6455, 7.4). */
export function isSendableCode(code: unknown): boolean {
  return isWithin(code, 1000, 1014) ? ![1004, 1005, 1006].includes(code as number) : isWithin(code, 3000, 4999);
}

/** Every detail of a fault. */
// biome-ignore format: aligned table
export const FAULT_DETAILS = {
  code:       { default: 4000,      is: 'a code that a close frame can hold',            holds: (value) => isSendableCode(value) },
  resumable:  { default: false,     is: 'true or false',                                 holds: (value) => typeof value === 'boolean' },
  kind:       { default: 'notJson', is: `one of ${Object.keys(MALFORMED).join(', ')}`,   holds: (value) => typeof value === 'string' && isMalformedKind(value) },
  by:         { default: 5,         is: 'a whole number from 1 to 1000000',              holds: (value) => isWithin(value, 1, 1e6) },
  status:     { default: 503,       is: 'an HTTP status from 400 to 599',                holds: (value) => isWithin(value, 400, 599) },
  retryAfter: { default: undefined, is: 'a number of seconds',                           holds: (value) => Number.isFinite(value) && (value as number) >= 0 },
} as const satisfies Record<keyof FaultDetails, DetailRow>;

/** What a fault is, how long it holds, and the event that brings it about in a chart. */
export interface FaultRow {
  readonly says: string;
  /**
   * `standing` faults hold for the open connections and every new one until they are cleared; `momentary` ones happen
   * once, now or on reaching a place; `handshake` ones are about what comes before a connection.
   */
  readonly lasts: 'standing' | 'momentary' | 'handshake';
  /** The details it takes. The first is what a value on the command line is. */
  readonly takes?: readonly (keyof FaultDetails)[];
  /** Whether it is over before a session is named, so that it cannot be aimed at one. */
  readonly beforeSession?: boolean;
  /** Where it can still happen, for one that is over once a connection is live, which then is none of so many that it strikes. */
  readonly places?: readonly Exclude<Place, 'live'>[];
  /** Whether it happens to a session that waits to be resumed as well. */
  readonly reachesKeptSessions?: boolean;
  /** The event for the chart; null for what comes before a connection. */
  event(details: FaultDetails): GatewayEvent | null;
}

const sends = (event: GatewayEvent) => () => event;
const beforeConnection = () => null;

// biome-ignore format: aligned table
const ROWS = {
  withholdHello:     { lasts: 'standing',  says: 'Hello does not come', beforeSession: true, places: ['greeting'], event: sends({ type: 'fault.withholdHello' }) },
  withholdReady:     { lasts: 'standing',  says: 'an Identify is taken, but READY does not come', beforeSession: true, places: ['greeting', 'awaitingIdentify', 'starting'], event: sends({ type: 'fault.withholdReady' }) },
  withholdResumed:   { lasts: 'standing',  says: 'a Resume is replayed, but RESUMED does not come', places: ['greeting', 'awaitingIdentify', 'replaying'], event: sends({ type: 'fault.withholdResumed' }) },
  resumeThenDrop:    { lasts: 'standing',  says: 'a Resume is accepted and the TCP connection dropped', places: ['greeting', 'awaitingIdentify', 'replaying'], event: sends({ type: 'fault.resumeThenDrop' }) },
  swallowAcks:       { lasts: 'standing',  says: 'heartbeats are not acknowledged: a zombie',               event: sends({ type: 'fault.swallowAcks' }) },
  ignoreClose:       { lasts: 'standing',  says: 'the client\'s close frame is not answered, and sending goes on', event: sends({ type: 'fault.ignoreClose' }) },
  goSilent:          { lasts: 'momentary', says: 'nothing is read or sent any more, while TCP stays up',    event: sends({ type: 'fault.goSilent' }) },
  stopReading:       { lasts: 'momentary', says: 'nothing is read from TCP any more, while sending goes on', event: sends({ type: 'fault.stopReading' }) },
  startReading:      { lasts: 'momentary', says: 'reading goes on again',                                   event: sends({ type: 'fault.startReading' }) },
  dropTcp:           { lasts: 'momentary', says: 'the TCP connection ends without a close frame',           event: sends({ type: 'fault.dropTcp' }) },
  closeWith:         { lasts: 'momentary', says: 'the Gateway closes with a code', takes: ['code'],         event: ({ code = FAULT_DETAILS.code.default }) => ({ type: 'closeWith', code }) },
  requestHeartbeat:  { lasts: 'momentary', says: 'the Gateway asks for a heartbeat (op 1)',                 event: sends({ type: 'requestHeartbeat' }) },
  requestReconnect:  { lasts: 'momentary', says: 'the Gateway asks the client to reconnect (op 7)',         event: sends({ type: 'requestReconnect' }) },
  invalidateSession: { lasts: 'momentary', says: 'the session is invalid, or may be resumed (op 9)', takes: ['resumable'], reachesKeptSessions: true, event: ({ resumable = FAULT_DETAILS.resumable.default }) => ({ type: 'invalidateSession', resumable }) },
  malformed:         { lasts: 'momentary', says: 'the Gateway sends something malformed', takes: ['kind'],  event: ({ kind = FAULT_DETAILS.kind.default }) => ({ type: 'fault.malformed', kind }) },
  skipSequence:      { lasts: 'momentary', says: 'sequence numbers are left out', takes: ['by'], reachesKeptSessions: true, event: ({ by = FAULT_DETAILS.by.default }) => ({ type: 'fault.skipSequence', by }) },
  helloWithUpgrade:  { lasts: 'handshake', says: 'Hello comes in the same packet as the answer to the handshake', event: beforeConnection },
  refuseResumeHost:  { lasts: 'handshake', says: 'the host that READY names for resumes refuses connections', takes: ['status'], event: beforeConnection },
  refuseConnections: { lasts: 'handshake', says: 'every WebSocket handshake is refused with an HTTP status', takes: ['status'], event: beforeConnection },
  refuseGetGateway:  { lasts: 'handshake', says: 'Get Gateway and Get Gateway Bot fail with an HTTP status', takes: ['status', 'retryAfter'], event: beforeConnection },
} as const satisfies Record<string, FaultRow>;

/** The name of a fault. */
export type FaultName = keyof typeof ROWS;

/** Every fault the simulator has on demand, by name, with a sentence each. */
export const FAULTS = Object.fromEntries(Object.entries(ROWS).map(([name, { says }]) => [name, says])) as Readonly<
  Record<FaultName, string>
>;

/** How long a fault holds, and its event. */
export const faultRow = (name: FaultName): FaultRow => ROWS[name];

/** Whether there is a fault of that name. */
export const isFaultName = (name: unknown): name is FaultName => typeof name === 'string' && Object.hasOwn(ROWS, name);

/** The fault that a wrong name may have meant, as the end of a sentence. */
function faultMeant(name: unknown): string {
  const meant = typeof name === 'string' ? closest(name, Object.keys(FAULTS)) : undefined;
  return meant === undefined ? '' : `: write ${meant}`;
}

/** Throws a `TypeError` that names what is wrong with an order for a fault, which may come from outside. */
export function checkFault(name: unknown, options: Readonly<Record<string, unknown>>): asserts name is FaultName {
  const demand = (holds: boolean, sentence: string) => {
    if (!holds) throw new TypeError(sentence);
  };
  if (!isFaultName(name)) throw noFault(name);
  const { lasts, takes = [], beforeSession = false, places } = faultRow(name);
  const fields = [...takes, 'times', ...(lasts === 'handshake' ? [] : ['at', 'connection', 'sessionId'])];
  for (const [key, value] of Object.entries(options)) {
    demand(fields.includes(key), `${name} takes no ${key}: it takes ${fields.join(', ')}`);
    if (value === undefined) continue;
    const row: DetailRow = RULES[key as keyof typeof RULES];
    demand(row.holds(value), `${key} must be ${row.is}, not ${JSON.stringify(value)}`);
  }
  const { at, sessionId } = options;
  const happens = at === undefined || places === undefined || (places as readonly unknown[]).includes(at);
  demand(happens, `${name} cannot happen any more at ${at}: leave out at, or write one of ${places?.join(', ')}`);
  if (sessionId === undefined) return;
  demand(!beforeSession, `${name} comes before a session is named: leave out sessionId, or name a connection`);
  demand(
    at === undefined || !BEFORE_SESSION.includes(at as Place),
    `no session is named yet at ${at}: leave out sessionId, or at`,
  );
}

/** Where a connection has no session yet. */
const BEFORE_SESSION: readonly Place[] = ['greeting', 'starting'];

/** Every field of an order. */
const RULES: Readonly<Record<keyof FaultDetails | 'at' | 'times' | 'connection' | 'sessionId', DetailRow>> = {
  ...FAULT_DETAILS,
  at: { default: undefined, is: `one of ${PLACES.join(', ')}`, holds: (value) => PLACES.includes(value as Place) },
  times: {
    default: undefined,
    is: 'a whole number from 1, or "all"',
    holds: (value) => value === 'all' || isWithin(value, 1, Number.MAX_SAFE_INTEGER),
  },
  connection: {
    default: undefined,
    is: 'the number of a connection',
    holds: (value) => isWithin(value, 1, Number.MAX_SAFE_INTEGER),
  },
  sessionId: { default: undefined, is: 'the id of a session', holds: (value) => typeof value === 'string' },
};

/** How long a fault holds, and which detail a value on the command line is. */
export function faultTakes(
  name: FaultName,
): Pick<FaultRow, 'lasts'> & { readonly detail: keyof FaultDetails | undefined } {
  if (!isFaultName(name)) throw noFault(name);
  const { lasts, takes = [] } = faultRow(name);
  return { lasts, detail: takes[0] };
}

const noFault = (name: unknown) => new TypeError(`There is no fault ${JSON.stringify(name)}${faultMeant(name)}`);
