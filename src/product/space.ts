/** Room for very many states: four numbers each, found again by a hash, and where each was come from. */
import type { Joint } from './joint.js';
import { type JointState, QUESTIONS, SOCKETS } from './joint-state.js';

const WORDS = 4;

/** An array of numbers that grows. */
export class Numbers {
  length = 0;
  #numbers: Uint32Array;

  constructor(capacity = 1 << 12) {
    this.#numbers = new Uint32Array(capacity);
  }

  push(number: number): void {
    if (this.length === this.#numbers.length) this.#grow();
    this.#numbers[this.length] = number;
    this.length += 1;
  }

  at(index: number): number {
    return this.#numbers[index] as number;
  }

  #grow(): void {
    const grown = new Uint32Array(Math.ceil(this.#numbers.length * 1.5));
    grown.set(this.#numbers);
    this.#numbers = grown;
  }
}

/** Queues that were met, each with a number. */
class Queues {
  readonly #numbers = new Map<string, number>();
  readonly #queues: string[] = [];

  numberOf(queue: string): number {
    const known = this.#numbers.get(queue);
    if (known !== undefined) return known;
    this.#numbers.set(queue, this.#queues.length);
    this.#queues.push(queue);
    return this.#queues.length - 1;
  }

  at(number: number): string {
    return this.#queues[number] as string;
  }
}

/** The states that were met. */
export class Space {
  readonly #words = new Numbers(1 << 14);
  /** From which state each was met first, and by which move. */
  readonly #parents = new Numbers();
  readonly #moves = new Numbers();
  readonly #queues = new Queues();
  #slots = new Uint32Array(1 << 14);
  readonly #packed: [number, number, number, number] = [0, 0, 0, 0];

  constructor(private readonly joint: Joint) {}

  get size(): number {
    return this.#words.length / WORDS;
  }

  /** The number of a state; a new one if `size` has grown. */
  add(state: JointState, parent: number, move: number): number {
    this.#pack(state);
    const slot = this.#slotOf();
    const known = this.#slots[slot] as number;
    if (known !== 0) return known - 1;
    for (const word of this.#packed) this.#words.push(word);
    this.#parents.push(parent);
    this.#moves.push(move);
    this.#slots[slot] = this.size;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return this.size - 1;
  }

  stateAt(index: number): JointState {
    const bits = this.#words.at(index * WORDS);
    return {
      shard: this.joint.shards.all[bits & 0xffff] as JointState['shard'],
      gateway: this.joint.gateways.all[this.#words.at(index * WORDS + 1)] as JointState['gateway'],
      up: this.#queues.at(this.#words.at(index * WORDS + 2)),
      down: this.#queues.at(this.#words.at(index * WORDS + 3)),
      socket: SOCKETS[(bits >>> 16) & 7] as JointState['socket'],
      isSeated: ((bits >>> 19) & 1) === 1,
      question: QUESTIONS[(bits >>> 20) & 3] as JointState['question'],
      late: QUESTIONS[(bits >>> 22) & 3] as JointState['late'],
      isLateFollowed: ((bits >>> 24) & 1) === 1,
      isDelivered: ((bits >>> 25) & 1) === 1,
      colour: bits >>> 26,
    };
  }

  /** The moves by which a state is reached first. */
  pathTo(index: number): number[] {
    const path: number[] = [];
    for (let at = index; at !== 0; at = this.#parents.at(at)) path.unshift(this.#moves.at(at));
    return path;
  }

  #pack({
    shard,
    gateway,
    up,
    down,
    socket,
    isSeated,
    question,
    late,
    isLateFollowed,
    isDelivered,
    colour,
  }: JointState) {
    if (shard.index > 0xffff || colour > 63) throw new RangeError('The shard has more states than have been foreseen.');
    this.#packed[0] =
      (shard.index |
        (SOCKETS.indexOf(socket) << 16) |
        ((isSeated ? 1 : 0) << 19) |
        (QUESTIONS.indexOf(question) << 20) |
        (QUESTIONS.indexOf(late) << 22) |
        ((isLateFollowed ? 1 : 0) << 24) |
        ((isDelivered ? 1 : 0) << 25) |
        (colour << 26)) >>>
      0;
    this.#packed[1] = gateway.index;
    this.#packed[2] = this.#queues.numberOf(up);
    this.#packed[3] = this.#queues.numberOf(down);
  }

  /** The slot that holds the packed state, or the one to put it in. */
  #slotOf(): number {
    const [a, b, c, d] = this.#packed;
    const last = this.#slots.length - 1;
    for (let slot = hash(a, b, c, d) & last; ; slot = (slot + 1) & last) {
      const at = ((this.#slots[slot] as number) - 1) * WORDS;
      if (at < 0) return slot;
      const words = this.#words;
      if (words.at(at) === a && words.at(at + 1) === b && words.at(at + 2) === c && words.at(at + 3) === d) return slot;
    }
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const last = slots.length - 1;
    for (let index = 0; index < this.size; index += 1) {
      const at = index * WORDS;
      let slot =
        hash(this.#words.at(at), this.#words.at(at + 1), this.#words.at(at + 2), this.#words.at(at + 3)) & last;
      while (slots[slot] !== 0) slot = (slot + 1) & last;
      slots[slot] = index + 1;
    }
    this.#slots = slots;
  }
}

function hash(a: number, b: number, c: number, d: number): number {
  let mixed = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ Math.imul(c, 0xc2b2ae35), 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 13) ^ Math.imul(d, 0x165667b1), 0x9e3779b1);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
