import { demandShape, type Fields, isFunction } from '../machines/kit/shape.js';
import type { Socket, SocketEnd, SocketPort } from '../src/ports/index.js';
import { tooLarge } from '../src/wire/bytes.js';
import { whenQuiet } from './quiet.js';

/** As much of the standard `WebSocket` as is needed here; the class of every platform fits. */
export interface StandardWebSocket {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(data: never): void;
  close(code?: number): void;
}

/** Settings of `webSocket`. */
export interface WebSocketOptions {
  /** The class to use; `globalThis.WebSocket` unless given. */
  readonly WebSocket?: new (
    url: string,
  ) => StandardWebSocket;
}

const OPTIONS: Fields = { fields: { WebSocket: isFunction } };

/** The standard's `OPEN`. */
const OPEN = 1;

/**
 * Sockets from the standard `WebSocket`: browsers, Node from 22 on, Bun, Deno. The standard has no way to end the TCP
 * connection, so `drop` stops listening and leaves the closing to the platform; nor to stop reading, so there is no
 * `pause`; nor to refuse a large message before it is here: one over `maxPayload` is discarded on receipt, the socket
 * dropped, and `closed` says 1009. Why a connection failed is told by few platforms, the HTTP status by none. In Node a
 * dropped socket whose peer does not answer stays open, and the process with it, until TCP gives up: there prefer
 * `gatechart/ws`. Throws a `TypeError` where there is no `WebSocket`.
 */
export function webSocket(options: WebSocketOptions = {}): SocketPort {
  demandShape('', options, OPTIONS);
  const WebSocket = options.WebSocket ?? globalThis.WebSocket;
  if (typeof WebSocket !== 'function') {
    throw new TypeError('This platform has no WebSocket: pass one as an option, or in Node before 22 use gatechart/ws');
  }
  return {
    open(url, { maxPayload }, callbacks) {
      let isOver = false;
      const end = (how: SocketEnd) => {
        if (isOver) return;
        isOver = true;
        callbacks.closed(how);
      };
      let socket: StandardWebSocket;
      try {
        socket = new WebSocket(url);
      } catch (error) {
        const later = setTimeout(end, 0, abnormal({ error }));
        return { send() {}, close() {}, drop: () => clearTimeout(later), bufferedAmount: 0 };
      }

      let hasOpened = false;
      let lastMessage = 0;
      /** Who wants to know whether all is read: the newest question is the one that counts. */
      let asked: (() => void) | null = null;
      let failure: Failure = {};
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => {
        hasOpened = true;
        lastMessage = performance.now();
        callbacks.opened();
      };
      socket.onmessage = ({ data }: { data: string | ArrayBuffer }) => {
        lastMessage = performance.now();
        if (exceeds(maxPayload, data)) {
          drop();
          const error = new RangeError(tooLarge(maxPayload));
          callbacks.closed({ ...abnormal({ error }), code: 1009 });
        } else callbacks.message(typeof data === 'string' ? data : new Uint8Array(data), typeof data !== 'string');
      };
      socket.onerror = (event: Failure) => {
        failure = event;
        if (!hasOpened) setTimeout(end, 0, abnormal(failure)); // Node 22 has no close event here
      };
      socket.onclose = ({ code, reason, wasClean }: SocketEnd) => {
        const how = { ...abnormal(failure), code: code || 1006, reason, wasClean }; // Deno says 0 for 1006
        queueMicrotask(() => end(how)); // Node from 24 on has this event within close()
      };

      const close = (code?: number) => {
        try {
          socket.close(code);
        } catch {
          socket.close(); // not a code that may be sent: a close frame without one
        }
      };
      const drop = () => {
        isOver = true;
        socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null;
        close();
      };
      return {
        send(data) {
          if (socket.readyState === OPEN) socket.send(data as never);
        },
        close,
        drop,
        whenEmpty(then) {
          asked = then; // what has arrived lies in another process of the browser, of which the standard does not tell
          whenQuiet(
            {
              get lastMessage() {
                return lastMessage;
              },
              get isOver() {
                return isOver || asked !== then;
              },
            },
            then,
          );
        },
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
        get isOpen() {
          return !isOver && socket.readyState === OPEN;
        },
      } satisfies Socket;
    },
  };
}

/** What an error event may say. */
interface Failure {
  readonly error?: unknown;
  readonly message?: string;
}

function abnormal({ error, message }: Failure): SocketEnd {
  const reason = error instanceof Error ? error : message ? new Error(message) : undefined;
  return { code: 1006, reason: '', wasClean: false, ...(reason && { error: reason }) };
}

/** A string has as many bytes as UTF-16 units at least and three times as many at most. */
function exceeds(limit: number, data: string | ArrayBuffer): boolean {
  if (typeof data !== 'string') return data.byteLength > limit;
  if (data.length * 3 <= limit) return false;
  return data.length > limit || new TextEncoder().encode(data).byteLength > limit;
}
