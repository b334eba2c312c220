/**
 * A world for a shard in which nothing happens by itself: each event of a path is brought about from outside, by a
 * frame, a socket event, an answer or a timer, and everything that crosses the wire is written down.
 */

import { type Actor, createActor } from 'xstate';
import { zlibInflate } from '../../adapters/zlib.js';
import { Opcode, type PolicyOptions, type ShardEvent, SPANS, type Timer } from '../../machines/index.js';
import type { Connection, Entry, Payload, Scene } from '../../src/conformance/rules.js';
import { type GatewayInfo, LocateError, type Permit, type SocketCallbacks } from '../../src/ports/index.js';
import { runningOf, type ShardLogic, shardLogic } from '../../src/shard/logic.js';
import { type ShardOptions, type ShardSettings, shardSettings } from '../../src/shard/options.js';
import { EVERYTHING } from '../../src/wire/decode.js';
import { decoderFor } from '../../src/wire/decoder.js';
import { payloadIn } from './memory.js';

const MAIN_URL = 'wss://gateway.discord.gg/';
const TOKEN = 'puppet-token';
/** What chance draws: the middle of every span. */
const CHANCE = 0.5;

/** Each deadline has its own length, so that a delay tells which timer it is; only lap and last call share theirs. */
const DEADLINES = {
  locate: 15_001,
  open: 10_002,
  hello: 20_003,
  permit: 60_004,
  ready: 300_005,
  resumed: 60_006,
  close: 507,
  silence: 258,
};

interface Pending {
  readonly ms: number;
  readonly fn: () => void;
}

/** A connection as the puppet sees it. */
interface Wire {
  readonly url: string;
  readonly at: number;
  readonly entries: Entry[];
  readonly callbacks: SocketCallbacks;
  over: boolean;
}

/** Something that the host asked of a port, in the words of the chart. */
export interface Call {
  readonly type: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What a puppet may be told. */
export interface PuppetOptions {
  readonly options?: Partial<ShardOptions>;
  /** Makes what is pulled; the actor of bare logic unless told. */
  readonly run?: (settings: ShardSettings, clock: ShardSettings['clock']) => Actor<ShardLogic>;
  /** Gives an order; to the actor unless told. */
  readonly order?: (event: ShardEvent) => void;
  /** What everybody who fails or refuses gives as the reason. */
  readonly reason?: () => string;
}

/** The strings of one shard. */
export class Puppet {
  readonly actor: Actor<ShardLogic>;
  readonly #order: (event: ShardEvent) => void;
  readonly #reason: (() => string) | undefined;
  readonly dispatched: number[] = [];
  readonly warnings: string[] = [];
  /** What the host asked of its ports, in order. */
  readonly calls: Call[] = [];
  #now = 0;
  readonly #timers = new Map<number, Pending>();
  #lastTimer = 0;
  readonly #wires: Wire[] = [];
  readonly #starts: number[] = [];
  readonly #renewals: number[] = [];
  readonly #overflows: { connection: number; sequence: number }[] = [];
  #locating: { resolve(info: GatewayInfo): void; reject(error: unknown): void } | null = null;
  #queueing: ((permit: Permit) => void) | null = null;

  constructor(policy: PolicyOptions = {}, { options = {}, run, order, reason }: PuppetOptions = {}) {
    this.#order = order ?? ((event) => this.actor.send(event));
    this.#reason = reason;
    const clock = {
      now: () => this.#now,
      setTimeout: (fn: () => void, ms: number) => {
        this.#lastTimer += 1;
        this.#timers.set(this.#lastTimer, { ms, fn });
        return this.#lastTimer;
      },
      clearTimeout: (id: unknown) => void this.#timers.delete(id as number),
    };
    const settings = shardSettings(
      {
        token: TOKEN,
        intents: ['GUILDS'],
        clock,
        random: () => CHANCE,
        policy: { ...policy, deadlines: DEADLINES, stability: 1.001 },
        locator: {
          locate: ({ signal }) =>
            new Promise((resolve, reject) => {
              this.calls.push({ type: 'locateGateway' });
              this.#locating = { resolve, reject };
              signal.addEventListener('abort', () => reject(signal.reason));
            }),
        },
        permits: {
          request: ({ signal }) =>
            new Promise((resolve, reject) => {
              this.calls.push({ type: 'requestPermit' });
              this.#queueing = resolve;
              signal.addEventListener('abort', () => reject(signal.reason));
            }),
          update: () => {},
        },
        socket: { open: (url, _, callbacks) => this.#open(url, callbacks) },
        ...options,
      },
      {
        socket: () => {
          throw new Error('no default socket');
        },
        inflate: zlibInflate,
      },
    );
    const corruptibly = { ...settings, decoderFor: corruptible };
    if (run !== undefined) {
      this.actor = run(corruptibly, clock);
      return;
    }
    const logic = shardLogic(corruptibly, {
      autoStart: false,
      receivers: {
        audience: {
          wanted: EVERYTHING,
          dispatch: ({ sequence }) => this.dispatched.push(Number(sequence)),
          skipped() {},
        },
        news: (name, news) => {
          if (name === 'warning') this.warnings.push((news as { problem: string }).problem);
        },
      },
    });
    this.actor = createActor(logic, { clock });
    this.actor.start();
  }

  /** Brings an event about, and lets everything that follows happen. */
  async pull(event: ShardEvent): Promise<void> {
    this.#now += 1;
    if (event.type.startsWith('timer.')) this.#fire(event.type.slice('timer.'.length) as Timer);
    else this.#pull(event);
    for (let i = 0; i < 4; i += 1) await null; // promises of locator and permits
  }

  /** The delays of the timers that run, in ms, sorted. */
  get running(): readonly number[] {
    return [...this.#timers.values()].map(({ ms }) => ms).sort();
  }

  /** The delay that a timer of the chart has now, in ms. */
  delayOf(timer: Timer): number {
    const [least, most] = SPANS[timer](this.actor.getSnapshot().context);
    return least === most ? least : least + CHANCE * (most - least);
  }

  get #isStreaming(): boolean {
    return this.actor.getSnapshot().hasTag('streaming');
  }

  get scene(): Scene {
    const connections: Connection[] = this.#wires.map(({ url, at, entries }) => ({ url, at, entries }));
    const told = { starts: this.#starts, renewals: this.#renewals, overflows: this.#overflows };
    return { connections, ...told, token: TOKEN, mainUrl: MAIN_URL };
  }

  stop(): void {
    this.actor.stop();
  }

  /** Lets the Gateway send something, as it stands. */
  say(data: string | Uint8Array, isBinary = false): void {
    this.#wire.entries.push({
      at: this.#now,
      from: 'gateway',
      kind: 'message',
      payload: isBinary ? null : payloadIn(data),
      ...(data === CORRUPT ? { corrupt: true } : {}),
    });
    this.#wire.callbacks.message(data, isBinary);
  }

  /** How much the client has sent. */
  get sent(): number {
    return this.#wires.flatMap(({ entries }) => entries).filter(({ from }) => from === 'client').length;
  }

  /** Whether a connection is open, so that something can be said. */
  get isOpen(): boolean {
    return this.actor.getSnapshot().matches({ running: 'connection' });
  }

  #pull(event: ShardEvent): void {
    if (event.type === 'hello') runningOf(this.actor)?.host.takeOrder(); // its bucket of identifies is tested elsewhere: here time stands still
    switch (event.type) {
      case 'start':
      case 'stop':
      case 'detach':
      case 'reconnect':
      case 'backlogFull':
      case 'backlogDrained':
      case 'backlogOverflowed':
        if (event.type === 'start') this.#starts.push(this.#now);
        if (event.type === 'stop' || (event.type === 'reconnect' && event.fresh)) this.#renewals.push(this.#now);
        if (event.type === 'backlogOverflowed' && this.#isStreaming)
          this.#overflows.push({ connection: this.#wires.length - 1, sequence: event.sequence });
        this.#order(event);
        break;
      case 'located':
        this.#locating?.resolve({ url: event.url, shards: 1, sessionStartLimit: null, fetchedAt: 0 });
        break;
      case 'locateFailed':
        this.#locating?.reject(new LocateError(event.reason, this.#reason?.() ?? 'on purpose', event.retryAfter));
        break;
      case 'permitGranted':
        this.#queueing?.({ granted: true, settle: () => {} });
        break;
      case 'permitRefused':
        this.#queueing?.({ granted: false, reason: this.#reason?.() ?? event.reason, retryAfter: event.retryAfter });
        break;
      case 'opened':
        this.#wire.callbacks.opened();
        break;
      case 'closed':
        this.#lose(event);
        break;
      case 'dispatched':
        for (let i = event.count - 1; i >= 0; i -= 1) this.say(JSON.stringify(dispatch(event.sequence - i)));
        break;
      case 'malformed':
        this.say('}');
        break;
      case 'undecodable':
        this.say(CORRUPT, true);
        break;
      default:
        this.say(JSON.stringify(payloadOf(event)));
    }
  }

  #lose({ code, httpStatus, retryAfter }: Omit<Extract<ShardEvent, { type: 'closed' }>, 'type' | 'connection'>): void {
    const wire = this.#wire;
    const byFrame = code !== 1006;
    wire.entries.push({ at: this.#now, from: 'gateway', ...(byFrame ? { kind: 'close', code } : { kind: 'end' }) });
    wire.over = true;
    const refused = httpStatus === undefined ? {} : { httpStatus, ...(retryAfter === undefined ? {} : { retryAfter }) };
    wire.callbacks.closed({ code, reason: this.#reason?.() ?? '', wasClean: byFrame, ...refused });
  }

  get #wire(): Wire {
    const wire = this.#wires.at(-1);
    if (wire === undefined) throw new Error('no connection was opened');
    return wire;
  }

  #open(url: string, callbacks: SocketCallbacks) {
    const wire: Wire = { url, at: this.#now, entries: [], callbacks, over: false };
    this.#wires.push(wire);
    const connection = this.#wires.length;
    this.calls.push({ type: 'openSocket', params: { connection, url: new URL(url).origin } });
    const note = (entry: Omit<Entry, 'at'>) => {
      if (!wire.over) wire.entries.push({ at: this.#now, ...entry });
    };
    return {
      send: (data: string | Uint8Array) => {
        const payload = JSON.parse(String(data));
        this.calls.push(sending(payload));
        note({ from: 'client', kind: 'message', payload });
      },
      close: (code: number) => {
        this.calls.push({ type: 'closeSocket', params: { code } });
        note({ from: 'client', kind: 'close', code });
      },
      drop: () => {
        this.calls.push({ type: 'dropSocket', params: { connection } });
        note({ from: 'client', kind: 'end' });
        wire.over = true;
      },
      pause: () => void this.calls.push({ type: 'pauseSocket' }),
      resume: () => void this.calls.push({ type: 'resumeSocket' }),
      bufferedAmount: 0,
    };
  }

  #fire(timer: Timer): void {
    const ms = this.delayOf(timer);
    const [id, found] = [...this.#timers].find(([, pending]) => pending.ms === ms) ?? [];
    if (id === undefined || found === undefined) {
      throw new Error(`the timer ${timer} of ${ms} ms does not run; those that do: ${this.running.join(', ')}`);
    }
    this.#timers.delete(id);
    this.#now += ms;
    found.fn();
  }
}

/** Bytes that no decoder gets over, whatever it speaks. */
const CORRUPT = Uint8Array.of(0xff, 0xff);

const corruptible: typeof decoderFor = (options, sink) => {
  const decoder = decoderFor(options, sink);
  return {
    get isBusy() {
      return decoder.isBusy;
    },
    end: () => decoder.end(),
    receive: (data, isBinary) =>
      data === CORRUPT ? sink({ type: 'undecodable', problem: 'corrupt' }) : decoder.receive(data, isBinary),
  };
};

function dispatch(s: number | null): Payload {
  return { op: Opcode.Dispatch, s, t: 'MESSAGE_CREATE', d: {} };
}

/** The message that a frame event stands for. */
function payloadOf(event: ShardEvent): Payload {
  switch (event.type) {
    case 'hello':
      return { op: Opcode.Hello, d: { heartbeat_interval: event.interval } };
    case 'heartbeatAck':
      return { op: Opcode.HeartbeatAck };
    case 'heartbeatRequested':
      return { op: Opcode.Heartbeat, d: null };
    case 'reconnectRequested':
      return { op: Opcode.Reconnect, d: null };
    case 'invalidSession':
      return { op: Opcode.InvalidSession, d: event.resumable };
    case 'ready': {
      const { session } = event;
      const url = session?.url ?? undefined;
      return {
        op: Opcode.Dispatch,
        s: event.sequence,
        t: 'READY',
        d: { session_id: session?.id, resume_gateway_url: url },
      };
    }
    case 'resumed':
      return { op: Opcode.Dispatch, s: event.sequence, t: 'RESUMED', d: {} };
    case 'dispatch':
      return dispatch(event.sequence);
    case 'unknownOpcode':
      return { op: event.opcode, d: null };
    default:
      throw new Error(`${event.type} is no message`);
  }
}

function sending({ op, d }: { op: number; d: unknown }): Call {
  if (op === Opcode.Heartbeat) return { type: 'sendHeartbeat', params: { sequence: d } };
  if (op === Opcode.Identify) return { type: 'sendIdentify' };
  const { session_id: sessionId, seq: sequence } = (d ?? {}) as Record<string, unknown>;
  return op === Opcode.Resume ? { type: 'sendResume', params: { sessionId, sequence } } : { type: `send op ${op}` };
}
