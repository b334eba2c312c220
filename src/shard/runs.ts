/** What the runs of one shard promise: what `start`, `stop` and `closed` return, and that no failure goes unnoticed. */
import type { ActorRefFromLogic } from 'xstate';
import { Deferred } from './deferred.js';
import { InternalError, type ShardFailure, StoppedError } from './errors.js';
import { isIdle } from './idle.js';
import type { ShardLogic } from './logic.js';
import type { Subscribers } from './subscribers.js';

/** Shared by all shards whose start() has already resolved. */
const STARTED = new Deferred();
STARTED.resolve();

/** What has to be done before the first start. */
export interface Preparation {
  /** The sequence after which the run begins; null unless it differs from that of the session there is. */
  run(): Promise<number | null>;
  /** The run is over before the shard was started. */
  ended(): void;
}

/** A run begins with a start and ends when the shard has stopped or failed. */
export class Runs {
  readonly #actor: ActorRefFromLogic<ShardLogic>;
  readonly #subscribers: Subscribers;
  readonly #signal: AbortSignal | undefined;
  /** Null where nothing has to be done, or it was. */
  #preparation: Preparation | null;
  #starting: Deferred | null = null;
  #stopping: Deferred | null = null;
  /** A start that waits for the stop before it. */
  #next: Deferred | null = null;
  /** Made when it is asked for, or the run is over. */
  #closed: Deferred | null = null;
  /** Listens to the signal while the shard runs. */
  #abort: (() => void) | null = null;

  constructor(
    actor: ActorRefFromLogic<ShardLogic>,
    subscribers: Subscribers,
    signal: AbortSignal | undefined,
    preparation: Preparation | null = null,
  ) {
    this.#preparation = preparation;
    this.#actor = actor;
    this.#subscribers = subscribers;
    this.#signal = signal;
  }

  get closed(): Promise<void> {
    this.#closed ??= new Deferred();
    return this.#closed.promise;
  }

  /** The actor ended with an error, which no input may cause. */
  get isBroken(): boolean {
    return this.#actor.getSnapshot().status !== 'active';
  }

  /** It was started, and the shard is not yet told. */
  get isPreparing(): boolean {
    return this.#preparation !== null && this.#starting !== null;
  }

  start(): Promise<void> {
    if (this.#stopping !== null) {
      this.#next ??= new Deferred();
      return this.#next.promise;
    }
    return (this.#starting ?? this.#begin(new Deferred())).promise;
  }

  /** Ends the run in one way or the other; at once where there is none. */
  end(order: 'stop' | 'detach'): Promise<void> {
    this.#giveUpStarts(new StoppedError());
    if (this.isBroken) return Promise.resolve();
    if (isIdle(this.#actor.getSnapshot())) {
      if (this.isPreparing) {
        this.settle(null);
        this.#preparation?.ended();
      }
      return Promise.resolve();
    }
    this.#stopping ??= new Deferred();
    const { promise } = this.#stopping;
    this.#actor.send({ type: order });
    return promise;
  }

  /** A session is ready. */
  started(): void {
    if (this.#starting === null) return;
    this.#starting.resolve();
    this.#starting = STARTED;
  }

  /** The run is over: by an order, or by a failure. */
  settle(error: ShardFailure | null): void {
    if (this.#abort) this.#signal?.removeEventListener('abort', this.#abort);
    this.#abort = null;
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
    this.#subscribers.finish(error === null ? {} : { error });
    if (next !== null) this.#begin(next);
  }

  #begin(starting: Deferred): Deferred {
    if (this.isBroken) {
      const error = new InternalError('The shard broke before: make a new one');
      starting.reject(error);
      this.#tellFailure(error, [starting]);
      return starting;
    }
    if (this.#closed?.isSettled) this.#closed = null;
    const signal = this.#signal;
    if (signal?.aborted) {
      starting.reject(signal.reason);
      this.#closed ??= new Deferred();
      this.#closed.resolve();
      return starting;
    }
    this.#starting = starting;
    if (signal) {
      this.#abort = () => {
        this.#giveUpStarts(signal.reason);
        void this.end('stop');
      };
      signal.addEventListener('abort', this.#abort);
    }
    if (this.#preparation === null) this.#go();
    else {
      void this.#preparation.run().then((sequence) => {
        if (this.#starting !== starting) return; // it was stopped meanwhile
        this.#preparation = null;
        this.#go(sequence);
      });
    }
    return starting;
  }

  /** Begins after a sequence: that of the session there is, unless told. */
  #go(after: number | null = null): void {
    const { session, sequence } = this.#actor.getSnapshot().context;
    this.#subscribers.beginAfter(after ?? (session === null ? 0 : (sequence ?? 0)));
    this.#actor.send({ type: 'start' });
  }

  #giveUpStarts(reason: unknown): void {
    this.#starting?.reject(reason);
    this.#next?.reject(reason);
    this.#next = null;
  }

  /** A task later, when all that follows from the last transition has run: a shard that is refused must not end without a word. */
  #tellFailure(error: ShardFailure, promises: readonly (Deferred | null)[]): void {
    const { isRead, listeners } = this.#subscribers;
    const isHeard = () => isRead || listeners.has('failed') || promises.some((each) => each?.isWatched);
    const tell = () => {
      if (!isHeard()) void Promise.reject(error);
    };
    try {
      setTimeout(tell);
    } catch {
      tell();
    }
  }
}
