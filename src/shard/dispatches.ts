import type { Dispatch } from '../host/host.js';
import { BufferOverflowError } from './errors.js';

/** A dispatch in a reader's buffer, and the sequence to resume from should it not be handled. */
interface Unread {
  readonly dispatch: Dispatch;
  readonly before: number;
}

/** Who holds a reader. */
export interface ReaderOwner {
  /** The buffer is full: whether a dispatch may be kept all the same. */
  hasRoom(): boolean;
  /** Something was taken. */
  read(): void;
  /** Nothing more comes and nothing is held. */
  ended(): void;
}

/**
 * Dispatches as an async iterator, with a bounded buffer. A dispatch counts as handled once the next one was asked for,
 * or the iterator was left.
 */
export class DispatchReader implements AsyncIterableIterator<Dispatch> {
  readonly #names: ReadonlySet<string> | null;
  readonly #capacity: number;
  readonly #owner: ReaderOwner;
  /** Whether anybody has asked for a dispatch, and so is told how it ends. */
  isRead = false;
  #unread: Unread[] = [];
  #taken: Unread | null = null;
  #asked: { resolve(result: IteratorResult<Dispatch>): void; reject(error: unknown): void }[] = [];
  #end: { readonly error: unknown } | { readonly error?: never } | null = null;

  /** `names` null means every dispatch. */
  constructor(names: ReadonlySet<string> | null, capacity: number, owner: ReaderOwner) {
    this.#names = names;
    this.#capacity = capacity;
    this.#owner = owner;
  }

  /** Whether it takes every dispatch. */
  get wantsAll(): boolean {
    return this.#names === null && this.#end === null;
  }

  /** Whether it takes dispatches of a name. */
  wants(name: string): boolean {
    return this.#end === null && (this.#names === null || this.#names.has(name));
  }

  /** Takes in a dispatch, if it is one of those asked for; false if there is no room for it. */
  push(dispatch: Dispatch, before: number): boolean {
    if (!this.wants(dispatch.name)) return true;
    const unread = { dispatch, before };
    const asked = this.#asked.shift();
    if (asked) {
      this.#taken = unread;
      asked.resolve({ done: false, value: dispatch });
      return true;
    }
    if (this.#unread.length >= this.#capacity && !this.#owner.hasRoom()) return false;
    this.#unread.push(unread);
    return true;
  }

  /** How many dispatches wait to be read. */
  get waiting(): number {
    return this.#unread.length;
  }

  /** Whether nothing more is taken in. */
  get hasEnded(): boolean {
    return this.#end !== null;
  }

  /** Ends the iterator once what it holds is read, with an error that says that something is missing. */
  overflow(): void {
    this.finish({ error: new BufferOverflowError(this.#capacity) });
    this.#owner.read();
  }

  /** Leaves out what waits of these types; how many that were. */
  leaveOut(names: ReadonlySet<string>): number {
    const { length } = this.#unread;
    this.#unread = this.#unread.filter(({ dispatch }) => !names.has(dispatch.name));
    return length - this.#unread.length;
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
    this.isRead = true;
    this.#taken = null;
    const unread = this.#unread.shift();
    if (unread) {
      this.#taken = unread;
      this.#owner.read();
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
    this.#owner.ended();
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
    this.#owner.ended();
    if (error === undefined) resolve({ done: true, value: undefined });
    else reject(error);
  }
}
