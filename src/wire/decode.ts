import { Opcode } from '../../machines/index.js';
import { decodeEtf, type EtfError } from './etf/index.js';
import { textOf } from './text.js';

/** A message of the Gateway, checked as far as the shard depends on its shape ("Payload Structure"). */
export type Incoming =
  | { readonly type: 'dispatch'; readonly name: string; readonly sequence: number; readonly data: unknown }
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

/** Understands one message as JSON. Never throws. */
export function decodeJson(data: string | Uint8Array): Incoming {
  let payload: unknown;
  try {
    payload = JSON.parse(typeof data === 'string' ? data : textOf(data));
  } catch {
    return { type: 'undecodable', problem: 'not JSON' };
  }
  return understand(payload);
}

/** Understands one message as ETF. Never throws. */
export function decodeTerm(data: Uint8Array): Incoming {
  let payload: unknown;
  try {
    payload = decodeEtf(data);
  } catch (error) {
    return { type: 'undecodable', problem: `not ETF: ${(error as EtfError).message}` };
  }
  return understand(payload);
}

interface Payload {
  readonly op?: unknown;
  readonly d?: unknown;
  readonly s?: unknown;
  readonly t?: unknown;
}

function understand(value: unknown): Incoming {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed('not an object');
  const payload: Payload = value;
  const { op, d } = payload;
  switch (op) {
    case Opcode.Dispatch:
      return dispatch(payload);
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
      return typeof op === 'number' && Number.isInteger(op)
        ? { type: 'unknownOpcode', opcode: op }
        : malformed('op is not an integer');
  }
}

function dispatch({ s, t, d }: Payload): Incoming {
  if (typeof s !== 'number' || !Number.isSafeInteger(s) || s < 0) return malformed('a dispatch without a sequence (s)');
  if (typeof t !== 'string' || t === '') return malformed('a dispatch without a name (t)');
  if (d === undefined) return malformed(`a dispatch without data (d)`);
  return { type: 'dispatch', name: t, sequence: s, data: d };
}

function malformed(problem: string): Incoming {
  return { type: 'malformed', problem };
}
