/**
 * Room for very many states. Most of what makes a state up has few values: the shard with the socket and what it asked
 * has some thousands, the two queues together as many. Each such part is kept once, and a state is the numbers of its parts.
 */
import type { Joint } from './joint.js';
import { type Draft, QUESTIONS, type Question, SOCKETS, type SocketState } from './joint-state.js';
import { Numbers } from './numbers.js';
import { QUEUES, type Queue } from './queues.js';

/** Pairs of numbers, each with a number of its own below 65,536. */
class Pairs {
  readonly #firsts: number[] = [];
  readonly #seconds: number[] = [];
  readonly #numbers = new Map<number, number>();
  /** A few that were asked for, by the lowest bits of both: the same are asked for again and again. */
  readonly #keys = new Float64Array(1 << RECENT).fill(-1);
  readonly #recent = new Uint16Array(1 << RECENT);

  constructor(private readonly what: string) {}

  numberOf(first: number, second: number): number {
    const key = first * 2 ** 32 + second;
    const slot = (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> (32 - RECENT);
    if (this.#keys[slot] === key) return this.#recent[slot] as number;
    const number = this.#numbers.get(key) ?? this.#new(key, first, second);
    this.#keys[slot] = key;
    this.#recent[slot] = number;
    return number;
  }

  #new(key: number, first: number, second: number): number {
    const number = this.#firsts.length;
    if (number > 0xffff)
      throw new RangeError(
        `there are more than 65,536 ${this.what}, which is what can be told apart: allow fewer messages`,
      );
    this.#firsts.push(first);
    this.#seconds.push(second);
    this.#numbers.set(key, number);
    return number;
  }

  first(number: number): number {
    return this.#firsts[number] as number;
  }

  second(number: number): number {
    return this.#seconds[number] as number;
  }
}

const RECENT = 12;

const numbered = <T extends string>(names: readonly T[]) =>
  Object.fromEntries(names.map((name, at) => [name, at])) as Readonly<Record<T, number>>;
const SOCKET_NUMBERS = numbered(SOCKETS);
const QUESTION_NUMBERS = numbered(QUESTIONS);

/** The most steps that are looked up together. */
export const MOST_STAGED = 256;

/** Of the slots, which are a power of two, this part may be taken. */
const FULLNESS = 0.75;

/** The states that were met, by number, in the order in which they were. */
export class Space {
  /** Two numbers each: which shard and which queues; which Gateway. */
  readonly #words = new Numbers();
  readonly #clients = new Pairs('states of the shard and its socket');
  readonly #queues = new Pairs('queues');
  /** Where a state is found again: its number and one, or 0. */
  #slots = new Uint32Array(1 << 14);
  readonly #lows = new Uint32Array(MOST_STAGED);
  readonly #highs = new Uint32Array(MOST_STAGED);
  readonly #hashes = new Uint32Array(MOST_STAGED);
  /** Their numbers and one, as far as they were found at once. */
  readonly #guesses = new Uint32Array(MOST_STAGED);
  /** How many states are staged. */
  staged = 0;
  size = 0;

  constructor(private readonly joint: Joint) {}

  /** Puts a state with those that are to be looked up together. */
  stage(state: Draft): void {
    const low = this.#lowOf(state);
    const high = state.gateway.index;
    this.#lows[this.staged] = low;
    this.#highs[this.staged] = high;
    this.#hashes[this.staged] = hash(low, high);
    this.staged += 1;
  }

  /** Before the staged states are added: memory is slow, and is asked for all of them at once rather than one by one. */
  prepare(): void {
    while (this.size + this.staged > this.#slots.length * FULLNESS) this.#rehash();
    const last = this.#slots.length - 1;
    for (let at = 0; at < this.staged; at += 1) {
      this.#guesses[at] = this.#slots[(this.#hashes[at] as number) & last] as number;
    }
    for (let at = 0; at < this.staged; at += 1) {
      const guess = this.#guesses[at] as number;
      if (guess !== 0 && !this.#is(guess - 1, this.#lows[at] as number, this.#highs[at] as number))
        this.#guesses[at] = 0;
    }
  }

  /** The number of a staged state; a new one if `size` has grown. */
  add(at: number): number {
    const low = this.#lows[at] as number;
    const high = this.#highs[at] as number;
    const guess = this.#guesses[at] as number;
    if (guess !== 0) return guess - 1;
    const last = this.#slots.length - 1;
    for (let slot = (this.#hashes[at] as number) & last; ; slot = (slot + 1) & last) {
      const known = this.#slots[slot] as number;
      if (known === 0) {
        this.#words.push(low);
        this.#words.push(high);
        this.size += 1;
        this.#slots[slot] = this.size;
        return this.size - 1;
      }
      if (this.#is(known - 1, low, high)) return known - 1;
    }
  }

  /** Whether a state is the one of this number. */
  isAt(index: number, state: Draft): boolean {
    return this.#is(index, this.#lowOf(state), state.gateway.index);
  }

  #is(index: number, low: number, high: number): boolean {
    return this.#words.at(2 * index) === low && this.#words.at(2 * index + 1) === high;
  }

  /** Makes a draft the state of this number. */
  load(index: number, draft: Draft): void {
    const low = this.#words.at(2 * index);
    const client = low & 0xffff;
    const bits = this.#clients.second(client);
    draft.shard = this.joint.shards.all[this.#clients.first(client)] as Draft['shard'];
    draft.gateway = this.joint.gateways.all[this.#words.at(2 * index + 1)] as Draft['gateway'];
    draft.up = QUEUES[this.#queues.first(low >>> 16)] as Queue;
    draft.down = QUEUES[this.#queues.second(low >>> 16)] as Queue;
    draft.socket = SOCKETS[bits & 7] as SocketState;
    draft.isSeated = (bits & 8) !== 0;
    draft.question = QUESTIONS[(bits >>> 4) & 3] as Question;
    draft.late = QUESTIONS[(bits >>> 6) & 3] as Question;
    draft.isLateFollowed = (bits & 0x100) !== 0;
    draft.isDelivered = (bits & 0x200) !== 0;
    draft.colour = (bits >>> 10) & 63;
    draft.aside = bits >>> 16;
  }

  #lowOf(state: Draft): number {
    const { shard, up, down, socket, isSeated, question, late, isLateFollowed, isDelivered, colour, aside } = state;
    if (colour > 63) throw new RangeError('There are more sequences than have been foreseen.');
    const bits =
      SOCKET_NUMBERS[socket] |
      (isSeated ? 8 : 0) |
      (QUESTION_NUMBERS[question] << 4) |
      (QUESTION_NUMBERS[late] << 6) |
      (isLateFollowed ? 0x100 : 0) |
      (isDelivered ? 0x200 : 0) |
      (colour << 10) |
      (aside << 16);
    const client = this.#clients.numberOf(shard.index, bits);
    return (client | (this.#queues.numberOf(up.index, down.index) << 16)) >>> 0;
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const last = slots.length - 1;
    for (let index = 0; index < this.size; index += 1) {
      let slot = hash(this.#words.at(2 * index), this.#words.at(2 * index + 1)) & last;
      while (slots[slot] !== 0) slot = (slot + 1) & last;
      slots[slot] = index + 1;
    }
    this.#slots = slots;
  }
}

function hash(low: number, high: number): number {
  let mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x9e3779b1);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
