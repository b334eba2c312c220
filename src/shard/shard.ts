import { createActor } from 'xstate';
import {
  type Cause,
  type CommandOpcode,
  type DispatchEventName,
  type DispatchEvents,
  LIMITS,
  showing,
  stateInWords,
  stateName,
} from '../../machines/client.js';
import { demandShape, type Fields, isTrueOrFalse } from '../../machines/kit/shape.js';
import { guardedObserver, type Warn, watchRejection } from '../guard/guarded.js';
import { guardedClock } from '../host/guarded-ports.js';
import type { Dispatch, DispatchHead, Host, RawMessage } from '../host/host.js';
import type { ResumeRecord } from '../ports/index.js';
import type { Wanted } from '../wire/decode.js';
import type { Traffic } from '../wire/decoder.js';
import { isTooLarge } from '../wire/encode.js';
import { Backlog, type BacklogHost, type BacklogNews } from './backlog.js';
import {
  checkedCommand,
  checkedData,
  checkedOpcode,
  encodedCommand,
  type UserCommand,
  type UserCommandData,
} from './commands.js';
import { Deferred } from './deferred.js';
import { failure, type GatewayError, InternalError, LocalProtocolError, StoppedError } from './errors.js';
import { checkDispatchName, checkListener } from './events.js';
import type { Health, HealthMeter } from './health.js';
import { type Latency, LatencyMeter } from './latency.js';
import { isIdle, type ShardAudience, type ShardNews, type ShardSnapshot, shardLogic } from './logic.js';
import type { ShardOptions, ShardSettings } from './options.js';
import { resumeRecord } from './record.js';
import { forget, rootOn } from './root.js';
import { neverComes } from './wanted.js';

/** What comes with the data of a dispatch. */
export interface DispatchInfo {
  /** Its number in the session; null where the Gateway gave it none. */
  readonly sequence: number | null;
  /** Missed while disconnected, and sent again before RESUMED. */
  readonly replayed: boolean;
}

/** A dispatch whose name tells the type of its data. */
export type TypedDispatch<K extends DispatchEventName = DispatchEventName> = {
  [N in K]: DispatchInfo & { readonly name: N; readonly data: DispatchEvents[N] };
}[K];

/**
 * What listeners are given, by event: dispatches in UPPER_CASE, news in lower case. Tuples, since to infer a listener
 * from a union of function types the compiler would have to intersect the payloads of all dispatches, and gives up.
 */
export type ShardListenerArguments<K extends DispatchEventName = DispatchEventName> = {
  [N in K]: [data: DispatchEvents[N], info: DispatchInfo];
} & {
  [N in keyof ShardNews]: [news: ShardNews[N]];
} & {
  /** Every dispatch that the shard is for, and without `events` undocumented ones too. */
  dispatch: [dispatch: DispatchEventName extends K ? Dispatch : TypedDispatch<K>];
  /**
   * The same as it came, decompressed and not parsed: text, or its bytes. They are valid until the listener returns; to
   * keep them, copy them.
   */
  raw: [message: RawMessage, head: DispatchHead];
  /** An iterator's buffer is full, or all have room again. */
  backlog: [news: BacklogNews];
  /** The shard has ended for good, by no order of ours: Discord refuses it, or it broke. */
  failed: [news: { readonly error: GatewayError }];
};

/** A listener for an event; what it returns is ignored. */
export type ShardListener<
  N extends keyof ShardListenerArguments<K>,
  K extends DispatchEventName = DispatchEventName,
> = (...args: ShardListenerArguments<K>[N]) => unknown;

type AnyListener = (...args: never[]) => unknown;
type Listener = (first: unknown, second: unknown) => unknown;

/** Of a start that came about. */
const STARTED = new Deferred();
STARTED.resolve();

/** What `reconnect` takes. */
const RECONNECT: Fields = { fields: { fresh: isTrueOrFalse } };

/**
 * One shard: a connection to the Gateway that is kept up until it is stopped or Discord forbids it. Its type names the
 * dispatches that it is for.
 */
export class Shard<K extends DispatchEventName = DispatchEventName> {
  readonly #settings: ShardSettings;
  readonly #now: () => number;
  readonly #actor;
  /**
   * By event, none of them empty, and never changed but replaced, so that whoever calls them need not copy. Made for the
   * first listener: of thousands of shards most may have none of their own.
   */
  #listeners: Map<string, readonly AnyListener[]> | null = null;
  /** Made for the first iterator. */
  #backlog: Backlog | null = null;
  readonly #latency = new LatencyMeter();
  #host: Host | undefined;
  #health!: HealthMeter;
  #starting: Deferred | null = null;
  #stopping: Deferred | null = null;
  /** A start that waits for the stop before it. */
  #next: Deferred | null = null;
  /** Made when somebody asks, or it is over. */
  #closed: Deferred | null = null;
  /** Listens to the signal while the shard runs. */
  #abort: (() => void) | null = null;
  /** Why the shard is about to fail, while it still closes. */
  #failing: Cause | null = null;
  /** The last sequence handed on. */
  #received = 0;

  /** Hears of the chart and its host for a shard. */
  static readonly #Audience = class implements ShardAudience {
    readonly wanted: Wanted = this;
    readonly #shard: Shard;

    constructor(shard: Shard) {
      this.#shard = shard;
    }

    host(host: Host, health: HealthMeter): void {
      this.#shard.#host = host;
      this.#shard.#health = health;
    }

    /** What nobody listens to is not parsed. */
    all(): boolean {
      return this.#shard.#hears('dispatch') || (this.#shard.#backlog?.wantsAll ?? false);
    }

    has(name: string): boolean {
      return this.#shard.#hears(name) || (this.#shard.#backlog?.wants(name) ?? false);
    }

    dispatch(dispatch: Dispatch, message: RawMessage): void {
      this.#shard.#publish(dispatch, message);
    }

    skipped(head: DispatchHead, message: RawMessage): void {
      this.#shard.#skip(head, message);
    }

    news<K extends keyof ShardNews>(name: K, news: ShardNews[K], after?: ShardSnapshot): void {
      this.#shard.#announce(name, news, after);
    }
  };

  /** What a backlog may ask of its shard. */
  static readonly #BacklogHost = class implements BacklogHost {
    readonly #shard: Shard;

    constructor(shard: Shard) {
      this.#shard = shard;
    }

    pause(): boolean {
      return this.#shard.#pause();
    }

    resume(): void {
      if (this.#shard.#isPaused) this.#shard.#actor.send({ type: 'backlogDrained' });
    }

    news(news: BacklogNews): void {
      this.#shard.#call('backlog', news);
    }

    dropping(): void {
      this.#shard.#call('warning', { problem: 'an iterator is read too slowly: dispatches are left out' });
    }
  };

  constructor(settings: ShardSettings, inspect?: ShardOptions['inspect']) {
    this.#settings = settings;
    const logic = shardLogic(settings, { autoStart: false, audience: new Shard.#Audience(this) });
    const warn: Warn = (problem, error) => this.#warn(problem, settings.secrets.error(error));
    const clock = guardedClock(settings.clock, warn);
    this.#now = clock.now;
    // An inspector sees the whole of a system, so that it has one of its own.
    this.#actor = createActor(
      logic,
      inspect === undefined ? { parent: rootOn(clock) } : { clock, inspect: guardedObserver(inspect, warn) },
    );
    this.#actor.subscribe({ error: (error) => this.#break(error) });
    this.#actor.start();
    forget(this.#actor);
  }

  /** The state of the chart, such as `running.waiting` or `running.connection.open(session.identifying + heartbeat.jittering + reading.flowing)`. */
  get state(): string {
    return stateName(this.#actor.getSnapshot().value);
  }

  /** Whether commands may be sent: the session is ready, and neither side has begun to close the connection. */
  get isReady(): boolean {
    return this.#actor.getSnapshot().hasTag('ready') && this.#host?.isOpen === true;
  }

  /** The session that would be resumed; null without one. Its id is a secret. */
  get session(): { readonly id: string; readonly sequence: number } | null {
    const { session, sequence } = this.#actor.getSnapshot().context;
    return session === null || sequence === null
      ? null
      : { id: session.id, sequence: this.#host?.untoldSequence ?? sequence };
  }

  /** `[id, count]`. */
  get id(): readonly [id: number, count: number] {
    return this.#settings.identify.shard;
  }

  /** The time between heartbeats and their ACKs on this connection, in ms. */
  get latency(): Latency {
    return this.#latency.read();
  }

  /** What was received so far, on all connections of this shard. */
  get traffic(): Traffic {
    return this.#host?.traffic ?? { frames: 0, bytes: 0, messages: 0, decompressedBytes: 0 };
  }

  /** How the shard is: `healthy`, `degraded` or `down`, since when and why. `health` tells whenever it changes. */
  health(): Health {
    return this.#health.health;
  }

  /**
   * Settles once for each start: fulfilled when the shard has stopped, rejected with the reason when it failed. A failure
   * that nobody is told of, by `start`, `closed`, an iterator or a listener of `failed`, is an unhandled rejection.
   */
  get closed(): Promise<void> {
    this.#closed ??= new Deferred();
    return this.#closed.promise;
  }

  /**
   * Connects, and stays connected. Fulfilled on the first READY or RESUMED; rejects with a `GatewayError` when the shard
   * fails or is stopped before, or with the signal's reason. Retries show as `transition`.
   */
  start(): Promise<void>;
  start(token?: unknown): Promise<void> {
    if (typeof token === 'string')
      return Promise.reject(new TypeError('start takes no token: createShard does, as an option'));
    if (this.#stopping !== null) {
      this.#next ??= new Deferred();
      return this.#next.promise;
    }
    return (this.#starting ?? this.#begin(new Deferred())).promise;
  }

  /** Ends the session and goes offline: closes with 1000. Fulfilled once nothing is open; legal at any time. */
  stop(): Promise<void> {
    return this.#end('stop');
  }

  /**
   * Leaves, and keeps the session: the bot stays online for a while, and the record lets another shard resume it.
   * Null if there is no session. What iterators had not handled is replayed there.
   */
  async detach(): Promise<ResumeRecord | null> {
    const record = this.#record();
    this.#backlog?.abandon();
    await this.#end('detach');
    return record;
  }

  /** Leaves the connection, or the wait for the next one, and connects at once; `fresh` begins a new session. */
  reconnect(options: { fresh?: boolean } = {}): void {
    demandShape('', options, RECONNECT);
    const { fresh = false } = options;
    if (!this.#isBroken) this.#actor.send({ type: 'reconnect', fresh });
  }

  /**
   * Sends a command ("Send Events"). Fulfilled once the socket of an open connection has taken it; rejects with a
   * `LocalProtocolError` if there is none, the shard is not ready, the data is not what the documentation asks for, or the
   * payload is over 4096 bytes: nothing is sent then. A presence may leave out what is neutral.
   */
  async send<Op extends UserCommand>(op: Op, data: UserCommandData<Op>): Promise<void> {
    this.#send(op, checkedCommand(op, data));
  }

  /**
   * The same for what the documentation does not know, or not yet: any opcode but those that are the shard's own, and any
   * data.
   */
  async sendRaw(op: number, data: unknown): Promise<void> {
    this.#send(checkedOpcode(op), checkedData(data));
  }

  #send(op: number, data: unknown): void {
    const message = encodedCommand(op, data, this.#settings.wire.encoding);
    if (!this.isReady) throw this.#notReady();
    if (isTooLarge(message)) {
      throw new LocalProtocolError(
        'ERR_PAYLOAD_TOO_LARGE',
        `The payload is over ${LIMITS.payloadBytes} bytes: Discord would close the connection with 4002`,
      );
    }
    if (this.#host?.send(op as CommandOpcode, data as never, message) !== true) throw this.#notReady();
  }

  /**
   * Adds a listener; the returned function removes it. A listener that throws is reported and breaks nothing. An event that
   * there is not, or that the shard is not for, is a `TypeError`.
   */
  on<N extends keyof ShardListenerArguments<K>>(event: N, listener: ShardListener<N, K>): () => void {
    checkListener(event, listener, this.#settings.events);
    this.#listeners ??= new Map();
    const listeners = this.#listeners.get(event) ?? [];
    if (listeners.length === 0) this.#remarkOn(event);
    if (!listeners.includes(listener)) this.#listeners.set(event, [...listeners, listener]);
    return () => this.off(event, listener);
  }

  /** Adds a listener for the next event of this name only. */
  once<N extends keyof ShardListenerArguments<K>>(event: N, listener: ShardListener<N, K>): () => void {
    checkListener(event, listener, this.#settings.events);
    const off = this.on(event, (...args: ShardListenerArguments<K>[N]) => {
      off();
      return listener(...args);
    });
    return off;
  }

  /** Removes a listener. An event that there is not is a `TypeError`, as in `on`. */
  off<N extends keyof ShardListenerArguments<K>>(event: N, listener: ShardListener<N, K>): void {
    checkListener(event, listener, this.#settings.events);
    const left = this.#listeners?.get(event)?.filter((each) => each !== listener) ?? [];
    if (left.length === 0) this.#listeners?.delete(event);
    else this.#listeners?.set(event, left);
  }

  /**
   * Dispatches as an async iterator, from now on: those of the given names, or all. It ends when the shard stops, and
   * throws when the shard fails or its buffer runs over (`buffer`, `bufferBytes`, `overflow`).
   */
  dispatches<N extends K>(...names: readonly N[]): AsyncIterableIterator<TypedDispatch<N>> {
    for (const name of names) {
      checkDispatchName(name, this.#settings.events);
      this.#remarkOn(name);
    }
    const wanted = names.length === 0 ? null : new Set<string>(names);
    const { buffer, bufferBytes, overflow } = this.#settings;
    this.#backlog ??= new Backlog({ dispatches: buffer, bytes: bufferBytes }, overflow, new Shard.#BacklogHost(this));
    return this.#backlog.reader(wanted) as unknown as AsyncIterableIterator<TypedDispatch<N>>;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<TypedDispatch<K>> {
    return this.dispatches();
  }

  /** Warns of what the intents do not bring, once there was time to listen for warnings. Of `events` the options tell. */
  #remarkOn(event: string): void {
    const { events, identify } = this.#settings;
    const remark = events === null ? neverComes(event, identify.intents) : null;
    if (remark !== null) queueMicrotask(() => this.#warn(remark, undefined));
  }

  #notReady(): LocalProtocolError {
    const isReady = this.#actor.getSnapshot().hasTag('ready');
    const how = isReady ? 'not ready: its connection closes' : `not ready but ${this.state}`;
    return new LocalProtocolError('ERR_NOT_READY', `The shard is ${how}: wait for READY or RESUMED`);
  }

  #begin(starting: Deferred): Deferred {
    if (this.#isBroken) {
      const error = new InternalError('The shard broke before: make a new one');
      starting.reject(error);
      this.#tellFailure(error, [starting]);
      return starting;
    }
    if (this.#closed?.isSettled) this.#closed = null;
    const { signal } = this.#settings;
    if (signal?.aborted) {
      starting.reject(signal.reason);
      this.#closed ??= new Deferred();
      this.#closed.resolve();
      return starting;
    }
    this.#starting = starting;
    this.#failing = null;
    this.#received = this.session?.sequence ?? 0; // of a session that was kept: what is replayed comes after it
    if (signal) {
      this.#abort = () => {
        this.#giveUpStarts(signal.reason);
        void this.stop();
      };
      signal.addEventListener('abort', this.#abort);
    }
    this.#actor.send({ type: 'start' });
    return starting;
  }

  #giveUpStarts(reason: unknown): void {
    this.#starting?.reject(reason);
    this.#next?.reject(reason);
    this.#next = null;
  }

  #end(order: 'stop' | 'detach'): Promise<void> {
    this.#giveUpStarts(new StoppedError());
    if (isIdle(this.#actor.getSnapshot()) || this.#isBroken) return Promise.resolve();
    this.#stopping ??= new Deferred();
    const { promise } = this.#stopping;
    this.#actor.send({ type: order });
    return promise;
  }

  /** The actor ended with an error, which no input may cause. */
  get #isBroken(): boolean {
    return this.#actor.getSnapshot().status !== 'active';
  }

  /** The last sequence that was handled by everybody, as a record. */
  #record(): ResumeRecord | null {
    const sequence = this.session && (this.#backlog?.handledUpTo(this.session.sequence) ?? this.session.sequence);
    // From 0: READY had no number, and what came first is not handled. Nobody knows from where to resume then.
    return resumeRecord(this.#actor.getSnapshot().context.session, sequence || null, this.#settings, this.#now());
  }

  get #isPaused(): boolean {
    return this.#actor.getSnapshot().hasTag('paused');
  }

  /** Asks the chart to stop reading, where the socket can; whether it has. */
  #pause(): boolean {
    if (!this.#host?.canPause) return false;
    if (!this.#isPaused) this.#actor.send({ type: 'backlogFull' });
    return this.#isPaused;
  }

  #publish(dispatch: Dispatch, message: RawMessage): void {
    const { name, data, sequence, replayed } = dispatch;
    const before = this.#count(dispatch);
    if (this.#hears('raw')) this.#call('raw', message, { name, sequence, replayed });
    this.#backlog?.push(dispatch, before, message.length);
    if (this.#hears(name)) this.#call(name, data, { sequence, replayed });
    this.#call('dispatch', dispatch);
  }

  /** Nobody wants the data, which may be since the shard is not for it. */
  #skip(head: DispatchHead, message: RawMessage): void {
    this.#count(head);
    if (this.#settings.events?.has(head.name) ?? true) this.#call('raw', message, head);
  }

  /** Counts a dispatch as received; the sequence before it. */
  #count({ name, sequence }: Pick<DispatchHead, 'name' | 'sequence'>): number {
    const begins = name === 'READY'; // which is not replayed, whoever missed it
    const before = begins ? (sequence ?? 0) : this.#received;
    this.#received = begins ? before : Math.max(this.#received, sequence ?? 0);
    return before;
  }

  #warn(problem: string, error: unknown): void {
    this.#call('warning', { problem, error });
  }

  #hears(event: string): boolean {
    return this.#listeners?.has(event) ?? false;
  }

  #announce<K extends keyof ShardNews>(name: K, news: ShardNews[K], after: ShardSnapshot | undefined): void {
    if (name === 'latency') this.#latency.add((news as ShardNews['latency']).ms);
    // First, so that a listener may start the shard again.
    const error = after === undefined ? null : this.#follow(after, (news as ShardNews['transition']).cause);
    this.#call(name, news);
    if (error !== null) this.#call('failed', { error });
  }

  /** The error of a shard that has failed. */
  #follow(after: ShardSnapshot, cause: Cause): GatewayError | null {
    if (cause.name === 'opened') this.#latency.reset();
    if (after.hasTag('ready')) this.#started();
    if (after.matches('stopped')) this.#settle(null);
    if (after.hasTag('failing')) this.#failing ??= cause;
    if (this.#failing === null || !after.matches('failed')) return null;
    const error = failure(this.#failing);
    this.#settle(error);
    return error;
  }

  #started(): void {
    if (this.#starting === null) return;
    this.#starting.resolve();
    this.#starting = STARTED;
  }

  /** The end of a run. */
  #settle(error: GatewayError | null): void {
    if (this.#abort) this.#settings.signal?.removeEventListener('abort', this.#abort);
    this.#abort = null;
    this.#latency.reset();
    const [starting, stopping, next] = [this.#starting, this.#stopping, this.#next];
    this.#closed ??= new Deferred();
    this.#starting = null;
    this.#stopping = null;
    this.#next = null;
    if (error === null) this.#closed.resolve();
    else this.#closed.reject(error);
    starting?.reject(error ?? new StoppedError());
    stopping?.resolve();
    if (error !== null) this.#tellFailure(error, starting === STARTED ? [this.#closed] : [this.#closed, starting]);
    this.#backlog?.finish(error === null ? {} : { error });
    if (next !== null) this.#begin(next);
  }

  /** A task later, when all that follows from the last transition has run: a shard that is refused must not end without a word. */
  #tellFailure(error: GatewayError, promises: readonly (Deferred | null)[]): void {
    const isRead = this.#backlog?.isRead ?? false;
    const isHeard = () => isRead || this.#hears('failed') || promises.some((each) => each?.isWatched);
    const tell = () => {
      if (!isHeard()) void Promise.reject(error);
    };
    try {
      setTimeout(tell);
    } catch {
      tell();
    }
  }

  #break(cause: unknown): void {
    this.#host?.dispose();
    const error = new InternalError('The shard broke: this is a defect of gatechart', {
      cause: this.#settings.secrets.error(cause),
    });
    this.#settle(error);
    this.#call('failed', { error });
  }

  #call(event: string, first: unknown, second?: unknown): void {
    const listeners = this.#listeners?.get(event);
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        const returned = (listener as Listener)(first, second);
        if (returned !== undefined) watchRejection(returned, (error) => this.#listenerFailed(event, error));
      } catch (error) {
        this.#listenerFailed(event, error);
      }
    }
  }

  /** An error of the user's that nobody would hear of is thrown where it ends the process. */
  #listenerFailed(event: string, error: unknown): void {
    if (event !== 'warning' && this.#hears('warning')) this.#warn(`a listener of ${event} threw`, error);
    else {
      setTimeout(() => {
        throw error;
      });
    }
  }
}

/** What `util.inspect` and `console.log` show of a shard: `Shard [0, 1] ready`. */
showing(Shard.prototype, function (this: Shard) {
  return `Shard [${this.id.join(', ')}] ${this.isReady ? 'ready' : stateInWords(this.state).state}`;
});
