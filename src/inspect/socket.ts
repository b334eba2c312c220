/** A receiver at the other end of a WebSocket: our relay, or any other that takes Stately's messages as JSON text. */
import { Deferred } from './deferred.js';
import type { StatelyReceiver } from './stately.js';

/** The part of a WebSocket that is used; the standard one and that of `ws` have it. */
interface SocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(): void;
}

/** How a receiver is reached. */
export interface SocketOptions {
  readonly url: string;
  /** Messages kept until it is reached: 1,000 unless told. */
  readonly history?: number | undefined;
}

const OPEN = 1;
const RETRY_MS = 1_000;

/** What may wait to be sent, in bytes: a receiver that does not read is connected to again. */
const LARGEST_BACKLOG = 64 << 20;

/** Connects, and connects again after a loss; it then tells everything anew that it still has. */
export function socketReceiver(
  WebSocketClass: new (url: string) => unknown,
  { url, history = 1_000 }: SocketOptions,
): StatelyReceiver {
  const kept = new Deferred(history);
  let socket: SocketLike | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const connect = () => {
    const opening = new WebSocketClass(url) as SocketLike;
    socket = opening;
    opening.onopen = () => {
      for (const message of kept.all) opening.send(JSON.stringify(message));
    };
    opening.onerror = () => {}; // `close` follows
    opening.onclose = () => {
      if (socket === null) return;
      timer = setTimeout(connect, RETRY_MS);
      (timer as { unref?(): void }).unref?.();
    };
  };
  connect();
  return {
    send(message) {
      kept.send(message);
      if (socket?.readyState !== OPEN) return;
      if (socket.bufferedAmount > LARGEST_BACKLOG) socket.close();
      else socket.send(JSON.stringify(message));
    },
    close() {
      clearTimeout(timer);
      const closing = socket;
      socket = null;
      closing?.close();
    },
  };
}
