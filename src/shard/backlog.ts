/**
 * What was received and nobody has taken yet. It is bounded: when an iterator's buffer is full, reading is paused where
 * the socket can, and where it cannot, or the pause is over, the policy says what becomes of dispatches without room.
 * With `resume` it is the replay buffer of the Gateway that takes them.
 */
import type { Dispatch } from '../host/audience.js';
import { type Amount, DispatchReader } from './dispatches.js';

/**
 * What becomes of a dispatch that finds no room in an iterator's buffer: `fail` ends that iterator with a
 * `BufferOverflowError`, `drop` leaves the dispatch out, and `{ drop: [names] }` leaves out those of these types, waiting
 * ones too, and fails when there are none. With `resume` the shard leaves the connection until half of the buffer is
 * read, 60 s at most, and resumes the session, which brings the dispatch again.
 */
export type Overflow = 'fail' | 'drop' | 'resume' | { readonly drop: readonly string[] };

/** How full the buffers of iterators are. */
export interface BacklogNews {
  /** True once a buffer is full, false once all are half empty again. */
  readonly full: boolean;
  /** Unread dispatches in the fullest buffer. */
  readonly waiting: number;
  /** Bytes of the messages that unread dispatches came in, in the buffer where they are the most. */
  readonly waitingBytes: number;
  /** Dispatches left out since it was full. */
  readonly dropped: number;
}

/** Who is asked, and hears of it. */
export interface BacklogHost {
  /** Pauses reading, if that may be; whether it is paused now. */
  pause(): boolean;
  resume(): void;
  /**
   * Leaves the connection until there is room, and has all that comes after a sequence replayed; false where nothing
   * would be, for want of a session.
   */
  leave(sequence: number): boolean;
  /** The session ended before all was replayed for which the connection was left. */
  missing(): void;
  news(news: BacklogNews): void;
  /** The first dispatch since the buffer was full is left out. */
  dropping(): void;
}

/** While reading is paused, this much still comes out of buffers below and is kept. */
const STILL_COMING: Amount = { dispatches: 10_000, bytes: 32 << 20 };

const NONE: readonly DispatchReader[] = [];

/** The iterators of one shard. */
export class Backlog {
  readonly #capacity: Amount;
  readonly #half: Amount;
  readonly #whilePaused: Amount;
  readonly #overflow: Overflow;
  readonly #host: BacklogHost;
  #readers: readonly DispatchReader[] = NONE;
  #isFull = false;
  #dropped = 0;
  /** Whether something is to come again. */
  #isOwed = false;

  constructor(capacity: Amount, overflow: Overflow, host: BacklogHost) {
    this.#capacity = capacity;
    this.#half = { dispatches: Math.floor(capacity.dispatches / 2) + 1, bytes: Math.floor(capacity.bytes / 2) + 1 };
    this.#whilePaused = {
      dispatches: capacity.dispatches + STILL_COMING.dispatches,
      bytes: capacity.bytes + STILL_COMING.bytes,
    };
    this.#overflow = overflow;
    this.#host = host;
  }

  /** A new iterator; `names` null means every dispatch. */
  reader(names: ReadonlySet<string> | null): DispatchReader {
    const reader: DispatchReader = new DispatchReader(names, this.#capacity, {
      hasRoom: (name) =>
        (this.#full() || (this.#overflow === 'resume' && name === 'READY')) && !reader.exceeds(this.#whilePaused),
      read: () => this.#read(),
      ended: () => {
        this.#readers = this.#readers.filter((each) => each !== reader);
        this.#read();
      },
    });
    this.#readers = [...this.#readers, reader];
    return reader;
  }

  /** Whether somebody reads an iterator that has not ended, and so is told how it ends. */
  get isRead(): boolean {
    return this.#readers.some(({ isRead, hasEnded }) => isRead && !hasEnded);
  }

  /** Whether an iterator takes every dispatch. */
  get wantsAll(): boolean {
    for (const { wantsAll } of this.#readers) if (wantsAll) return true;
    return false;
  }

  /** Whether an iterator takes dispatches of a name. */
  wants(name: string): boolean {
    for (const reader of this.#readers) if (reader.wants(name)) return true;
    return false;
  }

  /**
   * Hands a dispatch to every iterator that wants it; `before` is the sequence to resume from should it not be handled,
   * `bytes` the size of the message that it came in. Whether the connection is left, and the dispatch is to come again.
   */
  push(dispatch: Dispatch, before: number, bytes: number): boolean {
    let withoutRoom = 0;
    for (const reader of this.#readers) {
      if (!reader.push(dispatch, before, bytes)) {
        if (this.#overflow === 'resume') withoutRoom += 1;
        else this.#overflowed(reader, this.#overflow, dispatch, before, bytes);
      } else if (!reader.hasEnded && reader.exceeds(this.#capacity)) this.#full();
    }
    if (withoutRoom === 0) return false;
    const comesAgain = dispatch.sequence !== null && dispatch.sequence > before && before > 0;
    if (comesAgain && this.#host.leave(before)) {
      this.#isOwed = true;
      return true;
    }
    this.#drop(withoutRoom);
    return false;
  }

  /** READY, with a sequence: what the session before has not brought again never comes. */
  beginSession(sequence: number): void {
    for (const reader of this.#readers) reader.beginSession(sequence);
    if (this.#isOwed) this.#host.missing();
    this.#isOwed = false;
  }

  /** RESUMED: all has come. */
  endReplay(): void {
    this.#isOwed = false;
  }

  /** The sequence before the oldest dispatch that is not handled; `sequence` if all are. */
  handledUpTo(sequence: number): number {
    return Math.min(sequence, ...this.#readers.map(({ handledUpTo }) => handledUpTo ?? sequence));
  }

  /** Ends all iterators once what they hold is read. */
  finish(end: { readonly error?: unknown }): void {
    for (const reader of this.#readers) reader.finish(end);
  }

  /** Ends all iterators at once; what they hold is for the next shard. */
  abandon(): void {
    for (const reader of this.#readers) reader.abandon();
    this.#readers = NONE;
  }

  #overflowed(
    reader: DispatchReader,
    overflow: Exclude<Overflow, 'resume'>,
    dispatch: Dispatch,
    before: number,
    bytes: number,
  ): void {
    const droppable = new Set(typeof overflow === 'string' ? [] : overflow.drop);
    if (overflow === 'drop' || droppable.has(dispatch.name)) {
      this.#drop(1);
      return;
    }
    const freed = reader.leaveOut(droppable);
    this.#drop(freed);
    if (freed === 0 || !reader.push(dispatch, before, bytes)) reader.overflow();
  }

  #drop(count: number): void {
    if (this.#dropped === 0 && count > 0) this.#host.dropping();
    this.#dropped += count;
  }

  /** Whether reading is paused, now that a buffer is full. */
  #full(): boolean {
    if (!this.#isFull) {
      this.#isFull = true;
      this.#dropped = 0;
      this.#tell(0);
    }
    return this.#host.pause();
  }

  #read(): void {
    if (!this.#isFull || this.#readers.some((reader) => !reader.hasEnded && reader.exceeds(this.#half))) return;
    this.#isFull = false;
    this.#host.resume();
    this.#tell(this.#dropped);
  }

  #tell(dropped: number): void {
    const open = this.#readers.filter(({ hasEnded }) => !hasEnded);
    const waiting = Math.max(0, ...open.map((reader) => reader.waiting));
    const waitingBytes = Math.max(0, ...open.map((reader) => reader.waitingBytes));
    this.#host.news({ full: this.#isFull, waiting, waitingBytes, dropped });
  }
}
