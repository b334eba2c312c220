/**
 * A host on a bench: every port is a stub, and everything the host does to the world around it is written down as a
 * line. What the lines ought to be is written here by hand.
 */
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { zlibInflate } from '../../adapters/zlib.js';
import { Opcode, policyFrom, type ShardEvent } from '../../machines/index.js';
import { type ChartView, Host, queryOf } from '../../src/host/host.js';
import type { WireParameters } from '../../src/ports/index.js';
import {
  type GatewayInfo,
  LocateError,
  type Permit,
  type Socket,
  type SocketCallbacks,
} from '../../src/ports/index.js';
import { LONGEST, redactor } from '../../src/redact/redact.js';
import { decoderFor } from '../../src/wire/decoder.js';

type Settle<T> = { resolve(value: T): void; reject(error: unknown): void };

const MAIN = 'wss://gateway.discord.gg/';
const INFO: GatewayInfo = {
  url: MAIN,
  shards: 1,
  sessionStartLimit: { total: 1000, remaining: 999, resetAfter: 0, maxConcurrency: 1 },
  fetchedAt: 0,
};

const JSON_WIRE: WireParameters = { version: 10, encoding: 'json', compress: false };

interface BenchOptions {
  readonly everyDispatch?: boolean;
  readonly recorded?: boolean;
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
}

/** A host and all that it touches. */
class Bench {
  readonly lines: string[] = [];
  /** What was warned of with an error. */
  readonly errors: string[] = [];
  readonly sockets: SocketCallbacks[] = [];
  readonly timers: (() => void)[] = [];
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
    canPause = false,
    seesDecoder = false,
    reads = false,
    allowInsecure = false,
    wire = JSON_WIRE,
    os = 'os',
    socket,
    decoderFor: given,
  }: BenchOptions = {}) {
    this.#canPause = canPause;
    this.#socket = socket;
    this.host = new Host(
      {
        token: 'secret',
        identify: { intents: 1, shard: [2, 4], properties: { os, browser: 'b', device: 'd' } },
        policy: policyFrom(),
        wire,
        inflate: zlibInflate(),
        home: MAIN,
        allowInsecure,
        allowHosts: ['allowed.example'],
        maxPayload: 77,
        everyDispatch,
        ...(seesDecoder ? { decoderFor: this.#decoderFor } : {}),
        ...(given ? { decoderFor: given } : {}),
        secrets: redactor({ token: 'secret', publicUrls: [MAIN] }),
        clock: {
          now: () => this.now,
          setTimeout: (fn: () => void, ms: number) => {
            this.lines.push(`timer ${ms}`);
            return this.timers.push(fn);
          },
          clearTimeout: () => {},
          ...(reads ? { whenRead: (fn: () => void) => void this.readings.push(fn) } : {}),
        },
        socket: { open: (url, options, callbacks) => this.#open(url, options.maxPayload ?? 0, callbacks) },
        locator: { locate: ({ signal }) => this.#ask('locate', signal, (settle) => (this.locating = settle)) },
        permits: {
          request: ({ shardId, shardCount, signal }) =>
            this.#ask(`permit ${shardId} of ${shardCount}`, signal, (settle) => (this.queueing = settle)),
          update: (limit) => this.lines.push(`limit ${limit.remaining} ${limit.resetAfter}`),
        },
      },
      {
        tell: (event) => {
          this.lines.push(`tell ${textOf(event)}`);
          this.onTell(event);
        },
        wanted: { all: () => this.wantsAll, has: (name) => name !== 'UNWANTED' },
        dispatch: ({ name, sequence, replayed, data }) =>
          this.lines.push(
            `dispatch ${name} ${sequence} ${JSON.stringify(data)}${replayed === false ? '' : ` ${replayed ? 'replayed' : replayed}`}`,
          ),
        skipped: ({ name, sequence, replayed }, message) =>
          this.lines.push(`skipped ${name} ${sequence}${replayed ? ' replayed' : ''} ${message}`),
        latency: (ms) => this.lines.push(`latency ${ms}`),
        located: ({ url }) => this.lines.push(`located ${url}`),
        warn: (problem, error) => {
          this.lines.push(`warn ${problem}`);
          if (error !== undefined) this.errors.push((error as Error).message);
        },
      },
      recorded
        ? {
            arrived: (data) => this.lines.push(`arrived ${data}`),
            received: (connection, { type }) => this.lines.push(`received ${connection} ${type}`),
            sent: (connection, op, data, payload) =>
              this.lines.push(`sent ${connection} ${op} ${data} ${JSON.stringify(payload)}`),
          }
        : undefined,
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
    const act = (what: NonNullable<Bench['throws']>, line: string) => {
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

function textOf({ type, ...rest }: ShardEvent): string {
  return [type, ...Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`)].join(' ');
}

const OPEN = `open ${MAIN}?v=10&encoding=json 77`;
const READY = { session_id: 's', resume_gateway_url: 'wss://gateway-us-east1-b.discord.gg' };
const dispatch = (s: number, t = 'A', d: unknown = {}) => ({ op: 0, s, t, d });

/** Opens a connection, in a state of the chart. */
function open(bench: Bench, view: ChartView = { streaming: false, replaying: false, sequence: null }): void {
  bench.host.effects.openSocket({ connection: 1, url: MAIN });
  bench.host.see(view);
}
const STREAMING = { streaming: true, replaying: false, sequence: null };
const REPLAYING = { streaming: true, replaying: true, sequence: null };

describe('a host', () => {
  it('asks the locator, and hands on its answer', async () => {
    const b = new Bench();
    b.host.effects.locateGateway({ request: 3 });
    b.locating?.resolve(INFO);
    await b.idle();

    expect(b.lines).toEqual(['locate', 'limit 999 0', `located ${MAIN}`, `tell located request=3 url="${MAIN}"`]);
  });

  it('takes an answer without a limit', async () => {
    const b = new Bench();
    b.host.effects.locateGateway({ request: 3 });
    b.locating?.resolve({ ...INFO, sessionStartLimit: null });
    await b.idle();

    expect(b.lines).toEqual(['locate', `located ${MAIN}`, `tell located request=3 url="${MAIN}"`]);
  });

  it('tells of no answer where nobody was asked', async () => {
    const b = new Bench();
    b.host.effects.locateGateway({ request: 3 });
    b.locating?.resolve({ ...INFO, shards: null, sessionStartLimit: null });
    await b.idle();

    expect(b.lines).toEqual(['locate', `tell located request=3 url="${MAIN}"`]);
  });

  it('is deaf to a locator whose question was cancelled', async () => {
    const b = new Bench();
    b.host.effects.locateGateway({ request: 3 });
    b.host.effects.cancelLocate({ request: 3 });
    b.locating?.resolve(INFO);
    await b.idle();
    b.host.effects.locateGateway({ request: 4 });
    b.host.effects.cancelLocate({ request: 4 });
    b.locating?.reject(new Error('aborted'));
    await b.idle();

    expect(b.lines).toEqual(['locate', 'abort locate', 'locate', 'abort locate']);
  });

  it('hands on why the locator failed', async () => {
    const b = new Bench();
    b.host.effects.locateGateway({ request: 1 });
    b.locating?.reject(new LocateError('rateLimited', 'on purpose', 7));
    await b.idle();
    b.host.effects.locateGateway({ request: 2 });
    b.locating?.reject(new LocateError('unauthorized', 'on purpose'));
    await b.idle();

    expect(b.lines).toEqual([
      'locate',
      'tell locateFailed request=1 reason="rateLimited" retryAfter=7',
      'locate',
      'tell locateFailed request=2 reason="unauthorized"',
    ]);
  });

  it('tells why the locator failed, where that is a reason that there is', async () => {
    const b = new Bench();
    for (const reason of ['unauthorized', 'rateLimited', 'unavailable', 'unreachable', 'tired', undefined]) {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(new LocateError(reason as 'unavailable', 'on purpose'));
      await b.idle();
    }
    expect(b.lines.filter((line) => line.startsWith('tell'))).toEqual(
      ['unauthorized', 'rateLimited', 'unavailable', 'unreachable', 'unreachable', 'unreachable'].map(
        (reason) => `tell locateFailed request=1 reason="${reason}"`,
      ),
    );
  });

  it('tells of an outage the code of the system and the HTTP status, where they are such', async () => {
    const b = new Bench();
    const longest = `E${'X'.repeat(60)}`;
    for (const options of [
      { systemCode: 'ECONNRESET' },
      { systemCode: 'E2' },
      { systemCode: longest },
      { httpStatus: 0 },
      { systemCode: 'E' },
      { systemCode: `${longest}X` },
      { systemCode: 'at ECONNRESET' },
      { systemCode: 'eCONNRESET' },
      { systemCode: 'ECONNRESET at' },
      { systemCode: ['ECONNRESET'] as never },
      { httpStatus: -1 },
      { httpStatus: 503.5 },
      { httpStatus: '503' as never },
    ]) {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(new LocateError('unreachable', 'on purpose', undefined, options));
      await b.idle();
    }
    expect(b.lines.filter((line) => line.startsWith('tell'))).toEqual(
      [
        ' systemCode="ECONNRESET"',
        ' systemCode="E2"',
        ` systemCode="${longest}"`,
        ' httpStatus=0',
        ...Array.from({ length: 9 }, () => ''),
      ].map((outage) => `tell locateFailed request=1 reason="unreachable"${outage}`),
    );
  });

  it('warns once of what a locator says where no code stands for it', async () => {
    const b = new Bench();
    const refused = (says: string, systemCode?: string) =>
      new LocateError('unreachable', says, undefined, { systemCode });
    for (const error of [
      refused('bad port'),
      refused('bad port'),
      refused('reset', 'ECONNRESET'),
      refused('no permission'),
    ]) {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(error);
      await b.idle();
    }
    expect(b.lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn the Gateway URL could not be had',
      'warn the Gateway URL could not be had',
    ]);
    expect(b.errors).toEqual([expect.stringContaining('bad port'), expect.stringContaining('no permission')]);
  });

  it('warns once of a Get Gateway Bot that will not be had by waiting, and not of a token that is refused', async () => {
    const b = new Bench();
    for (const httpStatus of [401, 404, 404, 503, 404, 403]) {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(new LocateError('unavailable', 'on purpose', undefined, { httpStatus }));
      await b.idle();
    }
    expect(b.lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn Get Gateway Bot cannot be asked: nothing there speaks the protocol: check the URL (HTTP 404)',
      'warn Get Gateway Bot cannot be asked: it does not let us in: a proxy or firewall, or its own rules. Of the token this says nothing (HTTP 403)',
    ]);
  });

  it('warns of a Gateway that cannot be reached, once until a connection opens, and of none that was', () => {
    const b = new Bench();
    const notFound = { code: 1006, reason: '', wasClean: false, httpStatus: 404 };
    const expired = { ...notFound, httpStatus: 0, error: Object.assign(new Error(), { code: 'CERT_HAS_EXPIRED' }) };
    for (const end of [notFound, notFound, expired]) {
      open(b);
      b.sockets.at(-1)?.closed(end);
    }
    open(b);
    b.sockets.at(-1)?.opened();
    b.sockets.at(-1)?.closed(notFound);
    open(b);
    b.sockets.at(-1)?.closed(expired);

    const isExpired =
      'warn the Gateway cannot be reached: its certificate has expired: check the clock of this machine, then the server (CERT_HAS_EXPIRED)';
    expect(b.lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn the Gateway cannot be reached: nothing there speaks the protocol: check the URL (HTTP 404)',
      isExpired,
      isExpired,
    ]);
  });

  it('waits no longer than makes sense, whoever says so, and tells of it', async () => {
    const hour = 3_600_000;
    const b = new Bench();
    for (const retryAfter of [hour, hour + 1]) {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(new LocateError('rateLimited', 'on purpose', retryAfter));
      await b.idle();
    }
    for (const retryAfter of [24 * hour, 600 * hour, null]) {
      b.host.effects.requestPermit({ request: 2 });
      b.queueing?.resolve({ granted: false, reason: 'no', retryAfter });
      await b.idle();
    }
    b.host.effects.locateGateway({ request: 3 });
    const limit = { total: 9, remaining: 0, resetAfter: 600 * hour, maxConcurrency: 1 };
    b.locating?.resolve({ ...INFO, sessionStartLimit: limit });
    await b.idle();

    expect(b.lines.filter((line) => /^(tell|warn|limit)/.test(line))).toEqual([
      'tell locateFailed request=1 reason="rateLimited" retryAfter=3600000',
      'warn Get Gateway Bot says to wait 3601 s: it is asked again after 3600 s',
      'tell locateFailed request=1 reason="rateLimited" retryAfter=3600000',
      'tell permitRefused request=2 reason="no" retryAfter=86400000',
      'warn the permit port says to wait 2160000 s: it is asked again after 86400 s',
      'tell permitRefused request=2 reason="no" retryAfter=86400000',
      'tell permitRefused request=2 reason="no" retryAfter=null',
      'warn the session start limit says to wait 2160000 s: it is asked again after 86400 s',
      'limit 0 86400000',
      'tell located request=3 url="wss://gateway.discord.gg/"',
    ]);
  });

  it('takes any other failure, and a URL to which no token may go, for no answer', async () => {
    const b = new Bench();
    b.host.effects.locateGateway({ request: 1 });
    b.locating?.reject(new Error('on purpose'));
    await b.idle();
    b.host.effects.locateGateway({ request: 2 });
    b.locating?.resolve({ ...INFO, url: 'ws://gateway.discord.gg' });
    await b.idle();

    expect(b.lines).toEqual([
      'locate',
      'warn the Gateway URL could not be had',
      'tell locateFailed request=1 reason="unreachable"',
      'locate',
      'warn the Gateway URL could not be had',
      'tell locateFailed request=2 reason="unreachable"',
    ]);
  });

  it('uses a permit when Identify goes out with it', async () => {
    const b = new Bench();
    open(b);
    b.onTell = ({ type }) => type === 'permitGranted' && b.host.effects.sendIdentify({});
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.resolve(b.permit());
    await b.idle();

    expect(b.lines).toEqual([
      OPEN,
      'permit 2 of 4',
      'tell permitGranted request=5',
      'socket 1 send {"op":2,"d":{"token":"secret","intents":1,"shard":[2,4],"properties":{"os":"os","browser":"b","device":"d"}}}',
      'permit used',
    ]);
  });

  it('gives a permit back with which nothing was sent, or that comes too late', async () => {
    const b = new Bench();
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.resolve(b.permit());
    await b.idle();
    b.host.effects.requestPermit({ request: 6 });
    b.host.effects.cancelPermit({ request: 6 });
    b.queueing?.resolve(b.permit());
    await b.idle();

    expect(b.lines).toEqual([
      'permit 2 of 4',
      'tell permitGranted request=5',
      'permit unused',
      'permit 2 of 4',
      'abort permit',
      'permit unused',
    ]);
  });

  it('hands on a refusal, unless nobody asks any more', async () => {
    const b = new Bench();
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.resolve({ granted: false, reason: 'none left', retryAfter: 9 });
    await b.idle();
    b.host.effects.requestPermit({ request: 6 });
    b.host.effects.cancelPermit({ request: 6 });
    b.queueing?.resolve({ granted: false, reason: 'none left', retryAfter: 9 });
    await b.idle();

    expect(b.lines).toEqual([
      'permit 2 of 4',
      'tell permitRefused request=5 reason="none left" retryAfter=9',
      'permit 2 of 4',
      'abort permit',
    ]);
  });

  it('survives permits that throw', async () => {
    const b = new Bench();
    b.throws = 'settle';
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.reject(new Error('on purpose'));
    await b.idle();
    b.host.effects.requestPermit({ request: 6 });
    b.queueing?.resolve(b.permit());
    await b.idle();
    b.host.effects.requestPermit({ request: 7 });
    b.host.effects.cancelPermit({ request: 7 });
    b.queueing?.reject(new Error('aborted'));
    await b.idle();

    expect(b.lines).toEqual([
      'permit 2 of 4',
      'warn the permit to identify could not be had',
      'tell permitRefused request=5 reason="the permit port failed" retryAfter=5000', // one window of a lane
      'permit 2 of 4',
      'tell permitGranted request=6',
      'permit unused',
      'warn an adapter threw: settle a permit',
      'permit 2 of 4',
      'abort permit',
    ]);
  });

  it('cuts a reason that a permit port gives to 1,000 characters', async () => {
    const b = new Bench();
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.resolve({ granted: false, reason: 'x'.repeat(1_001), retryAfter: null });
    await b.idle();
    expect(b.lines.at(-1)).toBe(`tell permitRefused request=5 reason="${'x'.repeat(1_000)}" retryAfter=null`);
  });

  it('hands on when a connection that was refused makes sense again, an hour at most', () => {
    const b = new Bench();
    const refused = { code: 1006, reason: '', wasClean: false, httpStatus: 429 };
    for (const retryAfter of [0, 3_000, 7_200_000, -1, Number.NaN, '3' as never]) {
      open(b);
      b.sockets.at(-1)?.closed({ ...refused, retryAfter });
    }

    const told = (wait = '') => `tell closed connection=1 code=1006${wait} httpStatus=429`;
    expect(b.lines.filter((line) => !line.startsWith('open'))).toEqual([
      told(' retryAfter=0'),
      told(' retryAfter=3000'),
      'warn the Gateway says to wait 7200 s: it is asked again after 3600 s',
      told(' retryAfter=3600000'),
      ...Array.from({ length: 3 }, () => told()),
    ]);
  });

  it('opens a socket and hands on what becomes of it', () => {
    const b = new Bench();
    open(b);
    b.sockets[0]?.opened();
    b.say({ op: 11 });
    b.sockets[0]?.closed({ code: 4000, reason: 'x'.repeat(200), wasClean: true, httpStatus: 503 });

    expect(b.lines).toEqual([
      OPEN,
      'tell opened connection=1',
      'tell heartbeatAck connection=1',
      `tell closed connection=1 code=4000 reason="${'x'.repeat(123)}" httpStatus=503`,
    ]);
  });

  it('tells of an error its code, where there is no reason', () => {
    const b = new Bench();
    open(b);
    b.sockets[0]?.closed({
      code: 1006,
      reason: '',
      wasClean: false,
      error: Object.assign(new Error(), { code: 'E' }),
    });
    b.sockets[0]?.closed({ code: 1006, reason: '', wasClean: false, error: Object.assign(new Error(), { code: 7 }) });
    b.sockets[0]?.closed({
      code: 1006,
      reason: 'r',
      wasClean: false,
      error: Object.assign(new Error(), { code: 'E' }),
    });
    b.sockets[0]?.closed({ code: 1006, reason: '', wasClean: false });

    expect(b.lines).toEqual([
      OPEN,
      'tell closed connection=1 code=1006 reason="E"',
      'tell closed connection=1 code=1006',
      'tell closed connection=1 code=1006 reason="r"',
      'tell closed connection=1 code=1006',
    ]);
  });

  it('tells of an end what can be read of it, and takes the rest for an end without a close frame', () => {
    const b = new Bench();
    open(b);
    const end = { code: 4000, reason: '', wasClean: true };
    for (const code of [0, -1, 1.5, '4000']) b.sockets[0]?.closed({ ...end, code: code as number });
    b.sockets[0]?.closed({ ...end, reason: 7 as never });
    b.sockets[0]?.closed(null as never);

    expect(b.lines).toEqual([
      OPEN,
      'tell closed connection=1 code=0',
      ...Array.from({ length: 3 }, () => 'tell closed connection=1 code=1006'),
      'tell closed connection=1 code=4000',
      'warn an adapter threw: closed',
      'tell closed connection=1 code=1006',
    ]);
  });

  it('takes no connection for an open one', () => {
    const b = new Bench();
    b.lines.push(`open: ${b.host.isOpen}`);
    open(b);
    b.lines.push(`open: ${b.host.isOpen}`);
    b.host.effects.dropSocket({ connection: 1 });
    b.lines.push(`open: ${b.host.isOpen}`, `sent: ${b.host.send(Opcode.Heartbeat, null, 'x')}`);
    expect(b.lines).toEqual(['open: false', OPEN, 'open: true', 'socket 1 drop', 'open: false', 'sent: false']);
  });

  it('takes a socket that cannot be asked for one that is closed, empty and cannot pause', () => {
    const fails = () => {
      throw new Error('on purpose');
    };
    const b = new Bench({
      socket: {
        send: fails,
        close: () => {},
        drop: () => {},
        get isOpen() {
          return fails();
        },
        get pause() {
          return fails();
        },
        get bufferedAmount() {
          return fails();
        },
      },
    });
    open(b);
    expect([b.host.isOpen, b.host.canPause, b.host.bufferedAmount]).toEqual([false, false, 0]);
    expect(b.lines.slice(1)).toEqual([
      'warn an adapter threw: isOpen',
      'warn an adapter threw: pause',
      'warn an adapter threw: bufferedAmount',
    ]);
  });

  it('says that nothing was sent where the socket threw', () => {
    const b = new Bench();
    open(b);
    const sent = [b.host.send(Opcode.Heartbeat, null, 'x')];
    b.throws = 'send';
    sent.push(b.host.send(Opcode.Heartbeat, null, 'x'));
    expect(sent).toEqual([true, false]);
  });

  it('sends nothing that cannot be encoded, and does not take its permit for used', async () => {
    const b = new Bench({ os: 1n as never });
    open(b);
    b.onTell = ({ type }) => type === 'permitGranted' && b.host.effects.sendIdentify({});
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.resolve(b.permit());
    await b.idle();
    expect(b.lines.slice(2)).toEqual([
      'tell permitGranted request=5',
      'warn the payload of opcode 2 cannot be encoded',
      'permit unused',
    ]);
  });

  it('takes what a socket hands on that is no message for the end of the connection', () => {
    const b = new Bench({ seesDecoder: true });
    open(b);
    b.sockets[0]?.message(7 as never, false);
    expect(b.lines.slice(1)).toEqual([
      'warn a message could not be read',
      'the decoder ends',
      'tell undecodable connection=1 problem="it could not be read"',
    ]);
    expect(b.errors).toEqual(['neither a string nor a Uint8Array']);
  });

  it('tells nothing of a message that could not be read on a connection that was given up meanwhile', () => {
    const b = new Bench();
    open(b);
    b.onTell = () => {
      b.host.effects.dropSocket({ connection: 1 });
      throw new Error('on purpose');
    };
    b.say({ op: 11 });
    expect(b.lines.slice(1)).toEqual([
      'tell heartbeatAck connection=1',
      'socket 1 drop',
      'warn a message could not be read',
    ]);
  });

  it('is deaf to a socket that was given up', () => {
    const b = new Bench();
    open(b);
    b.host.effects.dropSocket({ connection: 1 });
    b.host.effects.openSocket({ connection: 2, url: MAIN });
    b.sockets[0]?.opened();
    b.sockets[0]?.message('{"op":11}', false);
    b.sockets[0]?.closed({ code: 4000, reason: '', wasClean: true });
    b.sockets[1]?.opened();

    expect(b.lines).toEqual([OPEN, 'socket 1 drop', OPEN, 'tell opened connection=2']);
  });

  it('ends the decoder of a connection with it', () => {
    const b = new Bench({ seesDecoder: true });
    open(b);
    b.say({ op: 11 });
    b.host.effects.dropSocket({ connection: 1 });

    expect(b.lines).toEqual([OPEN, 'tell heartbeatAck connection=1', 'the decoder ends', 'socket 1 drop']);
  });

  it('takes a socket that cannot be opened for a lost one, a moment later', () => {
    const b = new Bench();
    b.throws = 'open';
    open(b);
    b.timers[0]?.();
    b.host.effects.dropSocket({ connection: 1 });
    b.lines.push('given up');
    b.timers[0]?.();
    b.host.effects.sendHeartbeat({ sequence: 1 });

    expect(b.lines).toEqual([
      OPEN,
      'warn the socket could not be opened',
      'timer 0',
      'tell closed connection=1 code=1006',
      'given up',
    ]);
  });

  it('sends, closes and drops, and survives adapters that throw', () => {
    const b = new Bench();
    open(b);
    b.host.effects.sendResume({ sessionId: 's', sequence: 0 });
    b.host.effects.closeSocket({ code: 4900 });
    b.lines.push(`buffered ${b.host.bufferedAmount}`);
    b.throws = 'send';
    b.host.send(Opcode.Heartbeat, null, 'x');
    b.throws = 'close';
    b.host.effects.closeSocket({ code: 1000 });
    b.throws = 'drop';
    b.host.effects.dropSocket({ connection: 1 });
    b.host.effects.dropSocket({ connection: 1 });
    b.host.send(Opcode.Heartbeat, null, 'y');
    b.lines.push(`buffered ${b.host.bufferedAmount}`);

    expect(b.lines).toEqual([
      OPEN,
      'socket 1 send {"op":6,"d":{"token":"secret","session_id":"s","seq":0}}',
      'socket 1 close 4900',
      'buffered 5',
      'socket 1 send x',
      'warn an adapter threw: send',
      'socket 1 close 1000',
      'warn an adapter threw: close',
      'socket 1 drop',
      'warn an adapter threw: drop a socket',
      'buffered 0',
    ]);
  });

  it('measures from the first heartbeat without an ACK to its ACK, once', () => {
    const b = new Bench();
    open(b);
    b.say({ op: 11 });
    b.host.effects.sendHeartbeat({ sequence: null });
    b.now += 30;
    b.host.effects.sendHeartbeat({ sequence: 4 });
    b.now += 12;
    b.say({ op: 11 });
    b.say({ op: 11 });

    expect(b.lines).toEqual([
      OPEN,
      'tell heartbeatAck connection=1',
      'socket 1 send {"op":1,"d":null}',
      'socket 1 send {"op":1,"d":4}',
      'latency 42',
      'tell heartbeatAck connection=1',
      'tell heartbeatAck connection=1',
    ]);
  });

  it('tells of every frame by its name, and hands on no dispatch unless streaming', () => {
    const b = new Bench();
    open(b);
    for (const op of [1, 7, 99]) b.say({ op, d: null });
    b.say({ op: 9, d: true });
    b.say(dispatch(3));

    expect(b.lines).toEqual([
      OPEN,
      'tell heartbeatRequested connection=1',
      'tell reconnectRequested connection=1',
      'tell unknownOpcode connection=1 opcode=99',
      'tell invalidSession connection=1 resumable=true',
      'tell dispatch connection=1 sequence=3',
    ]);
  });

  it('takes a Hello whose interval leaves room for other payloads and is an hour at most, and no other', () => {
    const b = new Bench();
    open(b);
    for (const interval of [500, 3_600_000, 499, 3_600_001, '41250', null])
      b.say({ op: 10, d: { heartbeat_interval: interval } });

    expect(b.lines).toEqual([
      OPEN,
      'tell hello connection=1 interval=500',
      'tell hello connection=1 interval=3600000',
      ...Array.from(
        { length: 4 },
        () => 'tell malformed connection=1 problem="a Hello whose interval is not within 500 to 3600000 ms"',
      ),
    ]);
  });

  it('hands on dispatches while streaming, and tells the chart once, at the end of the burst', async () => {
    const b = new Bench();
    open(b, STREAMING);
    b.say(dispatch(3, 'A', { x: 1 }));
    b.say(dispatch(5));
    b.lines.push(`untold ${b.host.untoldSequence}`);
    await b.idle();
    b.lines.push(`untold ${b.host.untoldSequence}`);
    b.host.see(REPLAYING);
    b.say(dispatch(6));
    b.lines.push(`taken ${textOf(b.host.takeUntold() ?? { type: 'stop' })}`);
    await b.idle();

    expect(b.lines).toEqual([
      OPEN,
      'dispatch A 3 {"x":1}',
      'dispatch A 5 {}',
      'untold 5',
      'tell dispatched connection=1 sequence=5 count=2',
      'untold null',
      'dispatch A 6 {} replayed',
      'taken dispatched connection=1 sequence=6 count=1',
    ]);
  });

  it('hands on what is above the last sequence of the session, and tells of the rest', async () => {
    const b = new Bench();
    open(b, { ...STREAMING, sequence: 5 });
    for (const s of [5, 7, 6]) b.say(dispatch(s));
    b.host.see({ ...STREAMING, sequence: 7 });
    for (const s of [7, 0, 8]) b.say(dispatch(s));
    b.onTell = () => b.host.see({ ...STREAMING, sequence: 8 });
    b.say({ op: 0, t: 'A', d: {} });
    b.say({ op: 0, t: 'UNWANTED', d: {} });
    b.sockets[0]?.message('{"t":"UNWANTED","s":2,"op":0,"d":{}}', false);
    await b.idle();

    expect(b.lines).toEqual([
      OPEN,
      'tell dispatch connection=1 sequence=5 name="A"',
      'dispatch A 7 {}',
      'tell dispatched connection=1 sequence=7 count=1',
      'tell dispatch connection=1 sequence=6 name="A"',
      'tell dispatch connection=1 sequence=7 name="A"',
      'tell dispatch connection=1 sequence=0 name="A"',
      'dispatch A 8 {}',
      'tell dispatched connection=1 sequence=8 count=1',
      'tell dispatch connection=1 sequence=null name="A"',
      'dispatch A null {}',
      'tell dispatch connection=1 sequence=null name="UNWANTED"',
      'skipped UNWANTED null {"op":0,"t":"UNWANTED","d":{}}',
      'tell dispatch connection=1 sequence=2 name="UNWANTED"',
    ]);
  });

  it('hands on the first of a session whatever its number, and one without', async () => {
    const b = new Bench();
    open(b, STREAMING);
    b.say({ op: 0, t: 'A', d: {} });
    b.say(dispatch(0));
    await b.idle();
    expect(b.lines).toEqual([
      OPEN,
      'tell dispatch connection=1 sequence=null name="A"',
      'dispatch A null {}',
      'dispatch A 0 {}',
      'tell dispatched connection=1 sequence=0 count=1',
    ]);
  });

  it('does so too where the chart is told of each dispatch', async () => {
    const b = new Bench({ everyDispatch: true });
    open(b, { ...STREAMING, sequence: 5 });
    for (const s of [5, 6]) b.say(dispatch(s));
    expect(b.lines).toEqual([
      OPEN,
      'tell dispatch connection=1 sequence=5 name="A"',
      'tell dispatch connection=1 sequence=6',
      'dispatch A 6 {}',
    ]);
  });

  it('takes a sequence that leaps for no sequence, in READY and RESUMED too', async () => {
    const leap = 2 ** 32;
    const b = new Bench();
    open(b, { ...STREAMING, sequence: 5 });
    b.say(dispatch(5 + leap + 1));
    b.say(dispatch(5 + leap));
    await b.idle();
    b.host.see(STREAMING);
    b.say(dispatch(leap + 1));
    b.say(dispatch(leap));
    b.host.see({ streaming: false, replaying: false, sequence: null });
    b.say(dispatch(leap + 1, 'READY', READY));
    b.host.see({ ...REPLAYING, sequence: 5 });
    b.say(dispatch(6 + leap, 'RESUMED'));

    expect(b.lines).toEqual([
      OPEN,
      'tell malformed connection=1 problem="a dispatch whose sequence (s) leaps"',
      `dispatch A ${5 + leap} {}`,
      `tell dispatched connection=1 sequence=${5 + leap} count=1`,
      'tell malformed connection=1 problem="a dispatch whose sequence (s) leaps"',
      `dispatch A ${leap} {}`,
      `tell dispatched connection=1 sequence=${leap} count=1`,
      'tell ready connection=1 sequence=null session={"id":"s","url":"wss://gateway-us-east1-b.discord.gg/"}',
      'tell resumed connection=1 sequence=null',
    ]);
  });

  it('has read all that arrived once its socket says so, or where that has nothing to say', async () => {
    const silent = new Bench();
    open(silent);
    silent.host.whenReadOut(() => silent.lines.push('read out'));
    expect(silent.lines).toEqual([OPEN, 'read out']);

    const asked: (() => void)[] = [];
    const socket = {
      send() {},
      close() {},
      drop() {},
      bufferedAmount: 0,
      whenEmpty: (then: () => void) => asked.push(then),
    };
    const b = new Bench({ socket });
    open(b);
    for (const _ of [1, 2]) b.host.whenReadOut(() => b.lines.push('read out'));
    asked[0]?.();
    b.host.dropSocket();
    asked[1]?.();
    b.host.whenReadOut(() => b.lines.push('of no connection'));
    expect(b.lines).toEqual([OPEN, 'read out']);
  });

  it('has not read out what is still decompressed, nor is it kept waiting by a socket that throws', () => {
    let isBusy = true;
    const decoder = {
      receive() {},
      end() {},
      get isBusy() {
        return isBusy;
      },
    };
    const throwing = () => {
      throw new Error('on purpose');
    };
    const socket = { send() {}, close() {}, drop() {}, bufferedAmount: 0, whenEmpty: throwing };
    const b = new Bench({ socket, decoderFor: () => decoder });
    open(b);
    b.host.whenReadOut(() => b.lines.push('read out'));
    b.timers[0]?.();
    isBusy = false;
    b.timers[1]?.();
    expect(b.lines).toEqual([OPEN, 'warn an adapter threw: whenEmpty', 'timer 10', 'timer 10', 'read out']);
  });

  it('tells the chart when a reading of the sockets brought no more, and after 16 that did', () => {
    const b = new Bench({ reads: true });
    open(b, STREAMING);
    for (const s of [3, 4]) b.say(dispatch(s));
    b.readings.shift()?.();
    b.say(dispatch(5));
    b.readings.shift()?.();
    b.lines.push('nothing more');
    b.readings.shift()?.();
    for (let s = 6; s < 6 + 17; s += 1) {
      b.say(dispatch(s));
      b.readings.shift()?.();
    }

    expect(b.lines).toEqual([
      OPEN,
      'dispatch A 3 {}',
      'dispatch A 4 {}',
      'dispatch A 5 {}',
      'nothing more',
      'tell dispatched connection=1 sequence=5 count=3',
      ...Array.from({ length: 17 }, (_, i) => `dispatch A ${6 + i} {}`),
      'tell dispatched connection=1 sequence=22 count=17',
    ]);
  });

  it('counts dispatches that nobody wants like others, and hands on their heads and the messages', async () => {
    const b = new Bench();
    open(b);
    b.say(dispatch(2, 'UNWANTED'));
    b.host.see(STREAMING);
    b.say(dispatch(3, 'UNWANTED'));
    b.say({ t: 'UNWANTED', s: 4, op: 0, d: { x: 1 } });
    b.sockets[0]?.message('{"t":"UNWANTED","s":5,"op":0,"d":{not parsed}}', false);
    b.sockets[0]?.message('{"t":"WANTED","s":6,"op":0,"d":{"x":1}}', false);
    b.sockets[0]?.message('{"t":"WANTED","s":6,"op":0,"d":{not JSON}}', false);
    await b.idle();
    b.host.see(REPLAYING);
    b.say(dispatch(7, 'UNWANTED'));
    b.wantsAll = true;
    b.say(dispatch(8, 'UNWANTED'));
    await b.idle();

    expect(b.lines).toEqual([
      OPEN,
      'tell dispatch connection=1 sequence=2',
      'skipped UNWANTED 3 {"op":0,"s":3,"t":"UNWANTED","d":{}}',
      'skipped UNWANTED 4 {"t":"UNWANTED","s":4,"op":0,"d":{"x":1}}',
      'skipped UNWANTED 5 {"t":"UNWANTED","s":5,"op":0,"d":{not parsed}}',
      'dispatch WANTED 6 {"x":1}',
      'tell malformed connection=1 problem="not JSON"',
      'tell dispatched connection=1 sequence=6 count=4',
      'skipped UNWANTED 7 replayed {"op":0,"s":7,"t":"UNWANTED","d":{}}',
      'dispatch UNWANTED 8 {} replayed',
      'tell dispatched connection=1 sequence=8 count=2',
    ]);
  });

  it('tells the chart of each dispatch first where an inspector looks on', async () => {
    const b = new Bench({ everyDispatch: true });
    open(b, STREAMING);
    b.say(dispatch(3));
    b.host.see({ streaming: false, replaying: false, sequence: null });
    b.say(dispatch(4));
    await b.idle();

    expect(b.lines).toEqual([
      OPEN,
      'tell dispatch connection=1 sequence=3',
      'dispatch A 3 {}',
      'tell dispatch connection=1 sequence=4',
    ]);
  });

  it('has what crosses the wire written down first, from the connection that is current', () => {
    const b = new Bench({ recorded: true });
    open(b);
    b.say({ op: 11 });
    b.host.effects.sendHeartbeat({ sequence: 4 });
    b.host.send(Opcode.Heartbeat, null, 'x');
    b.host.effects.dropSocket({ connection: 1 });
    b.say({ op: 11 });
    b.host.send(Opcode.Heartbeat, null, 'y');

    expect(b.lines).toEqual([
      OPEN,
      'arrived {"op":11}',
      'received 1 heartbeatAck',
      'tell heartbeatAck connection=1',
      'sent 1 1 {"op":1,"d":4} 4',
      'socket 1 send {"op":1,"d":4}',
      'sent 1 1 x null',
      'socket 1 send x',
      'socket 1 drop',
    ]);
  });

  it('gives no secret to those it warns or tells of an end', () => {
    const b = new Bench();
    open(b);
    b.say(dispatch(1, 'READY', { ...READY, session_id: 'a session' }));
    b.sockets[0]?.closed({
      code: 4000,
      reason: `a session at ${READY.resume_gateway_url} of secret`,
      wasClean: true,
    });

    expect(b.lines).toEqual([
      OPEN,
      `tell ready connection=1 sequence=1 session=${JSON.stringify({ id: 'a session', url: `${READY.resume_gateway_url}/` })}`,
      'tell closed connection=1 code=4000 reason="<session 1> at <resume url 1> of <token>"',
    ]);
  });

  it('takes what other dispatches say for no session of ours', () => {
    const b = new Bench();
    open(b, STREAMING);
    b.say(dispatch(3, 'VOICE_STATE_UPDATE', { session_id: 'of a voice' }));
    b.sockets[0]?.closed({ code: 4000, reason: 'of a voice', wasClean: true });
    expect(b.lines.at(-1)).toBe('tell closed connection=1 code=4000 reason="of a voice"');
  });

  it('keeps the session that is open a secret, however many the Gateway names after it', () => {
    const b = new Bench();
    open(b);
    b.onTell = ({ type }) => type === 'ready' && b.host.see(STREAMING);
    for (let i = 0; i < 100; i += 1) b.say(dispatch(1, 'READY', { ...READY, session_id: `session no. ${i}` }));
    b.sockets[0]?.closed({ code: 4000, reason: 'of session no. 0!', wasClean: true });
    expect(b.lines.at(-1)).toBe('tell closed connection=1 code=4000 reason="of <session 1>!"');
  });

  it('tells no reason that a terminal would obey, and none of an error that cannot be looked into', () => {
    const b = new Bench();
    open(b);
    b.sockets[0]?.closed({ code: 4000, reason: 'over\n\u001b[31m\u202e!', wasClean: true });
    const error = Object.defineProperty(new Error('x'), 'code', {
      get: () => {
        throw new Error('no');
      },
    });
    b.sockets[0]?.closed({ code: 1006, reason: '', wasClean: false, error });
    expect(b.lines.slice(1)).toEqual([
      'tell closed connection=1 code=4000 reason="over\u00b7\u00b7[31m\u00b7!"',
      'tell closed connection=1 code=1006',
    ]);
  });

  it('warns of a message that it refused as too large, by the option, and not of a close frame that says so', () => {
    const b = new Bench();
    const end = { code: 1009, reason: 'no', wasClean: false };
    open(b);
    b.sockets[0]?.closed({ ...end, error: new RangeError('Max payload size exceeded') });
    b.sockets[0]?.closed(end);

    expect(b.lines).toEqual([
      OPEN,
      'warn a message is larger than the 77 bytes that are allowed',
      'tell closed connection=1 code=1009 reason="no"',
      'tell closed connection=1 code=1009 reason="no"',
    ]);
  });

  it('warns of a message that is too large once decompressed, and of nothing else that cannot be', () => {
    for (const [message, warnings] of [
      [deflateSync('x'.repeat(78)), ['warn a message is larger than the 77 bytes that are allowed']],
      [Buffer.from('no zlib'), []],
    ] as const) {
      const b = new Bench({ wire: { ...JSON_WIRE, compress: 'payload' } });
      open(b);
      b.sockets[0]?.message(message, true);
      expect(b.lines.filter((line) => line.startsWith('warn'))).toEqual(warnings);
      expect(b.lines.at(-1)).toMatch(/^tell undecodable connection=1 problem="it cannot be decompressed: /);
    }
  });

  it('hands on READY and RESUMED once the chart took them, and not else', () => {
    const b = new Bench();
    open(b);
    b.say(dispatch(1, 'READY', READY));
    b.onTell = ({ type }) => type === 'ready' && b.host.see(STREAMING);
    b.say(dispatch(1, 'READY', READY));
    b.say(dispatch(9, 'RESUMED'));
    b.host.see(REPLAYING);
    b.say(dispatch(8, 'RESUMED'));
    b.onTell = ({ type }) => type === 'resumed' && b.host.see(STREAMING);
    b.say(dispatch(9, 'RESUMED'));
    b.say(dispatch(1, 'READY', READY));

    expect(b.lines).toEqual([
      OPEN,
      `tell ready connection=1 sequence=1 session=${JSON.stringify({ id: 's', url: `${READY.resume_gateway_url}/` })}`,
      `tell ready connection=1 sequence=1 session=${JSON.stringify({ id: 's', url: `${READY.resume_gateway_url}/` })}`,
      `dispatch READY 1 ${JSON.stringify(READY)}`,
      'tell resumed connection=1 sequence=9',
      'tell resumed connection=1 sequence=8',
      'tell resumed connection=1 sequence=9',
      'dispatch RESUMED 9 {}',
      `tell ready connection=1 sequence=1 session=${JSON.stringify({ id: 's', url: `${READY.resume_gateway_url}/` })}`,
    ]);
  });

  it('takes a session without an id for none, and a URL that may not be trusted for the main one', () => {
    const b = new Bench();
    open(b);
    for (const d of [{}, { session_id: '' }, { session_id: 7 }]) b.say(dispatch(1, 'READY', d));
    b.say(dispatch(1, 'READY', { session_id: 's' }));
    b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://evil.example' }));
    b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://allowed.example' }));
    for (const d of [null, [], 7]) b.say(dispatch(1, 'READY', d));

    expect(b.lines).toEqual([
      OPEN,
      ...Array.from({ length: 3 }, () => [
        'warn READY came without a session id: this session cannot be resumed',
        'tell ready connection=1 sequence=1 session=null',
      ]).flat(),
      ...Array.from({ length: 2 }, () => [
        'warn READY came without a resume URL that may be trusted: this session is resumed at the main URL',
        'tell ready connection=1 sequence=1 session={"id":"s","url":null}',
      ]).flat(),
      'tell ready connection=1 sequence=1 session={"id":"s","url":"wss://allowed.example/"}',
      ...Array.from({ length: 3 }, () => 'tell malformed connection=1 problem="READY without an object"'),
    ]);
  });

  it('takes no session id and no resume URL that is longer than any', () => {
    const b = new Bench();
    open(b);
    const longestId = 's'.repeat(LONGEST.session);
    const url = (length: number) => MAIN.padEnd(length, 'x');
    for (const session_id of [longestId, `${longestId}s`])
      b.say(dispatch(1, 'READY', { session_id, resume_gateway_url: MAIN }));
    for (const length of [LONGEST['resume url'], LONGEST['resume url'] + 1])
      b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: url(length) }));

    expect(b.lines.slice(1)).toEqual([
      `tell ready connection=1 sequence=1 session={"id":"${longestId}","url":"${MAIN}"}`,
      'warn READY came with a session id of over 1024 characters: this session cannot be resumed',
      'tell ready connection=1 sequence=1 session=null',
      `tell ready connection=1 sequence=1 session={"id":"s","url":"${url(2048)}"}`,
      'warn READY came without a resume URL that may be trusted: this session is resumed at the main URL',
      'tell ready connection=1 sequence=1 session={"id":"s","url":null}',
    ]);
  });

  it('trusts the host of the Gateway that the locator named', async () => {
    const b = new Bench();
    b.host.effects.locateGateway({ request: 1 });
    b.locating?.resolve({ ...INFO, url: 'wss://own.example', sessionStartLimit: null });
    await b.idle();
    open(b);
    b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://own.example' }));

    expect(b.lines).toEqual([
      'locate',
      'located wss://own.example',
      'tell located request=1 url="wss://own.example/"',
      OPEN,
      'tell ready connection=1 sequence=1 session={"id":"s","url":"wss://own.example/"}',
    ]);
  });

  it('knows that the URL the locator named is no secret, also where a session is resumed at it', async () => {
    const b = new Bench();
    b.host.effects.locateGateway({ request: 1 });
    b.locating?.resolve({ ...INFO, url: 'wss://own.example', sessionStartLimit: null });
    await b.idle();
    open(b);
    b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://own.example' }));
    b.sockets[0]?.closed({ code: 4000, reason: 'see wss://own.example', wasClean: true });

    expect(b.lines).toEqual([
      'locate',
      'located wss://own.example',
      'tell located request=1 url="wss://own.example/"',
      OPEN,
      'tell ready connection=1 sequence=1 session={"id":"s","url":"wss://own.example/"}',
      'tell closed connection=1 code=4000 reason="see wss://own.example"',
    ]);
  });

  it('pauses a socket at once and resumes it when the step is over', async () => {
    const b = new Bench({ canPause: true });
    b.lines.push(`can pause: ${b.host.canPause}`);
    open(b);
    b.lines.push(`can pause: ${b.host.canPause}`);
    b.host.effects.pauseSocket({});
    b.host.effects.resumeSocket({});
    b.lines.push('the step is over');
    await b.idle();
    b.host.effects.pauseSocket({});
    b.lines.push('another pause');
    await b.idle();

    expect(b.lines).toEqual([
      'can pause: false',
      OPEN,
      'can pause: true',
      'socket 1 pause',
      'the step is over',
      'socket 1 resume',
      'socket 1 pause',
      'another pause',
    ]);
  });

  it('leaves a socket paused that is to be paused again, and one alone that was given up', async () => {
    const b = new Bench({ canPause: true });
    b.host.effects.pauseSocket({});
    b.host.effects.resumeSocket({});
    open(b);
    b.host.effects.pauseSocket({});
    b.host.effects.resumeSocket({});
    b.host.effects.pauseSocket({});
    await b.idle();
    b.host.effects.resumeSocket({});
    b.host.effects.dropSocket({ connection: 1 });
    b.host.effects.openSocket({ connection: 2, url: MAIN });
    await b.idle();

    expect(b.lines).toEqual([OPEN, 'socket 1 pause', 'socket 1 pause', 'socket 1 drop', OPEN]);
  });

  it('survives sockets that throw when paused, and those that cannot pause', async () => {
    const b = new Bench({ canPause: true });
    open(b);
    b.throws = 'pause';
    b.host.effects.pauseSocket({});
    b.throws = 'resume';
    b.host.effects.resumeSocket({});
    await b.idle();

    expect(b.lines).toEqual([
      OPEN,
      'socket 1 pause',
      'warn an adapter threw: pause',
      'socket 1 resume',
      'warn an adapter threw: resume',
    ]);
  });

  it('knows which sockets cannot pause', async () => {
    const b = new Bench();
    open(b);
    b.lines.push(`can pause: ${b.host.canPause}`);
    b.host.effects.pauseSocket({});
    b.host.effects.resumeSocket({});
    await b.idle();

    expect(b.lines).toEqual([OPEN, 'can pause: false']);
  });

  it('ends everything when disposed of', async () => {
    const b = new Bench();
    open(b, STREAMING);
    b.say(dispatch(3));
    b.host.effects.locateGateway({ request: 1 });
    b.host.dispose();
    b.lines.push(`untold ${b.host.untoldSequence}`);
    await b.idle();

    expect(b.lines).toEqual([OPEN, 'dispatch A 3 {}', 'locate', 'abort locate', 'socket 1 drop', 'untold null']);
  });

  it('neither delivers dispatches nor takes them for replayed before the chart has said so', () => {
    const b = new Bench();
    b.host.effects.openSocket({ connection: 1, url: MAIN });
    b.say(dispatch(3));
    b.onTell = ({ type }) => (type === 'resumed' || type === 'ready') && b.host.see(STREAMING);
    b.say(dispatch(4, 'RESUMED'));
    b.host.see({ streaming: false, replaying: false, sequence: null });
    b.say(dispatch(5, 'READY', READY));
    expect(b.lines).toEqual([
      OPEN,
      'tell dispatch connection=1 sequence=3',
      'tell resumed connection=1 sequence=4',
      `tell ready connection=1 sequence=5 session=${JSON.stringify({ id: 's', url: `${READY.resume_gateway_url}/` })}`,
      `dispatch READY 5 ${JSON.stringify(READY)}`,
    ]);
  });

  it('takes a first READY for no replayed one', () => {
    const b = new Bench();
    b.host.effects.openSocket({ connection: 1, url: MAIN });
    b.onTell = ({ type }) => type === 'ready' && b.host.see(STREAMING);
    b.say(dispatch(1, 'READY', READY));
    expect(b.lines.at(-1)).toBe(`dispatch READY 1 ${JSON.stringify(READY)}`);
  });

  it.each([
    ['where there is no connection', () => {}],
    [
      'on a connection whose socket could not be opened',
      (b: Bench) => {
        b.throws = 'open';
        open(b);
        b.throws = null;
        b.lines.length = 0;
      },
    ],
  ])('carries out no effect %s, and warns of none', async (_, prepare) => {
    const b = new Bench({ canPause: true });
    prepare(b);
    b.host.effects.sendHeartbeat({ sequence: 1 });
    b.host.effects.sendResume({ sessionId: 's', sequence: 1 });
    b.host.effects.closeSocket({ code: 4900 });
    b.host.effects.pauseSocket({});
    b.host.effects.resumeSocket({});
    await b.idle();
    b.lines.push(`${b.host.bufferedAmount} buffered, can pause: ${b.host.canPause}`);
    b.host.effects.dropSocket({ connection: 1 });
    expect(b.lines).toEqual(['0 buffered, can pause: false']);
  });

  it('sends Identify without a permit where the chart asks for none', () => {
    const b = new Bench();
    open(b);
    b.host.effects.sendIdentify({});
    expect(b.lines.slice(1)).toEqual([expect.stringMatching(/^socket 1 send \{"op":2,/)]);
  });

  it('takes no other message for the ACK when it measures the latency', () => {
    const b = new Bench();
    open(b);
    b.host.effects.sendHeartbeat({ sequence: 1 });
    b.now += 30;
    b.say({ op: 7, d: null });
    b.now += 20;
    b.say({ op: 11 });
    expect(b.lines.slice(2)).toEqual([
      'tell reconnectRequested connection=1',
      'latency 50',
      'tell heartbeatAck connection=1',
    ]);
  });

  it('tells nothing of dispatches that the chart has heard of before the sockets were read', () => {
    const b = new Bench({ reads: true });
    open(b, STREAMING);
    b.say(dispatch(3));
    b.lines.push(`taken ${textOf(b.host.takeUntold() ?? { type: 'stop' })}`);
    b.readings.shift()?.();
    b.readings.shift()?.();
    expect(b.lines).toEqual([OPEN, 'dispatch A 3 {}', 'taken dispatched connection=1 sequence=3 count=1']);
  });

  it('trusts no resume URL that is not text, whatever text it would make', () => {
    const b = new Bench();
    open(b);
    b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: [READY.resume_gateway_url] }));
    expect(b.lines.slice(1)).toEqual([
      'warn READY came without a resume URL that may be trusted: this session is resumed at the main URL',
      'tell ready connection=1 sequence=1 session={"id":"s","url":null}',
    ]);
  });

  it('tells with each warning of a port what went wrong there', async () => {
    const b = new Bench();
    b.host.effects.locateGateway({ request: 1 });
    b.locating?.reject(new Error('no URL'));
    await b.idle();
    b.host.effects.requestPermit({ request: 2 });
    b.queueing?.reject(new Error('no permit'));
    await b.idle();
    b.throws = 'open';
    open(b);
    b.throws = 'send';
    b.host.effects.openSocket({ connection: 2, url: MAIN });
    b.host.effects.sendHeartbeat({ sequence: 1 });
    expect(b.errors).toEqual(['no URL', 'no permit', 'on purpose', 'on purpose']);
  });

  it('takes a Gateway URL without encryption where that is allowed', async () => {
    const b = new Bench({ allowInsecure: true });
    b.host.effects.locateGateway({ request: 1 });
    b.locating?.resolve({ ...INFO, url: 'ws://own.example', sessionStartLimit: null });
    await b.idle();
    expect(b.lines).toEqual(['locate', 'located ws://own.example', 'tell located request=1 url="ws://own.example/"']);
  });

  it('opens its connections with the parameters of the wire, and sends in its encoding', () => {
    const b = new Bench({ wire: { version: 9, encoding: 'etf', compress: 'zlib-stream' } });
    open(b);
    b.host.effects.sendHeartbeat({ sequence: 1 });
    expect(b.lines).toEqual([
      `open ${MAIN}?v=9&encoding=etf&compress=zlib-stream 77`,
      expect.stringMatching(/^socket 1 send 131,116,/),
    ]);
  });

  it('marks what is replayed where an inspector looks on, too', () => {
    const b = new Bench({ everyDispatch: true });
    open(b, REPLAYING);
    b.say(dispatch(3));
    expect(b.lines).toEqual([OPEN, 'tell dispatch connection=1 sequence=3', 'dispatch A 3 {} replayed']);
  });
});

describe('the query of a Gateway URL', () => {
  it.each([
    [false, undefined],
    ['payload', undefined], // it is asked for in Identify
    ['zlib-stream', 'zlib-stream'],
    ['zstd-stream', 'zstd-stream'],
  ] as const)('for compression %j names %j', (compress, named) => {
    expect(queryOf({ version: 10, encoding: 'etf', compress })).toEqual({
      version: 10,
      encoding: 'etf',
      compress: named,
    });
  });
});
