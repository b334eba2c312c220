/** A promise that knows whether anybody looks at it: `await`, `then`, `Promise.race` and the like all call `then`. */
class WatchedPromise extends Promise<undefined> {
  isWatched = false;

  /** What is derived from it is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  override then<A = undefined, B = never>(
    onFulfilled?: ((value: undefined) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.isWatched = true;
    return super.then(onFulfilled, onRejected);
  }
}

/** A promise and the means to settle it. By itself never reported as unhandled: see `isWatched`. */
export class Deferred {
  readonly #promise: WatchedPromise;
  isSettled = false;
  #resolve!: (value: undefined) => void;
  #reject!: (error: unknown) => void;

  constructor() {
    this.#promise = new WatchedPromise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    Promise.prototype.then.call(this.#promise, undefined, () => {});
  }

  get promise(): Promise<void> {
    return this.#promise;
  }

  /** Whether anybody has asked to hear how it ends. */
  get isWatched(): boolean {
    return this.#promise.isWatched;
  }

  resolve(): void {
    this.isSettled = true;
    this.#resolve(undefined);
  }

  reject(error: unknown): void {
    this.isSettled = true;
    this.#reject(error);
  }
}
