import type { ClientRequestArgs } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import type { SocketPort } from '../src/host/ports.js';

/** Options of the npm package `ws`: agent, TLS, headers and so on. `maxPayload` is the host's. */
export type WsOptions = ClientRequestArgs & Omit<ClientOptions, 'maxPayload'> & { readonly closeTimeout?: number };

/**
 * What a socket starts from: no WebSocket compression, since Discord compresses within its messages, and 2 s, as in
 * Chromium, instead of 30 for a peer to end the TCP connection once it has sent its close frame. No handshake timeout
 * either: the chart has one.
 */
const DEFAULTS = { perMessageDeflate: false, closeTimeout: 2000 };

/**
 * Sockets for Node, from the npm package `ws`. Text messages come as bytes. A message over `maxPayload` gives `closed`
 * with 1009 and any other violation by the peer 1006, both at once and not when the peer has agreed to close.
 */
export function ws(options: WsOptions = {}): SocketPort {
  return {
    open(url, { maxPayload }, callbacks) {
      let socket: WebSocket;
      try {
        socket = new WebSocket(url, { ...DEFAULTS, ...options, maxPayload });
      } catch (error) {
        const later = setTimeout(() =>
          callbacks.closed({ code: 1006, reason: '', wasClean: false, error: error as Error }),
        );
        return { send() {}, close() {}, drop: () => clearTimeout(later), bufferedAmount: 0 };
      }

      let failure: { error?: Error & { code?: unknown }; httpStatus?: number } = {};
      socket.on('open', () => callbacks.opened());
      socket.on('message', (data, isBinary) => callbacks.message(data as Buffer, isBinary));
      socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
        failure = { error: new Error(`The WebSocket was refused with HTTP ${statusCode}`), httpStatus: statusCode };
        socket.terminate();
      });
      socket.on('error', (error) => {
        failure = { error, ...failure };
        socket.terminate();
      });
      socket.on('close', (closeCode, reason) => {
        const code = failure.error?.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 1009 : closeCode;
        callbacks.closed({ code, reason: reason.toString(), wasClean: closeCode !== 1006, ...failure });
      });

      return {
        send(data) {
          if (socket.readyState === WebSocket.OPEN) socket.send(data);
        },
        close(code) {
          try {
            socket.close(code);
          } catch {
            socket.close(); // not a code that may be sent: a close frame without one
          }
        },
        drop() {
          socket.removeAllListeners();
          socket.on('error', () => {}); // an error event without a listener would be thrown
          socket.terminate();
        },
        pause: () => socket.pause(),
        resume: () => socket.resume(),
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
      };
    },
  };
}
