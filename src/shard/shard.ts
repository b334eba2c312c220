import { createActor } from 'xstate';
import {
  type Cause,
  type DispatchEventName,
  type DispatchEvents,
  isReadyIn,
  type Opcode,
  stateInWords,
  stateName,
  stateView,
} from '../../machines/client.js';
import { demandShape, type Fields, isTrueOrFalse } from '../../machines/kit/shape.js';
import { showing } from '../../machines/kit/showing.js';
import { unregister } from '../../machines/kit/xstate-insides.js';
import { guardedObserver, type Warn } from '../guard/guarded.js';
import type { Dispatch, DispatchHead, RawMessage } from '../host/audience.js';
import { guardedClock } from '../host/guarded-ports.js';
import type { ShardSnapshot } from '../host/tap.js';
import type { ClockPort, ResumeRecord } from '../ports/index.js';
import type { Traffic } from '../wire/decoder.js';
import type { BacklogHost, BacklogNews } from './backlog.js';
import { checkedCommand, checkedData, checkedOpcode, type UserCommand, type UserCommandData } from './commands.js';
import { failure, InternalError, type ShardFailure } from './errors.js';
import { checkDispatchName, checkListener } from './events.js';
import type { Health } from './health.js';
import { type Latency, LatencyMeter } from './latency.js';
import { continueFrom, runningOf, shardLogic } from './logic.js';
import type { ShardNews } from './news.js';
import type { ShardOptions, ShardSettings } from './options.js';
import type { SendOutcome } from './outbox.js';
import type { ChannelInfo, GuildMembers, GuildMembersChunk, MembersWanted, SoundboardSounds } from './questions.js';
import { resumeRecord } from './record.js';
import type { GatewayRequest, RequestOptions } from './requests.js';
import { rootOn } from './root.js';
import type { Running } from './running.js';
import { Runs } from './runs.js';
import { type SendBudget, Sending, type SendOptions } from './sending.js';
import { SessionKeeper } from './session-keeper.js';
import { Subscribers } from './subscribers.js';
import { neverComes } from './wanted.js';

/** What comes with the data of a dispatch. */
export interface DispatchInfo {
  /** Its number in the session; null where the Gateway gave it none. */
  readonly sequence: number | null;
  /** Missed while disconnected, and sent again before RESUMED. */
  readonly replayed: boolean;
  /** Names its session without giving it away, the same in every process: with `sequence`, what a dispatch is known by. */
  readonly session: string | null;
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
  failed: [news: { readonly error: ShardFailure }];
};

/** A listener for an event; what it returns is ignored. */
export type ShardListener<
  N extends keyof ShardListenerArguments<K>,
  K extends DispatchEventName = DispatchEventName,
> = (...args: ShardListenerArguments<K>[N]) => unknown;

type AnyListener = (...args: unknown[]) => unknown;

const LOST = 'the session ended before it brought again what found no room: dispatches are missing';

/** What `reconnect` takes. */
const RECONNECT: Fields = { fields: { fresh: isTrueOrFalse } };

/**
 * One shard: a connection to the Gateway that is kept up until it is stopped or Discord forbids it. Its type names the
 * dispatches that it is for.
 */
export class Shard<K extends DispatchEventName = DispatchEventName> {
  readonly #settings: ShardSettings;
  readonly #clock: ClockPort;
  readonly #actor;
  readonly #running: Running | undefined;
  readonly #subscribers: Subscribers;
  readonly #runs: Runs;
  /** Null without `sessions`. */
  readonly #keeper: SessionKeeper | null;
  readonly #latency = new LatencyMeter();
  #sending: Sending | null = null;
  /** Why the shard is about to fail, while it still closes. */
  #failing: Cause | null = null;

  constructor(settings: ShardSettings, inspect?: ShardOptions['inspect']) {
    this.#settings = settings;
    this.#subscribers = new Subscribers(settings);
    this.#keeper = this.#keeperFor(settings);
    const receivers = {
      audience: this.#subscribers,
      news: <N extends keyof ShardNews>(name: N, news: ShardNews[N], after?: ShardSnapshot) =>
        this.#announce(name, news, after),
      taps: this.#keeper === null ? [this.#latency] : [this.#latency, this.#keeper],
    };
    const writing = this.#keeper === null ? settings : { ...settings, writeIdentifies: this.#keeper.write };
    const logic = shardLogic(writing, { autoStart: false, receivers });
    const warn: Warn = (problem, error) => this.#warn(problem, settings.secrets.error(error));
    const clock = guardedClock(settings.clock, warn);
    this.#clock = clock;
    // An inspector sees the whole of a system, so that it has one of its own.
    this.#actor = createActor(
      logic,
      inspect === undefined ? { parent: rootOn(clock) } : { clock, inspect: guardedObserver(inspect, warn) },
    );
    const preparation =
      this.#keeper === null ? null : { run: () => this.#continue(writing), ended: () => this.#sending?.end('stopped') };
    this.#runs = new Runs(this.#actor, this.#subscribers, settings.signal, preparation);
    this.#actor.subscribe({ error: (error) => this.#break(error) });
    this.#actor.start();
    this.#running = runningOf(this.#actor);
    unregister(this.#actor);
  }

  /** The state of the chart, such as `running.waiting` or `running.connection.open(session.identifying + heartbeat.jittering + reading.flowing)`. */
  get state(): string {
    return stateName(this.#actor.getSnapshot().value);
  }

  /** Whether commands may be sent: the session is ready, and neither side has begun to close the connection. */
  get isReady(): boolean {
    return this.#actor.getSnapshot().hasTag('ready') && this.#running?.host.isOpen === true;
  }

  /** The session that would be resumed; null without one. Its id is a secret. */
  get session(): { readonly id: string; readonly sequence: number } | null {
    const { session, sequence } = this.#actor.getSnapshot().context;
    return session === null || sequence === null
      ? null
      : { id: session.id, sequence: this.#running?.host.pendingSequence ?? sequence };
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
    return this.#running?.host.traffic ?? { frames: 0, bytes: 0, messages: 0, decompressedBytes: 0 };
  }

  /** How the shard is: `healthy`, `degraded` or `down`, since when and why. `health` tells whenever it changes. */
  health(): Health {
    return (this.#running as Running).health.health; // every actor that has started has one
  }

  /**
   * Settles once for each start: fulfilled when the shard has stopped, rejected with the reason when it failed. A failure
   * that nobody is told of, by `start`, `closed`, an iterator or a listener of `failed`, is an unhandled rejection.
   */
  get closed(): Promise<void> {
    return this.#runs.closed;
  }

  /**
   * Connects, and stays connected. Fulfilled on the first READY or RESUMED; rejects with a `GatewayError` when the shard
   * fails or is stopped before, or with the signal's reason. Retries show as `transition`.
   */
  start(): Promise<void>;
  start(token?: unknown): Promise<void> {
    if (typeof token === 'string')
      return Promise.reject(new TypeError('start takes no token: createShard does, as an option'));
    return this.#runs.start();
  }

  /** Ends the session and goes offline: closes with 1000. Fulfilled once nothing is open; legal at any time. */
  stop(): Promise<void> {
    const stopped = this.#runs.end('stop');
    return this.#keeper === null ? stopped : stopped.then(() => this.#keeper?.settled());
  }

  /**
   * The record of the session, with the last sequence *handled*, while the shard goes on; null if there is none. A
   * process that has it may resume the session once this one is gone.
   */
  checkpoint(): ResumeRecord | null {
    return resumeRecord(this.#actor.getSnapshot().context.session, this.#handled(), this.#settings, this.#clock.now());
  }

  /** The last sequence that was handled by everybody. */
  #handled(): number | null {
    const sequence = this.session && this.#subscribers.handledUpTo(this.session.sequence);
    // From 0: READY had no number, and what came first is not handled. Nobody knows from where to resume then.
    return sequence || null;
  }

  /**
   * Leaves, and keeps the session: the bot stays online for a while, and the record lets another shard resume it.
   * Null if there is no session. What iterators had not handled is replayed there.
   */
  async detach(): Promise<ResumeRecord | null> {
    const record = this.checkpoint();
    this.#keeper?.leave(record);
    this.#subscribers.abandon();
    await this.#runs.end('detach');
    await this.#keeper?.settled();
    return record;
  }

  /** Leaves the connection, or the wait for the next one, and connects at once; `fresh` begins a new session. */
  reconnect(options: { fresh?: boolean } = {}): void {
    demandShape('', options, RECONNECT);
    const { fresh = false } = options;
    if (!this.#runs.isBroken) this.#actor.send({ type: 'reconnect', fresh });
  }

  /**
   * Sends a command ("Send Events"), now or as soon as the shard is ready and the budget has a place. Fulfilled with `sent`
   * once the socket of an open connection has taken it, or with `superseded`; rejects with a `CommandRejectedError` if it
   * will not be sent, with the signal's reason, or with a `LocalProtocolError` if the data is not what the documentation
   * asks for, or the payload is over 4096 bytes. A presence may leave out what is neutral.
   */
  send<Op extends UserCommand>(op: Op, data: UserCommandData<Op>, options: SendOptions = {}): Promise<SendOutcome> {
    return settled(() => this.#sends.send(op, checkedCommand(op, data), options));
  }

  /**
   * The same for what the documentation does not know, or not yet: any opcode but those that are the shard's own, and any
   * data.
   */
  sendRaw(op: number, data: unknown, options: SendOptions = {}): Promise<SendOutcome> {
    return settled(() => this.#sends.send(checkedOpcode(op), checkedData(data), options));
  }

  /** What may be sent now, when the next may be sent, and how many commands wait. */
  get budget(): SendBudget {
    return this.#sends.budget;
  }

  /**
   * Asks for members of a guild ("Request Guild Members"): await them all, or iterate over the chunks as they arrive. Waits
   * as told where Discord refuses it for a while. Throws a `LocalProtocolError` for data that is wrong; rejects with a
   * `RequestError` or a `CommandRejectedError`, or with the signal's reason.
   */
  requestGuildMembers(
    wanted: MembersWanted,
    options: RequestOptions = {},
  ): GatewayRequest<GuildMembersChunk, GuildMembers> {
    return this.#sends.requestGuildMembers(wanted, options);
  }

  /** The same for the sounds of guilds ("Request Soundboard Sounds"), guild by guild. */
  requestSoundboardSounds(
    wanted: UserCommandData<typeof Opcode.RequestSoundboardSounds>,
    options: RequestOptions = {},
  ): GatewayRequest<SoundboardSounds, readonly SoundboardSounds[]> {
    return this.#sends.requestSoundboardSounds(wanted, options);
  }

  /** The same for what the channels of a guild are at ("Request Channel Info"). */
  requestChannelInfo(
    wanted: UserCommandData<typeof Opcode.RequestChannelInfo>,
    options: RequestOptions = {},
  ): GatewayRequest<ChannelInfo, ChannelInfo> {
    return this.#sends.requestChannelInfo(wanted, options);
  }

  /** Made when it is first needed: most shards of a bot send nothing. */
  get #sends(): Sending {
    if (this.#sending !== null) return this.#sending;
    const [actor, running, runs] = [this.#actor, this.#running as Running, this.#runs]; // every actor that has started has one
    const isReady = () => this.isReady;
    this.#sending = new Sending(this.#settings, this.#clock, {
      host: running.host,
      get snapshot() {
        return actor.getSnapshot();
      },
      get isPreparing() {
        return runs.isPreparing;
      },
      get isReady() {
        return isReady();
      },
    });
    this.#subscribers.requests = this.#sending.requests;
    return this.#sending;
  }

  /**
   * Adds a listener; the returned function removes it. A listener that throws is reported and breaks nothing. An event that
   * there is not, or that the shard is not for, is a `TypeError`.
   */
  on<N extends keyof ShardListenerArguments<K>>(event: N, listener: ShardListener<N, K>): () => void {
    checkListener(event, listener, this.#settings.events);
    const { listeners } = this.#subscribers;
    if (!listeners.has(event)) this.#remarkOn(event);
    listeners.add(event, listener as AnyListener);
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
    this.#subscribers.listeners.remove(event, listener as AnyListener);
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
    return this.#subscribers.reader(wanted, this.#backlogHost) as unknown as AsyncIterableIterator<TypedDispatch<N>>;
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

  /** Whether `sessions` keeps its session for the next process. */
  get keepsSession(): boolean {
    return this.#keeper !== null;
  }

  #keeperFor({ sessions, permits, clock, identify, secrets, onExit }: ShardSettings): SessionKeeper | null {
    if (sessions === null) return null;
    const warn: Warn = (problem, error) => this.#warn(problem, error === undefined ? undefined : secrets.error(error));
    return new SessionKeeper({
      sessions,
      permits,
      clock: guardedClock(clock, warn),
      shard: identify.shard,
      warn,
      handled: () => this.#handled(),
      checkpoint: () => this.checkpoint(),
      identifies: () => (this.#running as Running).host.keptIdentifies,
      onExit,
    });
  }

  /** Goes on from what an earlier process has kept; a record that was given wins. */
  async #continue(settings: ShardSettings): Promise<number | null> {
    const earlier = (await this.#keeper?.load()) ?? null;
    if (earlier === null) return null;
    this.#running?.host.restoreIdentifies(earlier.identifies);
    return continueFrom(this.#actor, settings, settings.resume ?? earlier.resume);
  }

  /** What a backlog may ask of its shard. */
  get #backlogHost(): BacklogHost {
    return {
      pause: () => this.#pause(),
      resume: () => {
        const mayBeAway = this.#settings.overflow === 'resume' && !this.#runs.isBroken;
        if (this.#isPaused || mayBeAway) this.#actor.send({ type: 'backlogDrained' });
      },
      leave: (sequence) => this.#leave(sequence),
      missing: () => this.#call('warning', { problem: LOST }),
      news: (news) => this.#call('backlog', news),
      dropping: () => this.#call('warning', { problem: 'an iterator is read too slowly: dispatches are left out' }),
    };
  }

  get #isPaused(): boolean {
    return this.#actor.getSnapshot().hasTag('paused');
  }

  /** Asks the chart to stop reading, where the socket can; whether it has. */
  #pause(): boolean {
    if (!this.#running?.host.canPause) return false;
    if (!this.#isPaused) this.#actor.send({ type: 'backlogFull' });
    return this.#isPaused;
  }

  /** Asks the chart to leave until there is room; false without a session to resume, and once a listener had it leave. */
  #leave(sequence: number): boolean {
    const before = this.#actor.getSnapshot();
    if (before.context.session === null || !before.hasTag('streaming')) return false;
    this.#actor.send({ type: 'backlogOverflowed', sequence });
    return true;
  }

  #warn(problem: string, error: unknown): void {
    this.#call('warning', { problem, error });
  }

  #announce<K extends keyof ShardNews>(name: K, news: ShardNews[K], after: ShardSnapshot | undefined): void {
    // First, so that a listener may start the shard again.
    const error = after === undefined ? null : this.#follow(after, (news as ShardNews['transition']).cause);
    if (after !== undefined) this.#sending?.follow(after, (news as ShardNews['transition']).causes);
    this.#call(name, news);
    if (error !== null) this.#call('failed', { error });
  }

  /** @internal What is shown of it in one line; null for a proxy of a shard, or what inherits from one. */
  static shown(value: Shard): string | null {
    if (!(#actor in value)) return null;
    const { state } = value;
    return `Shard [${value.id.join(', ')}] ${isReadyIn(stateView(state)) ? 'ready' : stateInWords(state).state}`;
  }

  /** The error of a shard that has failed. */
  #follow(after: ShardSnapshot, cause: Cause): ShardFailure | null {
    if (after.hasTag('ready')) this.#runs.started();
    if (after.matches('stopped')) this.#runs.settle(null);
    this.#failing = after.hasTag('failing') ? (this.#failing ?? cause) : null; // an order may still stop it instead
    if (this.#failing === null || !after.matches('failed')) return null;
    const error = failure(this.#failing);
    this.#runs.settle(error);
    return error;
  }

  #break(cause: unknown): void {
    this.#running?.host.dispose();
    this.#sending?.end('failed');
    const error = new InternalError('The shard broke: this is a defect of gatechart', {
      cause: this.#settings.secrets.error(cause),
    });
    this.#runs.settle(error);
    this.#call('failed', { error });
  }

  #call(event: string, first: unknown): void {
    this.#subscribers.listeners.call(event, first);
  }
}

/** What a promise's maker returns; what it throws rejects. */
function settled<T>(make: () => Promise<T>): Promise<T> {
  try {
    return make();
  } catch (error) {
    return Promise.reject(error);
  }
}

/** What `util.inspect` and `console.log` show of a shard: `Shard [0, 1] ready`. What only looks like one shows as it is. */
showing(Shard.prototype, function (this: Shard) {
  return Shard.shown(this) ?? this;
});
