/**
 * A host on a bench: every port is a stub, and everything the host does to the world around it is written down as a
 * line.
 */
import { zlibInflate } from '../../adapters/zlib.js';
import { type PolicyOptions, policyFrom, type ShardEvent } from '../../machines/index.js';
import { type ChartView, Host } from '../../src/host/host.js';
import { type Tap, Taps } from '../../src/host/tap.js';
import { sendLimiter } from '../../src/limits/send-limiter.js';
import type { GatewayInfo, Permit, Socket, SocketCallbacks, WireParameters } from '../../src/ports/index.js';
import { redactor } from '../../src/redact/redact.js';
import { decoderFor } from '../../src/wire/decoder.js';

type Settle<T> = { resolve(value: T): void; reject(error: unknown): void };

export const MAIN = 'wss://gateway.discord.gg/';
export const INFO: GatewayInfo = {
  url: MAIN,
  shards: 1,
  sessionStartLimit: { total: 1000, remaining: 999, resetAfter: 0, maxConcurrency: 1 },
  fetchedAt: 0,
};

export const JSON_WIRE: WireParameters = { version: 10, encoding: 'json', compress: false };

export interface HostBenchOptions {
  readonly everyDispatch?: boolean;
  /** Whether a tap watches the wire. */
  readonly recorded?: boolean;
  /** Whether that needs the data of every dispatch. */
  readonly needsData?: boolean;
  readonly events?: ReadonlySet<string> | null;
  readonly canPause?: boolean;
  readonly seesDecoder?: boolean;
  readonly reads?: boolean;
  readonly allowInsecure?: boolean;
  readonly wire?: WireParameters;
  /** What Identify says of the system. */
  readonly os?: string;
  /** What is opened instead of the bench's own. */
  readonly socket?: Socket;
  readonly decoderFor?: typeof decoderFor;
  readonly policy?: PolicyOptions;
  /** Whether the permits want to be told of the day, which may throw; null where they do not say. */
  readonly isStale?: (() => boolean) | null;
}

/** A host and all that it touches. */
export class HostBench {
  readonly lines: string[] = [];
  /** Of each dispatch that was handed on. */
  readonly sessions: (string | null)[] = [];
  /** What was warned of with an error. */
  readonly errors: string[] = [];
  readonly sockets: SocketCallbacks[] = [];
  readonly timers: (() => void)[] = [];
  /** Timers that were taken back, by their number from 1 on. */
  readonly cleared: number[] = [];
  /** What waits for the sockets to be read. */
  readonly readings: (() => void)[] = [];
  locating: Settle<GatewayInfo> | null = null;
  queueing: Settle<Permit> | null = null;
  now = 1_000;
  throws: 'open' | 'send' | 'close' | 'drop' | 'pause' | 'resume' | 'settle' | null = null;
  wantsAll = false;
  /** What the chart does on being told. */
  onTell: (event: ShardEvent) => void = () => {};
  readonly host: Host;
  readonly #canPause: boolean;
  readonly #socket: Socket | undefined;

  constructor({
    everyDispatch = false,
    recorded = false,
    needsData = false,
    events = null,
    canPause = false,
    seesDecoder = false,
    reads = false,
    allowInsecure = false,
    wire = JSON_WIRE,
    os = 'os',
    policy,
    socket,
    decoderFor: given,
    isStale = null,
  }: HostBenchOptions = {}) {
    this.#canPause = canPause;
    this.#socket = socket;
    this.host = new Host(
      {
        token: 'secret',
        identify: { intents: 1, shard: [2, 4], properties: { os, browser: 'b', device: 'd' } },
        policy: policyFrom(policy),
        wire,
        inflate: zlibInflate(),
        home: MAIN,
        allowInsecure,
        allowHosts: ['allowed.example'],
        maxPayload: 77,
        everyDispatch,
        events,
        ...(seesDecoder ? { decoderFor: this.#decoderFor } : {}),
        ...(given ? { decoderFor: given } : {}),
        secrets: redactor({ token: 'secret', publicUrls: [MAIN] }),
        clock: {
          now: () => this.now,
          setTimeout: (fn: () => void, ms: number) => {
            this.lines.push(`timer ${ms}`);
            return this.timers.push(fn);
          },
          clearTimeout: (id) => this.cleared.push(Number(id)),
          ...(reads ? { whenRead: (fn: () => void) => void this.readings.push(fn) } : {}),
        },
        socket: { open: (url, options, callbacks) => this.#open(url, options.maxPayload ?? 0, callbacks) },
        locator: {
          locate: ({ signal, maxAge }) => {
            const line = maxAge === undefined ? 'locate' : `locate ${maxAge}`;
            return this.#ask(line, signal, (settle) => (this.locating = settle));
          },
        },
        limiter: sendLimiter(),
        permits: {
          request: ({ shardId, shardCount, signal }) =>
            this.#ask(`permit ${shardId} of ${shardCount}`, signal, (settle) => (this.queueing = settle)),
          update: (limit) => this.lines.push(`limit ${limit.remaining} ${limit.resetAfter}`),
          ...(isStale === null ? {} : { isStale }),
        },
      },
      {
        send: (event) => {
          this.lines.push(`tell ${textOf(event)}`);
          this.onTell(event);
        },
      },
      {
        wanted: { all: () => this.wantsAll, has: (name) => name !== 'UNWANTED' },
        dispatch: ({ name, sequence, replayed, session, data }) => {
          this.sessions.push(session);
          this.lines.push(
            `dispatch ${name} ${sequence} ${JSON.stringify(data)}${replayed === false ? '' : ` ${replayed ? 'replayed' : replayed}`}`,
          );
        },
        skipped: ({ name, sequence, replayed }, message) =>
          this.lines.push(`skipped ${name} ${sequence}${replayed ? ' replayed' : ''} ${message}`),
      },
      new Taps([
        {
          latency: (ms) => this.lines.push(`latency ${ms}`),
          storm: ({ identifies }) => this.lines.push(`storm ${identifies}`),
          located: ({ url }) => this.lines.push(`located ${url}`),
          warned: (problem, error) => {
            this.lines.push(`warn ${problem}`);
            if (error !== undefined) this.errors.push((error as Error).message);
          },
        },
        ...(recorded ? [{ ...this.#wireTap, needsData }] : []),
      ]),
    );
  }

  say(payload: unknown): void {
    this.sockets.at(-1)?.message(JSON.stringify(payload), false);
  }

  permit(): Permit {
    return {
      granted: true,
      settle: (use) => {
        this.lines.push(`permit ${use}`);
        if (this.throws === 'settle') throw new Error('on purpose');
      },
    };
  }

  async idle(): Promise<void> {
    for (let i = 0; i < 6; i += 1) await null;
  }

  #ask<T>(line: string, signal: AbortSignal, take: (settle: Settle<T>) => void): Promise<T> {
    this.lines.push(line);
    signal.addEventListener('abort', () => this.lines.push(`abort ${line.split(' ')[0]}`));
    return new Promise<T>((resolve, reject) => take({ resolve, reject }));
  }

  get #wireTap(): Tap {
    return {
      arrived: (data) => this.lines.push(`arrived ${data}`),
      received: (connection, { type }) => this.lines.push(`received ${connection} ${type}`),
      sent: (connection, op, data, payload) =>
        this.lines.push(`sent ${connection} ${op} ${data} ${JSON.stringify(payload)}`),
    };
  }

  readonly #decoderFor: typeof decoderFor = (...args) => {
    const decoder = decoderFor(...args);
    const end = () => {
      this.lines.push('the decoder ends');
      decoder.end();
    };
    return {
      get isBusy() {
        return decoder.isBusy;
      },
      receive: (data, isBinary) => decoder.receive(data, isBinary),
      end,
    };
  };

  #open(url: string, maxPayload: number, callbacks: SocketCallbacks) {
    const name = `socket ${this.sockets.length + 1}`;
    const act = (what: NonNullable<HostBench['throws']>, line: string) => {
      this.lines.push(line);
      if (this.throws === what) throw new Error('on purpose');
    };
    act('open', `open ${url} ${maxPayload}`);
    this.sockets.push(callbacks);
    if (this.#socket) return this.#socket;
    return {
      send: (data: string | Uint8Array) => act('send', `${name} send ${data}`),
      close: (code: number) => act('close', `${name} close ${code}`),
      drop: () => act('drop', `${name} drop`),
      bufferedAmount: 5,
      ...(this.#canPause
        ? { pause: () => act('pause', `${name} pause`), resume: () => act('resume', `${name} resume`) }
        : {}),
    };
  }
}

export function textOf({ type, ...rest }: ShardEvent): string {
  return [type, ...Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`)].join(' ');
}

export const OPEN = `open ${MAIN}?v=10&encoding=json 77`;
export const READY = { session_id: 's', resume_gateway_url: 'wss://gateway-us-east1-b.discord.gg' };
export const dispatch = (s: number, t = 'A', d: unknown = {}) => ({ op: 0, s, t, d });

/** Opens a connection, in a state of the chart. */
export function open(
  bench: HostBench,
  view: ChartView = { streaming: false, replaying: false, sequence: null, sessionId: null },
): void {
  bench.host.effects.openSocket({ connection: 1, url: MAIN });
  bench.host.onSnapshot(view);
}
export const STREAMING = { streaming: true, replaying: false, sequence: null, sessionId: null };
export const REPLAYING = { streaming: true, replaying: true, sequence: null, sessionId: null };
