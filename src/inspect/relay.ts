/**
 * A relay from this process to pages on this machine: serves one page over HTTP and tells it, over a WebSocket, what is
 * sent here, what was sent before included.
 *
 * What it relays may be what a bot does, so it trusts nobody by the address alone. It listens on 127.0.0.1, and answers
 * only to that name (another would be a page elsewhere that has its own name resolved to this machine). The page holds
 * nothing; to hear anything it needs the key of the URL, which stands behind `#` and so gets into no request and no log.
 * The key works once: it is exchanged for a session, which the tab keeps. No cookie, since cookies go to all ports.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import {
  demandGiven,
  isFunction,
  isPort,
  isText,
  isTrueOrFalse,
  listOf,
  type Rule,
  wholeNumber,
} from '../../machines/kit/shape.js';
import { parseShallow } from '../telling/shallow.js';
import { History } from './history.js';

/** What a relay is started with. */
export interface RelayOptions {
  /** The page, as HTML that holds all it needs. */
  readonly page: string;
  /** Any free one unless told. */
  readonly port?: number | undefined;
  /** Origins that the page may frame, such as `https://stately.ai`; none unless told. */
  readonly frames?: readonly string[] | undefined;
  /** Whether it alone keeps the process running; unless told it does. */
  readonly keepAlive?: boolean | undefined;
  /** Bytes that are kept for pages that come later: 32 MiB unless told. The oldest are forgotten first. */
  readonly history?: number | undefined;
  /** Which messages later ones cannot be understood without: they are forgotten last. */
  readonly isNeeded?: ((message: object) => boolean) | undefined;
  /** Lets other processes send too, to `publishUrl`: what they send goes through this function; null leaves it out. */
  readonly publish?: ((message: unknown) => object | null) | undefined;
}

/** A running relay. */
export interface Relay {
  readonly port: number;
  /** The address of the page, with the key that works once. A secret until it is used. */
  readonly url: string;
  /** Where other processes on this machine may send to, with a key that works until the relay is closed; null if they may not. */
  readonly publishUrl: string | null;
  /** How many pages listen. */
  readonly viewers: number;
  /** Tells all pages, those that come later included. Never throws. */
  send(message: object): void;
  /** Stops listening and hangs up; resolves once nothing is open any more. */
  close(): Promise<void>;
}

/** Close codes of the relay's own, after those of HTTP. */
export const RELAY_CLOSE = { unauthorized: 4401, timeout: 4408, tooMuch: 4413 } as const;

/** A page says who it is within this time, in ms. */
const HANDSHAKE_MS = 5_000;

/** Sockets that have not said yet who they are; the oldest goes first, since a page says so at once. */
const MOST_STRANGERS = 16;

/** TCP connections in all. */
const MOST_CONNECTIONS = 256;

/** What may wait to be read by a page, in bytes; who does not read is dropped. */
const LARGEST_BACKLOG = 128 << 20;

/** The largest message that a process may send, in bytes. */
const LARGEST_MESSAGE = 4 << 20;

/** The types of `ws` do not know `closeTimeout`: how long a peer may take to answer a close frame, in ms. */
const SOCKETS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  perMessageDeflate: false,
  maxPayload: LARGEST_MESSAGE,
  closeTimeout: HANDSHAKE_MS,
};

/** Of a key. */
const KEY_BYTES = 24;

const OPTIONS = {
  fields: {
    page: { says: 'a page, as HTML', holds: isText.holds },
    port: isPort,
    frames: listOf(isText),
    keepAlive: isTrueOrFalse,
    history: wholeNumber('a number of bytes above 0', 1),
    isNeeded: isFunction,
    publish: isFunction,
  } satisfies Record<keyof RelayOptions, Rule>,
};

/** Starts a relay. Rejects when the port is taken. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  demandGiven('', options, OPTIONS);
  demandGiven('page', options.page, OPTIONS.fields.page);
  const relay = new RunningRelay(options);
  await relay.listen(options.port ?? 0);
  return relay;
}

class RunningRelay implements Relay {
  readonly #page: string;
  readonly #frames: readonly string[];
  readonly #publish: RelayOptions['publish'];
  readonly #history: History;
  readonly #isNeeded: (message: object) => boolean;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer(SOCKETS);
  readonly #strangers = new Set<WebSocket>();
  readonly #viewers = new Set<WebSocket>();
  readonly #key = newKey();
  #isUsed = false;
  readonly #session = newKey();
  readonly #publishKey = newKey();
  #port = 0;

  constructor({
    page,
    frames = [],
    history = 32 << 20,
    isNeeded = () => false,
    keepAlive = true,
    publish,
  }: RelayOptions) {
    this.#page = page;
    this.#frames = frames;
    this.#publish = publish;
    this.#history = new History(history);
    this.#isNeeded = isNeeded;
    const times = { headersTimeout: HANDSHAKE_MS, requestTimeout: HANDSHAKE_MS, connectionsCheckingInterval: 1_000 };
    this.#server = createServer(times, (request, response) => this.#answer(request, response));
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    if (keepAlive) return;
    this.#server.unref();
    this.#server.on('connection', (socket) => socket.unref());
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/#key=${this.#key}`;
  }

  get publishUrl(): string | null {
    return this.#publish === undefined ? null : `ws://127.0.0.1:${this.#port}/publish?key=${this.#publishKey}`;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  send(message: object): void {
    const text = JSON.stringify(message);
    this.#history.add(text, this.#isNeeded(message));
    for (const viewer of this.#viewers) hand(viewer, text);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  // HTTP

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const status = this.#refusal(request) ?? (request.method === 'GET' || request.method === 'HEAD' ? null : 405);
    const found = status ?? (pathOf(request) === '/' ? 200 : 404);
    response.writeHead(found, {
      'content-type': found === 200 ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
      'content-security-policy': contentPolicy(this.#page, this.#port, this.#frames),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? '' : found === 200 ? this.#page : `${STATUS_CODES[found] ?? found}\n`);
  }

  /** The status that refuses whoever did not mean this very server. */
  #refusal({ headers: { host, origin } }: IncomingMessage): number | null {
    if (!this.#names.includes(host ?? '')) return 403;
    return origin === undefined || this.#origins.includes(origin) ? null : 403;
  }

  get #names(): readonly string[] {
    return [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
  }

  get #origins(): readonly string[] {
    return this.#names.map((name) => `http://${name}`);
  }

  // WebSocket

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const path = pathOf(request);
    const status = this.#refusal(request) ?? this.#refusalAt(path, request);
    if (status !== null) {
      refuse(socket, status);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => {}); // `close` follows
      if (path === '/live') this.#greet(webSocket);
      else webSocket.on('message', (data, isBinary) => this.#published(webSocket, data, isBinary));
    });
  }

  #refusalAt(path: string | null, { url = '', headers: { origin } }: IncomingMessage): number | null {
    if (path === '/live') return origin === undefined ? 403 : null; // a page has one
    if (path !== '/publish' || this.#publish === undefined) return 404;
    const key = new URL(url, 'http://relay').searchParams.get('key');
    return isSame(key, this.#publishKey) ? null : 401;
  }

  /** The first message of a page is its key, or the session that it was given for it. */
  #greet(socket: WebSocket): void {
    const timer = setTimeout(() => socket.close(RELAY_CLOSE.timeout, 'no key came'), HANDSHAKE_MS);
    this.#strangers.add(socket);
    if (this.#strangers.size > MOST_STRANGERS) this.#strangers.values().next().value?.terminate();
    socket.once('close', () => {
      clearTimeout(timer);
      this.#strangers.delete(socket);
      this.#viewers.delete(socket);
    });
    socket.once('message', (data, isBinary) => {
      clearTimeout(timer);
      if (!this.#admits(isBinary ? null : parsed(data))) {
        socket.close(RELAY_CLOSE.unauthorized, 'this address has been used, or is of another run');
        return;
      }
      this.#strangers.delete(socket);
      hand(socket, JSON.stringify({ type: 'relay.session', session: this.#session }));
      for (const text of this.#history.lines) hand(socket, text);
      this.#viewers.add(socket);
    });
  }

  #admits(message: unknown): boolean {
    const { key, session } = (message ?? {}) as { key?: unknown; session?: unknown };
    if (isSame(session, this.#session)) return true;
    if (this.#isUsed || !isSame(key, this.#key)) return false;
    this.#isUsed = true;
    return true;
  }

  #published(socket: WebSocket, data: RawData, isBinary: boolean): void {
    const message = isBinary ? null : parsed(data);
    const taken = message === null ? null : (this.#publish?.(message) ?? null);
    if (taken !== null) this.send(taken);
    else socket.close(1003, 'what came is no message of an inspector');
  }
}

/** Sends, unless the page has stopped reading: it is then dropped, and has to be loaded anew. */
function hand(socket: WebSocket, text: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > LARGEST_BACKLOG) socket.terminate();
  else socket.send(text, () => {});
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function pathOf({ url = '/' }: IncomingMessage): string | null {
  return URL.canParse(url, 'http://relay') ? new URL(url, 'http://relay').pathname : null;
}

function parsed(data: RawData): unknown {
  try {
    return parseShallow(String(data));
  } catch {
    return null;
  }
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

/** Compares in a time that tells nothing of where the two differ. */
function isSame(given: unknown, key: string): boolean {
  if (typeof given !== 'string') return false;
  return timingSafeEqual(digest(given), digest(key));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

const INLINE = /<(script|style)(?:\s[^>]*)?>([\s\S]*?)<\/\1>/g;

/** Only what stands in the page itself may run, and it may talk to this relay alone. */
function contentPolicy(page: string, port: number, frames: readonly string[]): string {
  const hashes = (tag: string) =>
    [...page.matchAll(INLINE)]
      .filter(([, name]) => name === tag)
      .map(([, , text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
      .join(' ') || "'none'";
  return [
    "default-src 'none'",
    `script-src ${hashes('script')}`,
    `style-src ${hashes('style')}`,
    'img-src data:',
    `connect-src ws://127.0.0.1:${port} ws://localhost:${port}`,
    `frame-src ${frames.length === 0 ? "'none'" : frames.join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
