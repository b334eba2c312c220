import type { Dispatch } from '../host/audience.js';
import { BufferOverflowError } from './errors.js';

/** A dispatch in a reader's buffer, and the sequence to resume from should it not be handled. */
interface Unread {
  readonly dispatch: Dispatch;
  readonly before: number;
  readonly bytes: number;
}

/** So many dispatches, and the bytes of the messages that they came in. */
export interface Amount {
  readonly dispatches: number;
  readonly bytes: number;
}

/** Who holds a reader. */
export interface ReaderOwner {
  /** The buffer is full: whether a dispatch of a name may be kept all the same. */
  hasRoom(name: string): boolean;
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
  readonly #capacity: Amount;
  readonly #owner: ReaderOwner;
  /** Whether anybody has asked for a dispatch, and so is told how it ends. */
  isRead = false;
  #unread: Unread[] = [];
  #unreadBytes = 0;
  /** The highest sequence taken in during this session: what is not above it comes again, for another reader. */
  #last = 0;
  #taken: Unread | null = null;
  #asked: { resolve(result: IteratorResult<Dispatch>): void; reject(error: unknown): void }[] = [];
  #end: { readonly error: unknown } | { readonly error?: never } | null = null;

  /** `names` null means every dispatch. */
  constructor(names: ReadonlySet<string> | null, capacity: Amount, owner: ReaderOwner) {
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

  /**
   * Takes in a dispatch, if it is one of those asked for; false if there is no room for it. Where nothing waits there
   * is, however large it is.
   */
  push(dispatch: Dispatch, before: number, bytes: number): boolean {
    const { name, sequence } = dispatch;
    if (!this.wants(name) || this.#has(dispatch)) return true;
    const unread = { dispatch, before, bytes };
    const asked = this.#asked.shift();
    if (asked) {
      this.#taken = unread;
      this.#last = sequence ?? this.#last;
      asked.resolve({ done: false, value: dispatch });
      return true;
    }
    if (this.exceeds(this.#capacity) && !this.#owner.hasRoom(name)) return false;
    this.#last = sequence ?? this.#last;
    this.#unread.push(unread);
    this.#unreadBytes += bytes;
    return true;
  }

  /** Whether it was there before. RESUMED never was, whatever its number. */
  #has({ name, sequence }: Dispatch): boolean {
    return sequence !== null && sequence <= this.#last && name !== 'RESUMED';
  }

  /** A session begins, after a sequence: what is held from the one before says nothing of how much of it was handled. */
  beginSession(sequence: number): void {
    this.#last = 0;
    this.#unread = this.#unread.map((unread) => ({ ...unread, before: sequence }));
    if (this.#taken !== null) this.#taken = { ...this.#taken, before: sequence };
  }

  /** How many dispatches wait to be read. */
  get waiting(): number {
    return this.#unread.length;
  }

  /** How many bytes had the messages that they came in. */
  get waitingBytes(): number {
    return this.#unreadBytes;
  }

  /** Whether as much waits to be read, by either measure. */
  exceeds({ dispatches, bytes }: Amount): boolean {
    return this.#unread.length >= dispatches || this.#unreadBytes >= bytes;
  }

  /** Whether nothing more is taken in. */
  get hasEnded(): boolean {
    return this.#end !== null;
  }

  /** Ends the iterator once what it holds is read, with an error that says that something is missing. */
  overflow(): void {
    this.finish({ error: new BufferOverflowError(this.#capacity.dispatches, this.#capacity.bytes) });
    this.#owner.read();
  }

  /** Leaves out what waits of these types; how many that were. */
  leaveOut(names: ReadonlySet<string>): number {
    const { length } = this.#unread;
    this.#unread = this.#unread.filter(({ dispatch, bytes }) => {
      const stays = !names.has(dispatch.name);
      if (!stays) this.#unreadBytes -= bytes;
      return stays;
    });
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
    this.#unreadBytes = 0;
    this.#taken = null;
  }

  next(): Promise<IteratorResult<Dispatch>> {
    this.isRead = true;
    this.#taken = null;
    const unread = this.#unread.shift();
    if (unread) {
      this.#unreadBytes -= unread.bytes;
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
