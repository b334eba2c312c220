import type { Dispatch } from '../host/host.js';
import { BufferOverflowError } from './errors.js';

/** A dispatch in a reader's buffer, and the sequence to resume from should it not be handled. */
interface Unread {
  readonly dispatch: Dispatch;
  readonly before: number;
}

/**
 * Dispatches as an async iterator, with a bounded buffer. A dispatch counts as handled once the next one was asked for,
 * or the iterator was left.
 */
export class DispatchReader implements AsyncIterableIterator<Dispatch> {
  readonly #names: ReadonlySet<string> | null;
  readonly #capacity: number;
  readonly #onEnd: (reader: DispatchReader) => void;
  #unread: Unread[] = [];
  #taken: Unread | null = null;
  #asked: { resolve(result: IteratorResult<Dispatch>): void; reject(error: unknown): void }[] = [];
  #end: { readonly error: unknown } | { readonly error?: never } | null = null;

  /** `names` null means every dispatch. */
  constructor(names: ReadonlySet<string> | null, capacity: number, onEnd: (reader: DispatchReader) => void) {
    this.#names = names;
    this.#capacity = capacity;
    this.#onEnd = onEnd;
  }

  /** Takes in a dispatch, if it is one of those asked for. */
  push(dispatch: Dispatch, before: number): void {
    if (this.#end || (this.#names && !this.#names.has(dispatch.name))) return;
    const unread = { dispatch, before };
    const asked = this.#asked.shift();
    if (asked) {
      this.#taken = unread;
      asked.resolve({ done: false, value: dispatch });
    } else if (this.#unread.length < this.#capacity) {
      this.#unread.push(unread);
    } else {
      this.finish({ error: new BufferOverflowError(this.#capacity) });
    }
  }

  /** The sequence before the oldest dispatch that is not handled; null if all are. */
  get handledUpTo(): number | null {
    return (this.#taken ?? this.#unread[0])?.before ?? null;
  }

  /** Ends the iterator once what it holds is read: with an error, or quietly. */
  finish(end: { readonly error?: unknown } = {}): void {
    if (this.#end) return;
    this.#end = end;
    for (const asked of this.#asked.splice(0)) this.#settle(asked);
  }

  /** Ends the iterator at once; what it holds is for the next shard. */
  abandon(): void {
    this.finish();
    this.#unread = [];
    this.#taken = null;
  }

  next(): Promise<IteratorResult<Dispatch>> {
    this.#taken = null;
    const unread = this.#unread.shift();
    if (unread) {
      this.#taken = unread;
      return Promise.resolve({ done: false, value: unread.dispatch });
    }
    return new Promise((resolve, reject) => {
      const asked = { resolve, reject };
      if (this.#end) this.#settle(asked);
      else this.#asked.push(asked);
    });
  }

  return(): Promise<IteratorResult<Dispatch>> {
    this.abandon();
    this.#onEnd(this);
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Answers after the end: an error is told once. */
  #settle({
    resolve,
    reject,
  }: {
    resolve(result: IteratorResult<Dispatch>): void;
    reject(error: unknown): void;
  }): void {
    const { error } = this.#end ?? {};
    this.#end = {};
    this.#onEnd(this);
    if (error === undefined) resolve({ done: true, value: undefined });
    else reject(error);
  }
}
