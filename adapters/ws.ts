import { type Agent, type ClientRequestArgs, globalAgent as httpAgent, type IncomingMessage } from 'node:http';
import { globalAgent as httpsAgent } from 'node:https';
import type { Socket as TcpSocket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';
import { demandShape, demandSpelled, isPlainObject, withMethods } from '../machines/kit/shape.js';
import { type Socket, type SocketCallbacks, type SocketPort, USER_AGENT } from '../src/ports/index.js';
import { agentFetch } from './agent-fetch.js';
import { type Quietness, whenQuiet } from './quiet.js';

/**
 * Options of the npm package `ws`: agent, TLS, headers and so on. `maxPayload` is the host's, and no redirect is followed:
 * what is sent would go where nobody said that it may.
 */
export type WsOptions = ClientRequestArgs & SecureContextOptions & OptionsOfWs;

/** What neither Node's `http` nor its `tls` knows. Written down here, since types of `ws` would bring packages of their own. */
export interface OptionsOfWs {
  readonly headers?: { readonly [name: string]: string } | undefined;
  readonly agent?: Agent | undefined;
  readonly origin?: string | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
  /** Returns an error, or false, for a certificate that is not the server's. */
  readonly checkServerIdentity?: ((servername: string, certificate: never) => Error | boolean | undefined) | undefined;
  readonly protocolVersion?: number | undefined;
  /** In ms; without one the deadline of the chart holds. */
  readonly handshakeTimeout?: number | undefined;
  /** In ms, from the peer's close frame: 2,000 unless told. */
  readonly closeTimeout?: number | undefined;
  readonly perMessageDeflate?: boolean | object | undefined;
  readonly skipUTF8Validation?: boolean | undefined;
  readonly autoPong?: boolean | undefined;
  readonly allowSynchronousEvents?: boolean | undefined;
  readonly maxBufferedChunks?: number | undefined;
  readonly maxFragments?: number | undefined;
  generateMask?(mask: Uint8Array): void;
}

const ALWAYS = { followRedirects: false };

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
  demandOptions(options);
  const given = { ...DEFAULTS, ...options, headers: headersOf(options) };
  return {
    ...(needsFetch(options) ? { fetch: agentFetch(options as object) } : {}),
    open(url, { maxPayload }, callbacks) {
      try {
        const settings = { ...environment(url), ...given, ...ALWAYS, maxPayload } as ClientOptions;
        return new WsSocket(new TellingWebSocket(url, settings, callbacks));
      } catch (error) {
        const later = setTimeout(() =>
          callbacks.closed({ code: 1006, reason: '', wasClean: false, error: error as Error }),
        );
        return { send() {}, close() {}, drop: () => clearTimeout(later), bufferedAmount: 0 };
      }
    },
  };
}

/** What would be without effect, and what has one. */
const INSTEAD: Readonly<Record<string, string>> = {
  proxy: 'give an agent, such as one of the package https-proxy-agent',
  maxPayload: 'it is an option of the shard',
};

/** What is mostly given; there is more, which Node and `ws` know. */
const KNOWN: readonly string[] = [
  ...['agent', 'auth', 'headers', 'origin', 'handshakeTimeout', 'closeTimeout', 'timeout', 'perMessageDeflate'],
  ...['ca', 'cert', 'key', 'pfx', 'passphrase', 'rejectUnauthorized', 'checkServerIdentity', 'servername', 'ciphers'],
  ...['crl', 'minVersion', 'maxVersion', 'secureContext', 'lookup', 'family', 'localAddress', 'socketPath', 'method'],
  ...['host', 'hostname', 'port', 'path', 'protocol', 'hints', 'signal', 'session', 'createConnection', 'defaultPort'],
];

function demandOptions(options: WsOptions): void {
  demandShape('', options, isPlainObject);
  const useless = Object.keys(INSTEAD).find((name) => (options as Record<string, unknown>)[name] !== undefined);
  if (useless !== undefined) throw new TypeError(`ws() takes no ${useless}: ${INSTEAD[useless]}`);
  demandSpelled('ws()', Object.keys(options), KNOWN);
  demandShape('headers', options.headers, isPlainObject);
  if (options.agent) demandShape('agent', options.agent, withMethods('addRequest'));
}

/** Some servers, and Discord's HTTP API, refuse a client that does not say what it is. */
function headersOf({ headers }: WsOptions): Record<string, string> {
  const given = { ...(headers as Record<string, string> | undefined) };
  const saysIt = Object.keys(given).some((name) => name.toLowerCase() === 'user-agent');
  return saysIt ? given : { 'User-Agent': USER_AGENT, ...given };
}

/** Options that decide how a server is reached and whom to trust. */
const WAYS = [
  'agent',
  'ca',
  'cert',
  'key',
  'pfx',
  'passphrase',
  'rejectUnauthorized',
  'checkServerIdentity',
  'lookup',
  'family',
  'localAddress',
] as const;

const needsFetch = (options: WsOptions): boolean =>
  WAYS.some((way) => (options as Record<string, unknown>)[way] !== undefined);

/** Node's own agent, where Node is told to take proxies from the environment (`NODE_USE_ENV_PROXY`): `ws` alone would not. */
function environment(url: string): { readonly agent?: Agent } {
  const isAsked = process.env['NODE_USE_ENV_PROXY'] === '1' || process.execArgv.includes('--use-env-proxy');
  if (!isAsked) return {};
  return { agent: url.startsWith('wss:') ? httpsAgent : httpAgent };
}

/**
 * A WebSocket that tells its callbacks directly instead of listeners, which takes less of time and memory: there may be
 * thousands of sockets, and thousands of messages a second.
 */
class TellingWebSocket extends WebSocket implements Quietness {
  /** Kept where nobody tells of the TCP connection. */
  lastMessage = performance.now();
  #callbacks: SocketCallbacks | null;
  #tcp: TcpSocket | undefined;
  #failure: Failure | null = null;

  constructor(url: string, options: ClientOptions, callbacks: SocketCallbacks) {
    super(url, options);
    this.#callbacks = callbacks;
  }

  override emit(event: string | symbol, first?: unknown, second?: unknown): boolean {
    const callbacks = this.#callbacks;
    if (event === 'message') {
      if (this.#tcp === undefined) this.lastMessage = performance.now();
      callbacks?.message(first as Buffer, second as boolean);
    } else if (event === 'open') callbacks?.opened();
    else if (event === 'close') this.#close(first as number, second as Buffer);
    else if (event === 'error') this.#fail({ error: first as Error });
    else if (event === 'upgrade') this.#tcp = (first as { readonly socket?: TcpSocket }).socket;
    else if (event === 'unexpected-response') {
      const { statusCode = 0, headers } = second as Partial<IncomingMessage>;
      const error = new Error(`The WebSocket was refused with HTTP ${statusCode}`);
      this.#fail({ error, httpStatus: statusCode, ...retryAfterOf(headers) });
    }
    return true;
  }

  get isOver(): boolean {
    return this.#callbacks === null;
  }

  /** Calls back after a turn of the event loop, in which sockets are read, that brought no bytes. */
  whenEmpty(then: () => void, known = -1): void {
    const tcp = this.#tcp;
    if (tcp === undefined) {
      whenQuiet(this, then); // as in Bun
      return;
    }
    setImmediate(() => {
      if (this.isOver) return;
      if (tcp.bytesRead === known && isIdle(this)) then();
      else this.whenEmpty(then, tcp.bytesRead);
    });
  }

  /** Tells nothing any more. */
  forget(): void {
    this.#callbacks = null;
  }

  #fail(failure: Failure): void {
    if (this.#callbacks === null) return;
    this.#failure ??= failure; // what comes after the first is of our own making
    this.terminate();
  }

  #close(closeCode: number, reason: Buffer): void {
    const failure: Partial<Failure> = this.#failure ?? {};
    const code = failure.error?.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 1009 : closeCode;
    this.#callbacks?.closed({ code, reason: reason.toString(), wasClean: closeCode !== 1006, ...failure });
  }
}

/** How a connection failed. */
interface Failure {
  readonly error: Error & { code?: unknown };
  readonly httpStatus?: number;
  readonly retryAfter?: number;
}

/** `Retry-After` as a number of seconds; a date, which no Gateway is known to send, is left alone. */
function retryAfterOf(headers: IncomingMessage['headers'] = {}): { readonly retryAfter?: number } {
  const told = headers['retry-after']?.trim() ?? '';
  return /^\d{1,9}(\.\d+)?$/.test(told) ? { retryAfter: 1000 * Number(told) } : {};
}

/** Whether `ws` has nothing left to take apart: with `perMessageDeflate` it decompresses elsewhere, and reads on later. */
function isIdle(socket: object): boolean {
  const { _receiver: receiver } = socket as { readonly _receiver?: { readonly writableLength?: number } };
  return (receiver?.writableLength ?? 0) === 0;
}

class WsSocket implements Socket {
  /** No `#private`: it has to work through an object that has this one as its prototype. */
  constructor(private readonly socket: TellingWebSocket) {}

  get bufferedAmount(): number {
    return this.socket.bufferedAmount;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(data: string | Uint8Array): void {
    if (this.isOpen) this.socket.send(data);
  }

  close(code: number): void {
    try {
      this.socket.close(code);
    } catch {
      this.socket.close(); // not a code that may be sent: a close frame without one
    }
  }

  drop(): void {
    this.socket.forget();
    this.socket.terminate();
  }

  whenEmpty(then: () => void): void {
    this.socket.whenEmpty(then);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }
}
