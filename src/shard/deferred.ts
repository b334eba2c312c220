/** A promise that knows whether anybody looks at it: `await`, `then`, `Promise.race` and the like all call `then`. */
class WatchedPromise<T> extends Promise<T> {
  isWatched = false;

  /** What is derived from it is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.isWatched = true;
    return super.then(onFulfilled, onRejected);
  }
}

/** A promise and the means to settle it. By itself never reported as unhandled: see `isWatched`. */
export class Deferred<T = void> {
  readonly #promise: WatchedPromise<T>;
  isSettled = false;
  #resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;

  constructor() {
    this.#promise = new WatchedPromise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    Promise.prototype.then.call(this.#promise, undefined, () => {});
  }

  get promise(): Promise<T> {
    return this.#promise;
  }

  /** Whether anybody has asked to hear how it ends. */
  get isWatched(): boolean {
    return this.#promise.isWatched;
  }

  resolve(value: T): void {
    this.isSettled = true;
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.isSettled = true;
    this.#reject(error);
  }
}
