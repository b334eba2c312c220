import { Opcode, type ShardEvent } from '../../machines/index.js';

/**
 * Something that happens. To a client without a word of this project: what crosses the wire is as it is there. To any
 * other chart as one of its events.
 */
export type Stimulus =
  | { readonly kind: 'order'; readonly order: 'start' | 'stop' | 'detach' }
  | { readonly kind: 'order'; readonly order: 'reconnect'; readonly fresh: boolean }
  /** A deadline passes; it was armed by an earlier step. */
  | { readonly kind: 'timer'; readonly timer: string }
  /** What was received and nobody has taken yet fills the client's buffer, or there is room again. */
  | { readonly kind: 'backlog'; readonly backlog: 'full' | 'drained' }
  /** A dispatch finds no room in it; `sequence` is the last before that. */
  | { readonly kind: 'backlog'; readonly backlog: 'overflowed'; readonly sequence: number }
  /** What Get Gateway Bot or the queue of identifies answers to a request, by its number. Times in ms. */
  | { readonly kind: 'answer'; readonly request: number; readonly answer: string; readonly [fact: string]: unknown }
  | { readonly kind: 'socket'; readonly connection: number; readonly event: 'opened' }
  | {
      readonly kind: 'socket';
      readonly connection: number;
      readonly event: 'closed';
      readonly code: number;
      /** With which the handshake was refused, and when to come again, in ms. */
      readonly httpStatus?: number;
      readonly retryAfter?: number;
    }
  /** A message: a payload, or a text that is none. */
  | { readonly kind: 'frame'; readonly connection: number; readonly payload: FramePayload }
  | { readonly kind: 'frame'; readonly connection: number; readonly text: string }
  /** Bytes after which nothing can be understood, such as a corrupt compressed stream. */
  | { readonly kind: 'frame'; readonly connection: number; readonly undecodable: true }
  | { readonly kind: 'event'; readonly event: { readonly type: string; readonly [fact: string]: unknown } };

/** A payload of the Gateway ("Payload Structure"): `s` and `t` are null where it is no dispatch. */
export interface FramePayload {
  readonly op: number;
  readonly d: unknown;
  readonly s?: number | null;
  readonly t?: string | null;
}

/** An event of the shard chart as a stimulus; undefined for what only our own host tells it. */
export function stimulusOf(event: ShardEvent): Stimulus | undefined {
  switch (event.type) {
    case 'start':
    case 'stop':
    case 'detach':
      return { kind: 'order', order: event.type };
    case 'reconnect':
      return { kind: 'order', order: event.type, fresh: event.fresh };
    case 'located':
    case 'locateFailed':
    case 'permitGranted':
    case 'permitRefused': {
      const { type, request, ...facts } = event;
      return { kind: 'answer', request, answer: type, ...facts };
    }
    case 'opened':
      return { kind: 'socket', connection: event.connection, event: 'opened' };
    case 'closed': {
      const { connection, code, httpStatus, retryAfter } = event;
      const refused =
        httpStatus === undefined ? {} : { httpStatus, ...(retryAfter === undefined ? {} : { retryAfter }) };
      return { kind: 'socket', connection, event: 'closed', code, ...refused };
    }
    case 'backlogFull':
      return { kind: 'backlog', backlog: 'full' };
    case 'backlogDrained':
      return { kind: 'backlog', backlog: 'drained' };
    case 'backlogOverflowed':
      return { kind: 'backlog', backlog: 'overflowed', sequence: event.sequence };
    case 'dispatched':
      return undefined;
    case 'malformed':
      return { kind: 'frame', connection: event.connection, text: '}' };
    case 'undecodable':
      return { kind: 'frame', connection: event.connection, undecodable: true };
    default:
      return 'connection' in event
        ? { kind: 'frame', connection: event.connection, payload: payloadOf(event) }
        : { kind: 'timer', timer: event.type.slice('timer.'.length) };
  }
}

function payloadOf(
  event: Exclude<ShardEvent, { type: 'opened' | 'closed' | 'dispatched' | 'malformed' | 'undecodable' }>,
): FramePayload {
  const message = (op: number, d: unknown): FramePayload => ({ op, d, s: null, t: null });
  switch (event.type) {
    case 'hello':
      return message(Opcode.Hello, { heartbeat_interval: event.interval });
    case 'heartbeatAck':
      return message(Opcode.HeartbeatAck, null);
    case 'heartbeatRequested':
      return message(Opcode.Heartbeat, null);
    case 'reconnectRequested':
      return message(Opcode.Reconnect, null);
    case 'invalidSession':
      return message(Opcode.InvalidSession, event.resumable);
    case 'ready': {
      const { id, url } = event.session ?? {};
      const d = { v: 10, ...(id ? { session_id: id } : {}), ...(url ? { resume_gateway_url: url } : {}) };
      return { op: Opcode.Dispatch, d, s: event.sequence, t: 'READY' };
    }
    case 'resumed':
      return { op: Opcode.Dispatch, d: {}, s: event.sequence, t: 'RESUMED' };
    case 'dispatch':
      return { op: Opcode.Dispatch, d: {}, s: event.sequence, t: 'MESSAGE_CREATE' };
    case 'unknownOpcode':
      return message(event.opcode, null);
    default:
      throw new TypeError(`${event.type} is no message`);
  }
}
