import type { Socket, SocketEnd, SocketPort } from '../src/host/ports.js';

/** As much of the standard `WebSocket` as is needed here; the class of every platform fits. */
export interface StandardWebSocket {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

/** Settings of `webSocket`. */
export interface WebSocketOptions {
  /** The class to use; `globalThis.WebSocket` unless given. */
  readonly WebSocket?: new (
    url: string,
  ) => StandardWebSocket;
}

/** The standard's `OPEN`. */
const OPEN = 1;

/**
 * Sockets from the standard `WebSocket`: browsers, Node from 22 on, Bun, Deno. The standard has no way to end the TCP
 * connection, so `drop` stops listening and leaves the closing to the platform; nor to stop reading, so there is no
 * `pause`; nor to refuse a large message before it is here: one over `maxPayload` is discarded on receipt, the socket
 * dropped, and `closed` says 1009. Why a connection failed is told by few platforms, the HTTP status by none. Throws a
 * `TypeError` where there is no `WebSocket`.
 */
export function webSocket(options: WebSocketOptions = {}): SocketPort {
  const WebSocket = options.WebSocket ?? globalThis.WebSocket;
  if (typeof WebSocket !== 'function') {
    throw new TypeError('This platform has no WebSocket: pass one as an option, or in Node before 22 use gatechart/ws');
  }
  return {
    open(url, { maxPayload }, callbacks) {
      let socket: StandardWebSocket;
      try {
        socket = new WebSocket(url);
      } catch (error) {
        const later = setTimeout(() => callbacks.closed(abnormal(error)));
        return { send() {}, close() {}, drop: () => clearTimeout(later), bufferedAmount: 0 };
      }

      let failure: unknown;
      let isDropped = false;
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => callbacks.opened();
      socket.onmessage = ({ data }: { data: string | ArrayBuffer }) => {
        if (isOver(maxPayload, data)) {
          drop();
          const error = new RangeError(`A message exceeds maxPayload, which is ${maxPayload} bytes`);
          callbacks.closed({ code: 1009, reason: '', wasClean: false, error });
        } else if (typeof data === 'string') callbacks.message(data, false);
        else callbacks.message(new Uint8Array(data), true);
      };
      socket.onerror = (event: { error?: unknown }) => {
        failure = event.error;
      };
      socket.onclose = ({ code, reason, wasClean }: SocketEnd) => {
        const end = { ...abnormal(failure), code, reason, wasClean };
        queueMicrotask(() => !isDropped && callbacks.closed(end)); // Node calls onclose from within close()
      };

      const close = (code?: number) => {
        try {
          socket.close(code);
        } catch {
          socket.close(); // not a code that may be sent: a close frame without one
        }
      };
      const drop = () => {
        isDropped = true;
        socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null;
        close();
      };
      return {
        send(data) {
          if (socket.readyState === OPEN) socket.send(data as Uint8Array<ArrayBuffer>);
        },
        close,
        drop,
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
      } satisfies Socket;
    },
  };
}

const abnormal = (error: unknown): SocketEnd => ({
  code: 1006,
  reason: '',
  wasClean: false,
  ...(error instanceof Error && { error }),
});

/** A string has as many bytes as UTF-16 units at least and three times as many at most. */
function isOver(limit: number, data: string | ArrayBuffer): boolean {
  if (typeof data !== 'string') return data.byteLength > limit;
  if (data.length * 3 <= limit) return false;
  return data.length > limit || new TextEncoder().encode(data).byteLength > limit;
}
