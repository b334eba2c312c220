/**
 * The ports of the host: all that a shard needs from the world. Each is small, each has a contract suite in
 * `gatechart/testing`, and each may be replaced.
 */
import type { GatewayEncoding, GatewayVersion } from '../../machines/client.js';
import type { Compression } from '../wire/inflate.js';

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

/** What Discord wants to be told of a client, over HTTP ("User Agent"). */
export const USER_AGENT = 'DiscordBot (gatechart, 0)';

export type {
  Compression,
  InflateCallbacks,
  InflateOptions,
  InflatePort,
  Inflater,
} from '../wire/inflate.js';

/** What Get Gateway Bot says about identifies (Session Start Limit Object). Times in ms. */
export interface SessionStartLimit {
  readonly total: number;
  readonly remaining: number;
  readonly resetAfter: number;
  readonly maxConcurrency: number;
}

/** Where the Gateway is (Get Gateway Bot). */
export interface GatewayInfo {
  readonly url: string;
  /** The recommended number of shards; null where nobody said. */
  readonly shards: number | null;
  readonly sessionStartLimit: SessionStartLimit | null;
  /** When it was fetched, in ms since 1970. */
  readonly fetchedAt: number;
}

/** Why the Gateway's URL could not be had. */
export class LocateError extends Error {
  override readonly name = 'LocateError';
  readonly code = 'ERR_LOCATE';
  constructor(
    /** 401, 429, 5xx or another refusal, or no answer at all. */
    readonly reason: 'unauthorized' | 'rateLimited' | 'unavailable' | 'unreachable',
    message: string,
    /** When another try makes sense, in ms. */
    readonly retryAfter?: number,
    options?: ErrorOptions & {
      /** Of the system or of TLS, such as ENOTFOUND. */
      readonly systemCode?: string | undefined;
      /** With which the request was answered. */
      readonly httpStatus?: number | undefined;
    },
  ) {
    super(message, options);
    this.systemCode = options?.systemCode;
    this.httpStatus = options?.httpStatus;
  }

  readonly systemCode: string | undefined;
  readonly httpStatus: number | undefined;
}

/** Finds the Gateway. Rejects with a `LocateError`, or with the signal's reason once aborted. */
export interface LocatorPort {
  locate(options: { readonly signal: AbortSignal }): Promise<GatewayInfo>;
}

/** An answer to a request for an identify. */
export type Permit =
  | {
      readonly granted: true;
      /** Said once: whether an Identify was sent. An unused permit may serve another. */
      settle(use: 'used' | 'unused'): void;
    }
  | {
      readonly granted: false;
      readonly reason: string;
      /** When to ask again, in ms; null if never. */
      readonly retryAfter: number | null;
    };

/** Permits identifies: one per 5 s and lane (`shard_id % max_concurrency`), within the day's budget. */
export interface PermitPort {
  /** Waits for a place. Rejects only with the signal's reason, once aborted; a place in the queue is then given up. */
  request(options: {
    readonly shardId: number;
    readonly shardCount: number;
    readonly signal: AbortSignal;
  }): Promise<Permit>;
  /** What Get Gateway Bot last said. */
  update(limit: SessionStartLimit): void;
}

/** How the connections of a session are spoken: a resume has to keep to it ("Resuming"). */
export interface WireParameters {
  readonly version: GatewayVersion;
  readonly encoding: GatewayEncoding;
  readonly compress: Compression | false;
}

/** A session to be resumed later, elsewhere: plain JSON. It holds no token, but whoever has the token and it has the session. */
export interface ResumeRecord {
  readonly version: 1;
  readonly sessionId: string;
  readonly resumeUrl: string | null;
  /** The last sequence that was handled, so that whatever was not comes again. */
  readonly sequence: number;
  readonly shard: readonly [id: number, count: number];
  readonly intents: number;
  readonly wire: WireParameters;
  /** The Gateway URL that was configured, without userinfo and query; null if Discord was asked for it, and absent in records of before. */
  readonly gatewayUrl?: string | null;
  /** When it was made, in ms since 1970. */
  readonly savedAt: number;
}

/** Keeps a resume record. */
export interface StorePort {
  load(): Promise<ResumeRecord | null>;
  save(record: ResumeRecord): Promise<void>;
  clear(): Promise<void>;
}

/** Timers and the time, in ms. The shape of XState's clock, and `now`. */
export interface ClockPort {
  setTimeout(fn: (...args: unknown[]) => void, ms: number): unknown;
  clearTimeout(id: unknown): void;
  now(): number;
  /** Runs `fn` when what has arrived is read, before the next timer. A clock without it lets a microtask do. */
  whenRead?(fn: () => void): void;
}

/** A random number in [0, 1). */
export type RandomPort = () => number;

export type { TraceSink } from '../trace/sink.js';
