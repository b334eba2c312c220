import { isDispatchName, Opcode, type ReceivedOpcode } from '../../machines/client.js';
import { decodeEtf, type EtfError } from './etf/index.js';
import { type Head, headOf } from './head.js';
import { textOf } from './text.js';

/** A message of the Gateway, checked as far as the shard depends on its shape ("Payload Structure"). */
export type Incoming =
  /** A sequence of null: it came without one. */
  | { readonly type: 'dispatch'; readonly name: string; readonly sequence: number | null; readonly data: unknown }
  /** A dispatch whose data nobody wants: it was not parsed, or what was parsed is left out. */
  | { readonly type: 'skipped'; readonly name: string; readonly sequence: number | null }
  | { readonly type: 'hello'; readonly interval: unknown }
  | { readonly type: 'heartbeatRequested' }
  | { readonly type: 'heartbeatAck' }
  | { readonly type: 'reconnectRequested' }
  | { readonly type: 'invalidSession'; readonly resumable: boolean }
  | { readonly type: 'unknownOpcode'; readonly opcode: number }
  /** `problem` says what is wrong, and never quotes the message. */
  | { readonly type: 'malformed'; readonly problem: string }
  /** The same, and nothing that follows on this connection can be understood: a decoder says it once and ends. */
  | { readonly type: 'undecodable'; readonly problem: string };

/** Which dispatches somebody wants the data of, as of now. READY and RESUMED are read by the shard itself. */
export interface Wanted {
  /** Whether all of them are wanted, whatever their names. */
  all(): boolean;
  has(name: string): boolean;
}

/** Somebody wants all of them. */
export const EVERYTHING: Wanted = { all: () => true, has: () => true };

const isWanted = (name: string, wanted: Wanted): boolean =>
  wanted.all() || name === 'READY' || name === 'RESUMED' || wanted.has(name);

/**
 * Understands one message as JSON. Never throws.
 *
 * A dispatch that is not wanted is not parsed, where its head can be read alone. That its data is no JSON goes unnoticed
 * then, and its sequence counts.
 */
export function decodeJson(data: string | Uint8Array, wanted: Wanted): Incoming {
  const isAll = wanted.all();
  const head = isAll ? null : headOf(data);
  if (head !== null && !isWanted(head.name, wanted)) {
    return { type: 'skipped', name: head.name, sequence: head.sequence };
  }
  try {
    return (head && dispatchAfter(head, data)) ?? understand(parsed(data), isAll ? EVERYTHING : wanted);
  } catch {
    return { type: 'undecodable', problem: 'not JSON' };
  }
}

/** The dispatch of a head that was read, so that only its data is left to be parsed; null if that is not all of the message. */
function dispatchAfter({ name, sequence, dataAt }: Head, data: string | Uint8Array) {
  try {
    const rest = typeof data === 'string' ? data.slice(dataAt, -1) : data.subarray(dataAt, -1);
    return { type: 'dispatch', name, sequence, data: parsed(rest) } as const;
  } catch {
    return null;
  }
}

/** Throws what `JSON.parse` or `textOf` throws. */
function parsed(data: string | Uint8Array): unknown {
  return JSON.parse(typeof data === 'string' ? data : textOf(data));
}

/** Understands one message as ETF, which has to be read as a whole. Never throws. */
export function decodeTerm(data: Uint8Array, wanted: Wanted): Incoming {
  let payload: unknown;
  try {
    payload = decodeEtf(data);
  } catch (error) {
    return { type: 'undecodable', problem: `not ETF: ${(error as EtfError).message}` };
  }
  return understand(payload, wanted);
}

interface Payload {
  /** To the compiler, whatever else it may be is left out, so that a case which is missing does not compile. */
  readonly op?: ReceivedOpcode;
  readonly d?: unknown;
  readonly s?: unknown;
  readonly t?: unknown;
}

function understand(value: unknown, wanted: Wanted): Incoming {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed('not an object');
  const payload: Payload = value;
  const { op, d } = payload;
  switch (op) {
    case Opcode.Dispatch:
      return dispatch(payload, wanted);
    case Opcode.Heartbeat:
      return { type: 'heartbeatRequested' };
    case Opcode.HeartbeatAck:
      return { type: 'heartbeatAck' };
    case Opcode.Reconnect:
      return { type: 'reconnectRequested' };
    case Opcode.InvalidSession:
      return { type: 'invalidSession', resumable: d === true }; // whatever else `d` is, it does not promise a session
    case Opcode.Hello:
      return {
        type: 'hello',
        interval: (d as { heartbeat_interval?: unknown } | null | undefined)?.heartbeat_interval,
      };
    default:
      return unknownOpcode(op satisfies undefined);
  }
}

function unknownOpcode(op: unknown): Incoming {
  return typeof op === 'number' && Number.isInteger(op)
    ? { type: 'unknownOpcode', opcode: op }
    : malformed('op is not an integer');
}

function dispatch({ s, t, d }: Payload, wanted: Wanted): Incoming {
  const sequence = s ?? null;
  if (!isSequence(sequence)) return malformed('a dispatch whose sequence (s) is not a whole number');
  if (typeof t !== 'string' || t === '') return malformed('a dispatch without a name (t)');
  if (!isDispatchName(t)) return malformed('a dispatch whose name (t) is not 1 to 64 capitals, digits and _');
  if (d === undefined) return malformed(`a dispatch without data (d)`);
  return isWanted(t, wanted)
    ? { type: 'dispatch', name: t, sequence, data: d }
    : { type: 'skipped', name: t, sequence };
}

function isSequence(value: unknown): value is number | null {
  return value === null || (Number.isSafeInteger(value) && Number(value) >= 0);
}

function malformed(problem: string): Incoming {
  return { type: 'malformed', problem };
}
