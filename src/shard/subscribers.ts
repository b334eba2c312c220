import type { Audience, Dispatch, DispatchHead, RawMessage } from '../host/audience.js';
import type { Wanted } from '../wire/decode.js';
import { Backlog, type BacklogHost } from './backlog.js';
import type { DispatchReader } from './dispatches.js';
import { Listeners } from './listeners.js';
import type { ShardSettings } from './options.js';

/** Who gets the dispatches of one shard: its listeners and its iterators. The decoder asks it directly what is wanted. */
export class Subscribers implements Audience, Wanted {
  readonly wanted: Wanted = this;
  readonly listeners = new Listeners();
  readonly #settings: ShardSettings;
  /** Made for the first iterator. */
  #backlog: Backlog | null = null;
  /** Whose answers are parsed too, and taken, also where the shard is not for these dispatches. */
  requests: { wants(name: string): boolean; take(name: string, data: unknown): void } | null = null;
  /** The last sequence delivered, or from which a session is to be resumed. */
  #received = 0;
  /** The highest sequence in the session that listeners were given. */
  #heard = 0;
  /** The sequence before the dispatch that listeners are told of right now. */
  #before: number | null = null;

  constructor(settings: ShardSettings) {
    this.#settings = settings;
  }

  /** Without `events`: what no listener and no iterator wants is not parsed. */
  all(): boolean {
    return this.#settings.events === null && this.#wantAll;
  }

  has(name: string): boolean {
    if (this.requests?.wants(name)) return true;
    if (!this.#isFor(name)) return false;
    return this.listeners.has(name) || (this.#backlog?.wants(name) ?? false) || this.#wantAll;
  }

  answered(name: string, data: unknown, sequence: number | null): void {
    if (this.#isNew({ name, sequence })) this.requests?.take(name, data);
  }

  dispatch(dispatch: Dispatch, message: RawMessage): void {
    const { name, sequence, replayed, session } = dispatch;
    const isNew = this.#isNew(dispatch);
    const before = this.#count(dispatch);
    this.#before = before;
    if (isNew && this.listeners.has('raw')) this.listeners.call('raw', message, { name, sequence, replayed, session });
    if (this.#backlog?.push(dispatch, before, message.length)) this.#received = before;
    if (isNew) this.#tell(dispatch);
    this.#before = null;
  }

  #tell(dispatch: Dispatch): void {
    const { name, data, sequence, replayed, session } = dispatch;
    if (this.listeners.has(name)) this.listeners.call(name, data, { sequence, replayed, session });
    this.listeners.call('dispatch', dispatch);
  }

  /** Its data is not wanted, which may be since the shard is not for it. */
  skipped(head: DispatchHead, message: RawMessage): void {
    const isNew = this.#isNew(head);
    this.#before = this.#count(head);
    if (isNew && this.#isFor(head.name)) this.listeners.call('raw', message, head);
    this.#before = null;
  }

  /** A new iterator, over the dispatches of some names or over all (null). */
  reader(names: ReadonlySet<string> | null, host: BacklogHost): DispatchReader {
    const { buffer, bufferBytes, overflow } = this.#settings;
    this.#backlog ??= new Backlog({ dispatches: buffer, bytes: bufferBytes }, overflow, host);
    return this.#backlog.reader(names);
  }

  /** A run begins after a sequence: that of a session that was kept, since what is replayed comes after it. */
  beginAfter(sequence: number): void {
    this.#received = sequence;
    this.#heard = Math.max(this.#heard, sequence);
  }

  /** Ends all iterators once what they hold is read. */
  finish(end: { readonly error?: unknown }): void {
    this.#backlog?.finish(end);
  }

  /** Ends all iterators at once. */
  abandon(): void {
    this.#backlog?.abandon();
  }

  /** The sequence before the oldest dispatch that is not handled; `sequence` if all are. */
  handledUpTo(sequence: number): number {
    const delivered = Math.min(sequence, this.#before ?? sequence);
    return this.#backlog?.handledUpTo(delivered) ?? delivered;
  }

  /** Whether an iterator that has not ended is read, so that its reader is told how it ends. */
  get isRead(): boolean {
    return this.#backlog?.isRead ?? false;
  }

  get #wantAll(): boolean {
    return this.listeners.has('dispatch') || (this.#backlog?.wantsAll ?? false);
  }

  #isFor(name: string): boolean {
    return this.#settings.events?.has(name) ?? true;
  }

  /** Whether listeners have not had it: what is replayed may come for an iterator alone. */
  #isNew({ name, sequence }: Pick<DispatchHead, 'name' | 'sequence'>): boolean {
    return sequence === null || sequence > this.#heard || name === 'READY' || name === 'RESUMED';
  }

  /** Counts a dispatch as received; the sequence before it. */
  #count({ name, sequence }: DispatchHead): number {
    if (name === 'READY') return this.#begin(sequence ?? 0);
    if (name === 'RESUMED') this.#backlog?.endReplay();
    const before = this.#received;
    if (sequence !== null) {
      this.#received = Math.max(before, sequence);
      this.#heard = Math.max(this.#heard, sequence);
    }
    return before;
  }

  /** READY is not replayed, whoever missed it. */
  #begin(sequence: number): number {
    this.#backlog?.beginSession(sequence);
    this.#received = sequence;
    this.#heard = sequence;
    return sequence;
  }
}
