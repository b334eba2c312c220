/**
 * A host on a bench: every port is a stub, and everything the host does to the world around it is written down as a
 * line. What the lines ought to be is written here by hand.
 */
import { zlibInflate } from '../../adapters/zlib.js';
import { Opcode, policyFrom, type ShardEvent } from '../../machines/index.js';
import { Host } from '../../src/host/host.js';
import { type GatewayInfo, LocateError, type Permit, type SocketCallbacks } from '../../src/host/ports.js';
import { redactor } from '../../src/trace/redact.js';
import { decoderFor } from '../../src/wire/decoder.js';
import { isTooLarge } from '../../src/wire/encode.js';
import { decoding } from '../support/decoding.js';

type Settle<T> = { resolve(value: T): void; reject(error: unknown): void };

const MAIN = 'wss://gateway.discord.gg/';
const INFO: GatewayInfo = {
  url: MAIN,
  shards: 1,
  sessionStartLimit: { total: 1000, remaining: 999, resetAfter: 0, maxConcurrency: 1 },
  fetchedAt: 0,
};

/** A host and all that it touches. */
class Bench {
  readonly lines: string[] = [];
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

  constructor({ everyDispatch = false, recorded = false, canPause = false, seesDecoder = false, reads = false } = {}) {
    this.#canPause = canPause;
    this.host = new Host(
      {
        token: 'secret',
        identify: { intents: 1, shard: [2, 4], properties: { os: 'os', browser: 'b', device: 'd' } },
        policy: policyFrom(),
        wire: { version: 10, encoding: 'json', compress: false },
        inflate: zlibInflate(),
        home: MAIN,
        allowInsecure: false,
        allowHosts: ['allowed.example'],
        maxPayload: 77,
        everyDispatch,
        ...(seesDecoder ? { decoderFor: this.#decoderFor } : {}),
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
          update: (limit) => this.lines.push(`limit ${limit.remaining}`),
        },
      },
      {
        tell: (event) => {
          this.lines.push(`tell ${textOf(event)}`);
          this.onTell(event);
        },
        wanted: { all: () => this.wantsAll, has: (name) => name !== 'UNWANTED' },
        dispatch: ({ name, sequence, replayed, data }) =>
          this.lines.push(`dispatch ${name} ${sequence} ${JSON.stringify(data)}${replayed ? ' replayed' : ''}`),
        skipped: ({ name, sequence, replayed }, message) =>
          this.lines.push(`skipped ${name} ${sequence}${replayed ? ' replayed' : ''} ${message}`),
        latency: (ms) => this.lines.push(`latency ${ms}`),
        located: ({ url }) => this.lines.push(`located ${url}`),
        warn: (problem) => this.lines.push(`warn ${problem}`),
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
    return { receive: (data, isBinary) => decoder.receive(data, isBinary), end };
  };

  #open(url: string, maxPayload: number, callbacks: SocketCallbacks) {
    const name = `socket ${this.sockets.length + 1}`;
    const act = (what: NonNullable<Bench['throws']>, line: string) => {
      this.lines.push(line);
      if (this.throws === what) throw new Error('on purpose');
    };
    act('open', `open ${url} ${maxPayload}`);
    this.sockets.push(callbacks);
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

/** A script, and the lines that it ought to write. */
interface Script {
  readonly says: string;
  readonly run: (bench: Bench) => void | Promise<void>;
  readonly everyDispatch?: true;
  readonly recorded?: true;
  readonly canPause?: true;
  readonly seesDecoder?: true;
  readonly reads?: true;
  readonly lines: readonly string[];
}

const OPEN = `open ${MAIN}?v=10&encoding=json 77`;
const READY = { session_id: 's', resume_gateway_url: 'wss://gateway-us-east1-b.discord.gg' };
const dispatch = (s: number, t = 'A', d: unknown = {}) => ({ op: 0, s, t, d });

/** Opens a connection, in a state of the chart. */
function open(bench: Bench, view = { streaming: false, replaying: false }): void {
  bench.host.effects.openSocket({ connection: 1, url: MAIN });
  bench.host.see(view);
}
const STREAMING = { streaming: true, replaying: false };
const REPLAYING = { streaming: true, replaying: true };

/** What a host has to do, in the order of its file. */
const SCRIPTS: readonly Script[] = [
  {
    says: 'asks the locator, and hands on its answer',
    run: async (b) => {
      b.host.effects.locateGateway({ request: 3 });
      b.locating?.resolve(INFO);
      await b.idle();
    },
    lines: ['locate', 'limit 999', `located ${MAIN}`, `tell located request=3 url="${MAIN}"`],
  },
  {
    says: 'takes an answer without a limit',
    run: async (b) => {
      b.host.effects.locateGateway({ request: 3 });
      b.locating?.resolve({ ...INFO, sessionStartLimit: null });
      await b.idle();
    },
    lines: ['locate', `located ${MAIN}`, `tell located request=3 url="${MAIN}"`],
  },
  {
    says: 'is deaf to a locator whose question was cancelled',
    run: async (b) => {
      b.host.effects.locateGateway({ request: 3 });
      b.host.effects.cancelLocate({ request: 3 });
      b.locating?.resolve(INFO);
      await b.idle();
      b.host.effects.locateGateway({ request: 4 });
      b.host.effects.cancelLocate({ request: 4 });
      b.locating?.reject(new Error('aborted'));
      await b.idle();
    },
    lines: ['locate', 'abort locate', 'locate', 'abort locate'],
  },
  {
    says: 'hands on why the locator failed',
    run: async (b) => {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(new LocateError('rateLimited', 'on purpose', 7));
      await b.idle();
      b.host.effects.locateGateway({ request: 2 });
      b.locating?.reject(new LocateError('unauthorized', 'on purpose'));
      await b.idle();
    },
    lines: [
      'locate',
      'tell locateFailed request=1 reason="rateLimited" retryAfter=7',
      'locate',
      'tell locateFailed request=2 reason="unauthorized"',
    ],
  },
  {
    says: 'takes any other failure, and a URL to which no token may go, for no answer',
    run: async (b) => {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(new Error('on purpose'));
      await b.idle();
      b.host.effects.locateGateway({ request: 2 });
      b.locating?.resolve({ ...INFO, url: 'ws://gateway.discord.gg' });
      await b.idle();
    },
    lines: [
      'locate',
      'warn the Gateway URL could not be had',
      'tell locateFailed request=1 reason="unreachable"',
      'locate',
      'warn the Gateway URL could not be had',
      'tell locateFailed request=2 reason="unreachable"',
    ],
  },
  {
    says: 'uses a permit when Identify goes out with it',
    run: async (b) => {
      open(b);
      b.onTell = ({ type }) => type === 'permitGranted' && b.host.effects.sendIdentify({});
      b.host.effects.requestPermit({ request: 5 });
      b.queueing?.resolve(b.permit());
      await b.idle();
    },
    lines: [
      OPEN,
      'permit 2 of 4',
      'tell permitGranted request=5',
      'socket 1 send {"op":2,"d":{"token":"secret","intents":1,"shard":[2,4],"properties":{"os":"os","browser":"b","device":"d"}}}',
      'permit used',
    ],
  },
  {
    says: 'gives a permit back with which nothing was sent, or that comes too late',
    run: async (b) => {
      b.host.effects.requestPermit({ request: 5 });
      b.queueing?.resolve(b.permit());
      await b.idle();
      b.host.effects.requestPermit({ request: 6 });
      b.host.effects.cancelPermit({ request: 6 });
      b.queueing?.resolve(b.permit());
      await b.idle();
    },
    lines: [
      'permit 2 of 4',
      'tell permitGranted request=5',
      'permit unused',
      'permit 2 of 4',
      'abort permit',
      'permit unused',
    ],
  },
  {
    says: 'hands on a refusal, unless nobody asks any more',
    run: async (b) => {
      b.host.effects.requestPermit({ request: 5 });
      b.queueing?.resolve({ granted: false, reason: 'none left', retryAfter: 9 });
      await b.idle();
      b.host.effects.requestPermit({ request: 6 });
      b.host.effects.cancelPermit({ request: 6 });
      b.queueing?.resolve({ granted: false, reason: 'none left', retryAfter: 9 });
      await b.idle();
    },
    lines: [
      'permit 2 of 4',
      'tell permitRefused request=5 reason="none left" retryAfter=9',
      'permit 2 of 4',
      'abort permit',
    ],
  },
  {
    says: 'survives permits that throw',
    run: async (b) => {
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
    },
    lines: [
      'permit 2 of 4',
      'warn the permit to identify could not be had',
      'tell permitRefused request=5 reason="the permit port failed" retryAfter=5000', // one window of a lane
      'permit 2 of 4',
      'tell permitGranted request=6',
      'permit unused',
      'warn an adapter threw: settle a permit',
      'permit 2 of 4',
      'abort permit',
    ],
  },
  {
    says: 'opens a socket and hands on what becomes of it',
    run: (b) => {
      open(b);
      b.sockets[0]?.opened();
      b.say({ op: 11 });
      b.sockets[0]?.closed({ code: 4000, reason: 'x'.repeat(200), wasClean: true, httpStatus: 503 });
    },
    lines: [
      OPEN,
      'tell opened connection=1',
      'tell heartbeatAck connection=1',
      `tell closed connection=1 code=4000 reason="${'x'.repeat(123)}" httpStatus=503`,
    ],
  },
  {
    says: 'tells of an error its code, where there is no reason',
    run: (b) => {
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
    },
    lines: [
      OPEN,
      'tell closed connection=1 code=1006 reason="E"',
      'tell closed connection=1 code=1006',
      'tell closed connection=1 code=1006 reason="r"',
      'tell closed connection=1 code=1006',
    ],
  },
  {
    says: 'is deaf to a socket that was given up',
    run: (b) => {
      open(b);
      b.host.effects.dropSocket({ connection: 1 });
      b.host.effects.openSocket({ connection: 2, url: MAIN });
      b.sockets[0]?.opened();
      b.sockets[0]?.message('{"op":11}', false);
      b.sockets[0]?.closed({ code: 4000, reason: '', wasClean: true });
      b.sockets[1]?.opened();
    },
    lines: [OPEN, 'socket 1 drop', OPEN, 'tell opened connection=2'],
  },
  {
    says: 'ends the decoder of a connection with it',
    seesDecoder: true,
    run: (b) => {
      open(b);
      b.say({ op: 11 });
      b.host.effects.dropSocket({ connection: 1 });
    },
    lines: [OPEN, 'tell heartbeatAck connection=1', 'the decoder ends', 'socket 1 drop'],
  },
  {
    says: 'takes a socket that cannot be opened for a lost one, a moment later',
    run: (b) => {
      b.throws = 'open';
      open(b);
      b.timers[0]?.();
      b.host.effects.dropSocket({ connection: 1 });
      b.lines.push('given up');
      b.timers[0]?.();
      b.host.effects.sendHeartbeat({ sequence: 1 });
    },
    lines: [OPEN, 'warn the socket could not be opened', 'timer 0', 'tell closed connection=1 code=1006', 'given up'],
  },
  {
    says: 'sends, closes and drops, and survives adapters that throw',
    run: (b) => {
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
    },
    lines: [
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
    ],
  },
  {
    says: 'measures from the first heartbeat without an ACK to its ACK, once',
    run: (b) => {
      open(b);
      b.say({ op: 11 });
      b.host.effects.sendHeartbeat({ sequence: null });
      b.now += 30;
      b.host.effects.sendHeartbeat({ sequence: 4 });
      b.now += 12;
      b.say({ op: 11 });
      b.say({ op: 11 });
    },
    lines: [
      OPEN,
      'tell heartbeatAck connection=1',
      'socket 1 send {"op":1,"d":null}',
      'socket 1 send {"op":1,"d":4}',
      'latency 42',
      'tell heartbeatAck connection=1',
      'tell heartbeatAck connection=1',
    ],
  },
  {
    says: 'tells of every frame by its name, and hands on no dispatch unless streaming',
    run: (b) => {
      open(b);
      for (const op of [1, 7, 99]) b.say({ op, d: null });
      b.say({ op: 9, d: true });
      b.say(dispatch(3));
    },
    lines: [
      OPEN,
      'tell heartbeatRequested connection=1',
      'tell reconnectRequested connection=1',
      'tell unknownOpcode connection=1 opcode=99',
      'tell invalidSession connection=1 resumable=true',
      'tell dispatch connection=1 sequence=3',
    ],
  },
  {
    says: 'takes a Hello whose interval a timer can hold and that leaves room, and no other',
    run: (b) => {
      open(b);
      for (const interval of [500, 2 ** 31 - 1, 499, 2 ** 31, '41250', null])
        b.say({ op: 10, d: { heartbeat_interval: interval } });
    },
    lines: [
      OPEN,
      'tell hello connection=1 interval=500',
      'tell hello connection=1 interval=2147483647',
      ...Array.from(
        { length: 4 },
        () => 'tell malformed connection=1 problem="a Hello whose interval is not within 500 to 2147483647 ms"',
      ),
    ],
  },
  {
    says: 'hands on dispatches while streaming, and tells the chart once, at the end of the burst',
    run: async (b) => {
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
    },
    lines: [
      OPEN,
      'dispatch A 3 {"x":1}',
      'dispatch A 5 {}',
      'untold 5',
      'tell dispatched connection=1 sequence=5 count=2',
      'untold null',
      'dispatch A 6 {} replayed',
      'taken dispatched connection=1 sequence=6 count=1',
    ],
  },
  {
    says: 'tells the chart when a reading of the sockets brought no more, and after 16 that did',
    reads: true,
    run: (b) => {
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
    },
    lines: [
      OPEN,
      'dispatch A 3 {}',
      'dispatch A 4 {}',
      'dispatch A 5 {}',
      'nothing more',
      'tell dispatched connection=1 sequence=5 count=3',
      ...Array.from({ length: 17 }, (_, i) => `dispatch A ${6 + i} {}`),
      'tell dispatched connection=1 sequence=22 count=17',
    ],
  },
  {
    says: 'counts dispatches that nobody wants like others, and hands on their heads and the messages',
    run: async (b) => {
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
    },
    lines: [
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
    ],
  },
  {
    says: 'tells the chart of each dispatch first where an inspector looks on',
    everyDispatch: true,
    run: async (b) => {
      open(b, STREAMING);
      b.say(dispatch(3));
      b.host.see({ streaming: false, replaying: false });
      b.say(dispatch(4));
      await b.idle();
    },
    lines: [OPEN, 'tell dispatch connection=1 sequence=3', 'dispatch A 3 {}', 'tell dispatch connection=1 sequence=4'],
  },
  {
    says: 'has what crosses the wire written down first, from the connection that is current',
    recorded: true,
    run: (b) => {
      open(b);
      b.say({ op: 11 });
      b.host.effects.sendHeartbeat({ sequence: 4 });
      b.host.send(Opcode.Heartbeat, null, 'x');
      b.host.effects.dropSocket({ connection: 1 });
      b.say({ op: 11 });
      b.host.send(Opcode.Heartbeat, null, 'y');
    },
    lines: [
      OPEN,
      'arrived {"op":11}',
      'received 1 heartbeatAck',
      'tell heartbeatAck connection=1',
      'sent 1 1 {"op":1,"d":4} 4',
      'socket 1 send {"op":1,"d":4}',
      'sent 1 1 x null',
      'socket 1 send x',
      'socket 1 drop',
    ],
  },
  {
    says: 'gives no secret to those it warns or tells of an end',
    run: (b) => {
      open(b);
      b.say(dispatch(1, 'READY', { ...READY, session_id: 'a session' }));
      b.sockets[0]?.closed({
        code: 4000,
        reason: `a session at ${READY.resume_gateway_url} of secret`,
        wasClean: true,
      });
    },
    lines: [
      OPEN,
      `tell ready connection=1 sequence=1 session=${JSON.stringify({ id: 'a session', url: `${READY.resume_gateway_url}/` })}`,
      'tell closed connection=1 code=4000 reason="<session 1> at <resume url 1> of <token>"',
    ],
  },
  {
    says: 'hands on READY and RESUMED once the chart took them, and not else',
    run: (b) => {
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
    },
    lines: [
      OPEN,
      `tell ready connection=1 sequence=1 session=${JSON.stringify({ id: 's', url: `${READY.resume_gateway_url}/` })}`,
      `tell ready connection=1 sequence=1 session=${JSON.stringify({ id: 's', url: `${READY.resume_gateway_url}/` })}`,
      `dispatch READY 1 ${JSON.stringify(READY)}`,
      'tell resumed connection=1 sequence=9',
      'tell resumed connection=1 sequence=8',
      'tell resumed connection=1 sequence=9',
      'dispatch RESUMED 9 {}',
      `tell ready connection=1 sequence=1 session=${JSON.stringify({ id: 's', url: `${READY.resume_gateway_url}/` })}`,
    ],
  },
  {
    says: 'takes a session without an id for none, and a URL that may not be trusted for the main one',
    run: (b) => {
      open(b);
      for (const d of [{}, { session_id: '' }, { session_id: 7 }]) b.say(dispatch(1, 'READY', d));
      b.say(dispatch(1, 'READY', { session_id: 's' }));
      b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://evil.example' }));
      b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://allowed.example' }));
      for (const d of [null, [], 7]) b.say(dispatch(1, 'READY', d));
    },
    lines: [
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
    ],
  },
  {
    says: 'trusts the host of the Gateway that the locator named',
    run: async (b) => {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.resolve({ ...INFO, url: 'wss://own.example', sessionStartLimit: null });
      await b.idle();
      open(b);
      b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://own.example' }));
    },
    lines: [
      'locate',
      'located wss://own.example',
      'tell located request=1 url="wss://own.example/"',
      OPEN,
      'tell ready connection=1 sequence=1 session={"id":"s","url":"wss://own.example/"}',
    ],
  },
  {
    says: 'knows that the URL the locator named is no secret, also where a session is resumed at it',
    run: async (b) => {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.resolve({ ...INFO, url: 'wss://own.example', sessionStartLimit: null });
      await b.idle();
      open(b);
      b.say(dispatch(1, 'READY', { session_id: 's', resume_gateway_url: 'wss://own.example' }));
      b.sockets[0]?.closed({ code: 4000, reason: 'see wss://own.example', wasClean: true });
    },
    lines: [
      'locate',
      'located wss://own.example',
      'tell located request=1 url="wss://own.example/"',
      OPEN,
      'tell ready connection=1 sequence=1 session={"id":"s","url":"wss://own.example/"}',
      'tell closed connection=1 code=4000 reason="see wss://own.example"',
    ],
  },
  {
    says: 'pauses a socket at once and resumes it when the step is over',
    canPause: true,
    run: async (b) => {
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
    },
    lines: [
      'can pause: false',
      OPEN,
      'can pause: true',
      'socket 1 pause',
      'the step is over',
      'socket 1 resume',
      'socket 1 pause',
      'another pause',
    ],
  },
  {
    says: 'leaves a socket paused that is to be paused again, and one alone that was given up',
    canPause: true,
    run: async (b) => {
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
    },
    lines: [OPEN, 'socket 1 pause', 'socket 1 pause', 'socket 1 drop', OPEN],
  },
  {
    says: 'survives sockets that throw when paused, and those that cannot pause',
    canPause: true,
    run: async (b) => {
      open(b);
      b.throws = 'pause';
      b.host.effects.pauseSocket({});
      b.throws = 'resume';
      b.host.effects.resumeSocket({});
      await b.idle();
    },
    lines: [OPEN, 'socket 1 pause', 'warn an adapter threw: pause', 'socket 1 resume', 'warn an adapter threw: resume'],
  },
  {
    says: 'knows which sockets cannot pause',
    run: async (b) => {
      open(b);
      b.lines.push(`can pause: ${b.host.canPause}`);
      b.host.effects.pauseSocket({});
      b.host.effects.resumeSocket({});
      await b.idle();
    },
    lines: [OPEN, 'can pause: false'],
  },
  {
    says: 'ends everything when disposed of',
    run: async (b) => {
      open(b, STREAMING);
      b.say(dispatch(3));
      b.host.effects.locateGateway({ request: 1 });
      b.host.dispose();
      b.lines.push(`untold ${b.host.untoldSequence}`);
      await b.idle();
    },
    lines: [OPEN, 'dispatch A 3 {}', 'locate', 'abort locate', 'socket 1 drop', 'untold null'],
  },
];

/** Messages, and what they mean. */
const MEANINGS: readonly (readonly [data: string | Uint8Array, isBinary: boolean, means: unknown])[] = [
  ['{"op":11}', false, { type: 'heartbeatAck' }],
  [new TextEncoder().encode('{"op":11}'), false, { type: 'heartbeatAck' }],
  ['{"op":11}', true, 'a binary message on a connection without compression'],
  ['{"op":', false, 'not JSON'],
  ['7', false, 'not an object'],
  ['null', false, 'not an object'],
  ['[]', false, 'not an object'],
  ['{"op":"11"}', false, 'op is not an integer'],
  ['{"op":1.5}', false, 'op is not an integer'],
  ['{}', false, 'op is not an integer'],
  ['{"op":12}', false, { type: 'unknownOpcode', opcode: 12 }],
  ['{"op":9,"d":true}', false, { type: 'invalidSession', resumable: true }],
  ['{"op":9,"d":"true"}', false, { type: 'invalidSession', resumable: false }],
  ['{"op":9}', false, { type: 'invalidSession', resumable: false }],
  ['{"op":10}', false, { type: 'hello' }],
  ['{"op":10,"d":null}', false, { type: 'hello' }],
  ['{"op":10,"d":{"heartbeat_interval":7}}', false, { type: 'hello', interval: 7 }],
  ['{"op":0,"s":0,"t":"A","d":null}', false, { type: 'dispatch', name: 'A', sequence: 0, data: null }],
  ['{"op":0,"s":-1,"t":"A","d":{}}', false, 'a dispatch without a sequence (s)'],
  ['{"op":0,"s":1.5,"t":"A","d":{}}', false, 'a dispatch without a sequence (s)'],
  ['{"op":0,"s":"1","t":"A","d":{}}', false, 'a dispatch without a sequence (s)'],
  ['{"op":0,"t":"A","d":{}}', false, 'a dispatch without a sequence (s)'],
  ['{"op":0,"s":1,"t":"","d":{}}', false, 'a dispatch without a name (t)'],
  ['{"op":0,"s":1,"t":7,"d":{}}', false, 'a dispatch without a name (t)'],
  ['{"op":0,"s":1,"t":"A"}', false, 'a dispatch without data (d)'],
];

/** Texts, and whether they are over 4096 bytes of UTF-8. */
const SIZES: readonly (readonly [text: string, isTooLarge: boolean])[] = [
  ['a'.repeat(1_400), false],
  ['a'.repeat(4_096), false],
  ['a'.repeat(4_097), true],
  ['€'.repeat(1_365), false],
  ['€'.repeat(1_366), true],
];

/** Says what is wrong with the host, or null. */
export async function judgeHost(): Promise<string | null> {
  for (const [text, expected] of SIZES) {
    if (isTooLarge(text) !== expected) return `${text.length} of ${text[0]} are taken for ${expected ? 'few' : 'many'}`;
  }
  for (const [data, isBinary, means] of MEANINGS) {
    const expected = JSON.stringify(typeof means === 'string' ? { type: 'malformed', problem: means } : means);
    const { heard, decoder } = decoding();
    decoder.receive(data, isBinary);
    const is = JSON.stringify(heard[0]);
    if (is !== expected) return `${String(data)} means ${is} and should mean ${expected}`;
  }
  for (const { says, run, lines, ...setting } of SCRIPTS) {
    const bench = new Bench(setting);
    await run(bench);
    const at = lines.findIndex((line, i) => line !== bench.lines[i]);
    if (at !== -1) return `${says}: "${bench.lines[at]}" instead of "${lines[at]}"`;
    if (bench.lines.length > lines.length) return `${says}: and then "${bench.lines[lines.length]}"`;
  }
  return null;
}
