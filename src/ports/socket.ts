/** How a WebSocket ended. `code` is 1005 when the close frame had none, 1006 when there was no close frame (RFC 6455). */
export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  /** The HTTP status with which the handshake was refused, where the platform tells. */
  readonly httpStatus?: number;
  /** When another try makes sense, in ms, as a refused handshake told (`Retry-After`). */
  readonly retryAfter?: number;
  /** What went wrong below, where the platform tells. */
  readonly error?: Error;
}

/** What a socket tells. Order: `opened` at most once, then messages, then `closed` exactly once; after `drop()` nothing. */
export interface SocketCallbacks {
  opened(): void;
  /** A whole message: text as a string or as its UTF-8 bytes with `isBinary` false, or binary as bytes. */
  message(data: string | Uint8Array, isBinary: boolean): void;
  closed(end: SocketEnd): void;
}

/** An open or opening WebSocket. None of its methods throws, in any state. */
export interface Socket {
  /** Sends one message; does nothing unless the socket is open. Text for a string, binary for bytes. */
  send(data: string | Uint8Array): void;
  /**
   * Starts the closing handshake, with 1000 or a code in 3000-4999, and without a code for one that the platform
   * refuses. While opening it gives the connection up: `closed` with 1006 follows.
   */
  close(code: number): void;
  /** Ends the TCP connection, or at least our share in it, at once. No callback is called any more. */
  drop(): void;
  /** Stops reading, where the platform can; the peer is then held back by TCP. */
  pause?(): void;
  resume?(): void;
  /** Bytes accepted by `send` and not yet handed to the network. */
  readonly bufferedAmount: number;
  /**
   * Whether `send` passes messages on now: false as soon as either side has begun to close. A socket without it counts as
   * open until `closed`.
   */
  readonly isOpen?: boolean;
  /**
   * Calls back once nothing that has arrived is left to be read, as far as the platform tells, in a later task; never after
   * `drop()`. What comes meanwhile may put it off for ever, and another question ends the one before. A socket without it has nothing that it could hold back.
   */
  whenEmpty?(then: () => void): void;
}

/** Settings of one connection. */
export interface SocketOptions {
  /** The largest message taken, in bytes; a larger one ends the connection with 1009 where the platform can. */
  readonly maxPayload: number;
}

/** Opens WebSockets. Never throws: what cannot be opened is `closed` with 1006, in a later task. */
export interface SocketPort {
  open(url: string, options: SocketOptions, callbacks: SocketCallbacks): Socket;
  /** HTTP by the same way, such as a proxy, for Get Gateway Bot; the platform's `fetch` where there is none. */
  readonly fetch?: typeof globalThis.fetch;
}
