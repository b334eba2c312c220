/** What was seen of a client while a case was played: the wire, what it printed, how it ended. Times in ms, by one clock. */
import { Opcode } from '../../machines/protocol/opcodes.js';
import type { LogEntry } from '../simulator/index.js';
import type { Order, Told } from './control.js';
import { fieldsOf } from './fields.js';

/** Something that was seen, in order. */
export type Item =
  | { readonly at: number; readonly kind: 'wire'; readonly entry: LogEntry }
  /** A line that the client printed, and on which stream. */
  | { readonly at: number; readonly kind: 'line'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  /** What the script did, and how many connections or sessions it reached; null for what is still to happen. */
  | { readonly at: number; readonly kind: 'order'; readonly says: string; readonly reached: number | null }
  /** What the client was ordered to do, and what it tells, over the control channel. */
  | { readonly at: number; readonly kind: 'asked'; readonly order: Order; readonly says: string; readonly id?: number }
  | {
      readonly at: number;
      readonly kind: 'told';
      readonly what: Told;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  /** The end of the process, and whether the runner had asked for it. */
  | { readonly at: number; readonly kind: 'exit'; readonly says: string; readonly isOrdered: boolean };

/** A message that reached the client's user: a line `MSG <id>`. */
export interface Delivery {
  readonly at: number;
  readonly id: string;
}

/** A dispatch of MESSAGE_CREATE on its way. */
export interface SentMessage {
  readonly at: number;
  readonly connection: number;
  readonly id: string;
  readonly sequence: number;
}

/** The time by the clock of the evidence, in ms. */
export const now = (): number => performance.timeOrigin + performance.now();

type OpcodeName = keyof typeof Opcode;

/** Everything that was seen in one case. */
export class Evidence {
  readonly items: Item[] = [];
  /** When watching began in earnest: the first order that is no preparation. */
  struck = Number.POSITIVE_INFINITY;
  /** What the script waited for in vain; null if it went through. */
  stalled: string | null = null;
  /** Faults that were ordered and did not happen. */
  pending: readonly string[] = [];
  /** The case was ended early, since the client was opening connections or identifying without an end. */
  flood: 'sockets' | 'identifies' | null = null;
  /** What the client says it can do. */
  can: readonly Order[] = [];
  /** How long the runner itself was held up at most, in ms: what it saw may have happened so much earlier. */
  lag = 0;
  mainUrl = '';
  token = '';
  interval = 0;

  get began(): number {
    return this.items[0]?.at ?? 0;
  }

  /** Until when it was watched; what the end of the process takes is no part of it. */
  get ended(): number {
    return this.watchedUntil ?? this.items.at(-1)?.at ?? 0;
  }
  watchedUntil: number | null = null;

  /** What crossed the wire, in order; made once for as many items as there are. */
  get wire(): readonly LogEntry[] {
    if (this.#wireOf !== this.items.length) {
      this.#wireOf = this.items.length;
      this.#wire = this.items.flatMap((item) => (item.kind === 'wire' ? [item.entry] : []));
      const grouped = new Map<number, LogEntry[]>();
      for (const entry of this.#wire) {
        const group = grouped.get(entry.connection);
        if (group === undefined) grouped.set(entry.connection, [entry]);
        else group.push(entry);
      }
      this.#byConnection = grouped;
    }
    return this.#wire;
  }
  #wire: readonly LogEntry[] = [];
  #wireOf = 0;
  #byConnection: ReadonlyMap<number, readonly LogEntry[]> = new Map();

  /** What crossed the wire on a connection. */
  of(connection: number): readonly LogEntry[] {
    this.wire;
    return this.#byConnection.get(connection) ?? [];
  }

  /** Messages of a direction with an opcode; of dispatches, with a name. */
  messages(direction: LogEntry['direction'], op: OpcodeName, name?: string): readonly LogEntry[] {
    return this.wire.filter(
      (entry) =>
        entry.direction === direction &&
        entry.kind === 'text' &&
        fieldsOf(entry.payload)['op'] === Opcode[op] &&
        (name === undefined || fieldsOf(entry.payload)['t'] === name),
    );
  }

  get opens(): readonly LogEntry[] {
    return this.wire.filter(({ kind }) => kind === 'open');
  }

  /** Handshakes, refused ones included. */
  get handshakes(): readonly LogEntry[] {
    return this.wire.filter(({ kind }) => kind === 'open' || kind === 'refused');
  }

  get identifies(): readonly LogEntry[] {
    return this.messages('client', 'Identify');
  }

  get resumes(): readonly LogEntry[] {
    return this.messages('client', 'Resume');
  }

  get readies(): readonly LogEntry[] {
    return this.messages('gateway', 'Dispatch', 'READY');
  }

  get resumeds(): readonly LogEntry[] {
    return this.messages('gateway', 'Dispatch', 'RESUMED');
  }

  /** A guild of the newest session; empty before READY. */
  get guild(): string {
    const { d } = fieldsOf(this.readies.at(-1)?.payload);
    const { guilds } = fieldsOf(d);
    return String(fieldsOf(Array.isArray(guilds) ? guilds[0] : undefined)['id'] ?? '');
  }

  /** The end of a connection, close frames and lost connections alike, in order. */
  endsOf(connection: number): readonly LogEntry[] {
    return this.of(connection).filter(({ kind }) => kind === 'close' || kind === 'drop');
  }

  get deliveries(): readonly Delivery[] {
    return this.items.flatMap((item) => {
      const id = item.kind === 'line' && item.stream === 'stdout' ? /^MSG (\S+)/.exec(item.text)?.[1] : undefined;
      return id === undefined ? [] : [{ at: item.at, id }];
    });
  }

  /** What the client was ordered to do, in order. */
  asked(order: Order): readonly Extract<Item, { kind: 'asked' }>[] {
    return this.items.filter(
      (item): item is Extract<Item, { kind: 'asked' }> => item.kind === 'asked' && item.order === order,
    );
  }

  /** What the client told, in order. */
  told(...whats: readonly Told[]): readonly Extract<Item, { kind: 'told' }>[] {
    return this.items.filter(
      (item): item is Extract<Item, { kind: 'told' }> => item.kind === 'told' && whats.includes(item.what),
    );
  }

  get sentMessages(): readonly SentMessage[] {
    return this.messages('gateway', 'Dispatch', 'MESSAGE_CREATE').flatMap(({ at, connection, payload }) => {
      const { s, d } = fieldsOf(payload);
      const { id } = fieldsOf(d);
      return typeof id === 'string' && typeof s === 'number' ? [{ at, connection, id, sequence: s }] : [];
    });
  }

  /** How the process ended of its own; null while it runs, or where it was told to end. */
  get exit(): Extract<Item, { kind: 'exit' }> | null {
    const exit = this.items.find((item) => item.kind === 'exit' && !item.isOrdered);
    return exit?.kind === 'exit' ? exit : null;
  }
}
