/** The Gateway in memory: a socket port and a locator with no network under them, on any clock. */
import { ANYTHING, demandGiven, isFunction, isPlainObject, isText, withMethods } from '../../machines/kit/shape.js';
import {
  type ClockPort,
  type GatewayInfo,
  LocateError,
  type LocatorPort,
  type RandomPort,
  type Socket,
  type SocketCallbacks,
  type SocketEnd,
  type SocketOptions,
  type SocketPort,
} from '../ports/index.js';
import type { Compressors } from './compression.js';
import type { Connection, Transport } from './connection.js';
import type { Control, SessionState } from './control.js';
import { Gateway } from './gateway.js';
import type { WireLog } from './log.js';
import { checkOptions, type GatewayOptions } from './options.js';

/** What a Gateway in memory is made from. */
export interface MemoryGatewayOptions extends GatewayOptions {
  readonly clock: ClockPort;
  readonly random?: RandomPort;
  /** How what is sent is compressed. Default: stored as it is, in the right format. */
  readonly compressors?: Compressors;
  /** How long anything takes to cross the wire, in ms. Default: 1. */
  readonly latency?: number;
  /** The main URL and the one that READY names; no network is used, whatever they say. */
  readonly url?: string;
  readonly resumeUrl?: string;
}

const OPTIONS = {
  clock: withMethods('setTimeout', 'clearTimeout', 'now'),
  random: isFunction,
  compressors: ANYTHING,
  latency: ANYTHING,
  url: isText,
  resumeUrl: isText,
};

/** A Gateway in memory. */
export interface MemoryGateway {
  readonly socketPort: SocketPort;
  readonly locator: LocatorPort;
  readonly control: Control;
  readonly log: WireLog;
  readonly sessions: readonly SessionState[];
  /** Drops every connection, without a word to the clients, and leaves no timer. */
  stop(): void;
}

/** Makes a Gateway in memory. Everything that happens in it happens on `clock`. */
export function createMemoryGateway(options: MemoryGatewayOptions): MemoryGateway {
  demandGiven('', options, isPlainObject);
  checkOptions(options, OPTIONS);
  demandGiven('clock', options.clock, OPTIONS.clock);
  const { clock, random, compressors, latency = 1 } = options;
  const url = options.url ?? 'wss://gateway.discord.gg';
  const resumeUrl = options.resumeUrl ?? 'wss://gateway-us-east1-b.discord.gg';
  const gateway = new Gateway(options, clock, { random, compressors });
  const sockets = new Set<MemorySocket>();

  const connect = (target: string, transport: Transport): Connection | number => {
    const asked = urlOf(target);
    const resumeHost = asked?.host === new URL(resumeUrl).host;
    const problem = resumeHost || asked === null || asked.host === new URL(url).host ? null : 404;
    const accepted = gateway.admit({ url: asked, resumeHost, resumeUrl, problem });
    return typeof accepted === 'number' ? accepted : gateway.connect(accepted, transport);
  };
  const wire: Wire = { clock, latency, connect, sockets };
  return {
    socketPort: {
      open: (target, settings, callbacks) => new MemorySocket(target, settings, callbacks, wire),
    },
    locator: { locate: ({ signal }) => locate(gateway, clock, latency, url, signal) },
    control: gateway.control,
    log: gateway.log,
    get sessions() {
      return gateway.sessions;
    },
    stop() {
      for (const socket of sockets) socket.vanish();
      sockets.clear();
      gateway.stop();
    },
  };
}

/** Answers as Get Gateway Bot would; the token is not asked for, since the port has none. */
function locate(
  gateway: Gateway,
  clock: ClockPort,
  latency: number,
  url: string,
  signal: AbortSignal,
): Promise<GatewayInfo> {
  return new Promise((resolve, reject) => {
    const answer = () => {
      signal.removeEventListener('abort', abort);
      const refused = gateway.refusesGetGateway();
      if (refused !== null) return reject(refusal(refused));
      const { shards, session_start_limit: limit } = gateway.getGatewayBot();
      resolve({
        url,
        shards,
        sessionStartLimit: {
          total: limit.total,
          remaining: limit.remaining,
          resetAfter: limit.reset_after,
          maxConcurrency: limit.max_concurrency,
        },
        fetchedAt: clock.now(),
      });
    };
    const timer = clock.setTimeout(answer, latency);
    const abort = () => {
      clock.clearTimeout(timer);
      reject(signal.reason);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

function refusal({
  status,
  retryAfter,
}: {
  readonly status: number;
  readonly retryAfter: number | undefined;
}): LocateError {
  const reason = status === 401 ? 'unauthorized' : status === 429 ? 'rateLimited' : 'unavailable';
  const ms = retryAfter === undefined ? undefined : retryAfter * 1000;
  return new LocateError(reason, `Get Gateway Bot was answered with ${status}`, ms);
}

interface Wire {
  readonly clock: ClockPort;
  readonly latency: number;
  /** Reaches the Gateway; a number is the HTTP status that refuses the handshake. */
  connect(url: string, transport: Transport): Connection | number;
  /** The sockets that may still do something. */
  readonly sockets: Set<MemorySocket>;
}

function urlOf(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** A direction of the wire: what is put in comes out after the latency, in order, unless it is held back. */
class Pipe {
  #queue: (() => void)[] = [];
  #waiting = new Set<unknown>();
  #due = 0;
  #held = false;
  #cut = false;

  constructor(private readonly wire: Wire) {}

  put(deliver: () => void): void {
    if (this.#cut) return;
    this.#queue.push(deliver);
    const id = this.wire.clock.setTimeout(() => {
      this.#waiting.delete(id);
      this.#due += 1;
      this.#deliver();
    }, this.wire.latency);
    this.#waiting.add(id);
  }

  hold(held: boolean): void {
    this.#held = held;
    this.#deliver();
  }

  /** Whatever is on its way is lost. */
  cut(): void {
    this.#cut = true;
    this.#queue = [];
    for (const id of this.#waiting) this.wire.clock.clearTimeout(id);
    this.#waiting.clear();
  }

  #deliver(): void {
    while (!this.#held && this.#due > 0) {
      this.#due -= 1;
      this.#queue.shift()?.();
    }
  }
}

const LOST: SocketEnd = { code: 1006, reason: '', wasClean: false };

const utf8 = new TextEncoder();

/** The client's end of a connection in memory. */
class MemorySocket implements Socket {
  readonly bufferedAmount = 0;
  #state: 'opening' | 'open' | 'closing' | 'over' = 'opening';
  #connection: Connection | null = null;
  readonly #toClient: Pipe;
  readonly #toGateway: Pipe;

  constructor(
    url: string,
    private readonly options: SocketOptions,
    private readonly callbacks: SocketCallbacks,
    private readonly wire: Wire,
  ) {
    wire.sockets.add(this);
    this.#toClient = new Pipe(wire);
    this.#toGateway = new Pipe(wire);
    this.#toGateway.put(() => this.#arrive(url));
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  send(data: string | Uint8Array): void {
    if (!this.isOpen) return;
    const sent = typeof data === 'string' ? data : data.slice();
    this.#toGateway.put(() => this.#connection?.received(sent));
  }

  close(code: number): void {
    if (this.#state === 'opening') this.drop();
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#toGateway.put(() => this.#connection?.closed(code));
  }

  /** The Gateway learns of it after the latency, as it would from TCP. */
  drop(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#toClient.cut();
    this.#toGateway.hold(false);
    this.#toGateway.put(() => {
      this.wire.sockets.delete(this);
      this.#connection?.closed(1006);
    });
  }

  /** Leaves no timer and calls no one back. */
  vanish(): void {
    this.#state = 'over';
    this.#toClient.cut();
    this.#toGateway.cut();
  }

  pause(): void {
    this.#toClient.hold(true);
  }

  resume(): void {
    this.#toClient.hold(false);
  }

  #arrive(url: string): void {
    if (this.#state === 'over') return;
    this.#toClient.put(() => {
      if (this.#connection === null) return;
      this.#state = 'open';
      this.callbacks.opened();
    });
    const answer = this.wire.connect(url, this.#transport());
    if (typeof answer !== 'number') this.#connection = answer;
    else this.#toClient.put(() => this.#end({ ...LOST, httpStatus: answer }));
  }

  #transport(): Transport {
    return {
      send: (data) => this.#toClient.put(() => this.#receive(data)),
      close: (code) =>
        this.#toClient.put(() => {
          this.#end({ code, reason: '', wasClean: true });
          this.#toGateway.put(() => this.#connection?.closed(code));
        }),
      answerClose: (code) => this.#toClient.put(() => this.#end({ code, reason: '', wasClean: true })),
      drop: () => {
        this.#toGateway.cut();
        this.#toClient.put(() => this.#end(LOST));
      },
      pause: () => this.#toGateway.hold(true),
      resume: () => this.#toGateway.hold(false),
    };
  }

  #receive(data: string | Uint8Array): void {
    if (this.#state === 'over') return;
    const bytes = typeof data === 'string' ? utf8.encode(data).length : data.length;
    if (bytes <= this.options.maxPayload) this.callbacks.message(data, typeof data !== 'string');
    else {
      this.#end({ code: 1009, reason: 'message too big', wasClean: false });
      this.#toGateway.put(() => this.#connection?.closed(1009));
    }
  }

  #end(end: SocketEnd): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.wire.sockets.delete(this);
    this.callbacks.closed(end);
  }
}
