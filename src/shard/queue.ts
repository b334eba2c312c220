/** Commands that wait to be sent, in a bounded queue with a policy. */
import { Opcode } from '../../machines/client.js';
import { demandShape, type Fields, oneOf, type Rule, wholeNumber } from '../../machines/kit/shape.js';
import type { OutgoingPayload } from '../ports/index.js';

/**
 * What gives way in the queue. With `coalesce` a newer presence, or voice state of the same guild, takes the place of the
 * one that waits; whatever else finds no room is rejected. With `rejectNewest` whatever finds no room is rejected, with
 * `dropOldest` the command that has waited longest.
 */
export type QueuePolicy = 'coalesce' | 'rejectNewest' | 'dropOldest';

/** The queue of commands. */
export interface QueueOptions {
  /** Commands that may wait: 1,000 unless told. */
  readonly size?: number;
  /** `coalesce` unless told. */
  readonly policy?: QueuePolicy;
}

const FIELDS: Fields = {
  fields: {
    size: wholeNumber('a whole number above 0', 1),
    policy: oneOf('coalesce', 'rejectNewest', 'dropOldest'),
  },
};

/** What the option `queue` must be; `queueFrom` checks its fields. */
export const QUEUE: Rule = {
  says: "false or an object, such as { size: 1000, policy: 'coalesce' }",
  holds: (value) => value === false || (typeof value === 'object' && value !== null),
};

const DEFAULTS: Required<QueueOptions> = { size: 1_000, policy: 'coalesce' };

/** The option with what it leaves out; null for no queue. Throws a `TypeError` or `RangeError` for what cannot be. */
export function queueFrom(queue: QueueOptions | false | undefined): Required<QueueOptions> | null {
  if (queue === false) return null;
  if (queue === undefined) return DEFAULTS;
  demandShape('queue', queue, FIELDS);
  return { size: queue.size ?? DEFAULTS.size, policy: queue.policy ?? DEFAULTS.policy };
}

/** A command that gives way to another, or to those that wait already. */
export interface GivesWay<C> {
  readonly command: C;
  readonly outcome: 'superseded' | 'dropped' | 'queueFull';
}

/** A queue of commands, those of voice first. */
export class CommandQueue<C extends { readonly payload: OutgoingPayload }> {
  readonly #size: number;
  readonly #policy: QueuePolicy;
  readonly #voice = new Map<unknown, C>();
  readonly #user = new Map<unknown, C>();

  constructor({ size, policy }: Required<QueueOptions>) {
    this.#size = size;
    this.#policy = policy;
  }

  get length(): number {
    return this.#voice.size + this.#user.size;
  }

  /** In the order in which they are to be sent. What is removed meanwhile is passed over. */
  *[Symbol.iterator](): Generator<C> {
    yield* this.#voice.values();
    yield* this.#user.values();
  }

  /** Adds a command; returns the one that gives way, if one has to, which may be this one. */
  add(command: C): GivesWay<C> | null {
    const lane = this.#laneOf(command);
    const key = this.#keyOf(command);
    const older = lane.get(key);
    if (older === undefined && this.length >= this.#size) {
      if (this.#policy !== 'dropOldest') return { command, outcome: 'queueFull' };
      const [oldest = command] = [...this.#user.values(), ...this.#voice.values()];
      this.delete(oldest);
      lane.set(key, command);
      return { command: oldest, outcome: 'dropped' };
    }
    lane.set(key, command); // in the place of the older one, if there is one
    return older === undefined ? null : { command: older, outcome: 'superseded' };
  }

  delete(command: C): void {
    const lane = this.#laneOf(command);
    const key = this.#keyOf(command);
    if (lane.get(key) === command) lane.delete(key);
  }

  #laneOf({ payload }: C): Map<unknown, C> {
    return payload.lane === 'voice' ? this.#voice : this.#user;
  }

  /** Commands of the same key supersede each other. */
  #keyOf(command: C): unknown {
    const { op, data } = command.payload;
    if (this.#policy !== 'coalesce') return command;
    if (op === Opcode.PresenceUpdate) return op;
    const guild = op === Opcode.VoiceStateUpdate ? (data as { guild_id?: unknown } | null)?.guild_id : undefined;
    return typeof guild === 'string' ? guild : command;
  }
}
