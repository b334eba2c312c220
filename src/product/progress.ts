/** Whether the product gets on: questions about all of its states at once. */
import type { Numbers } from './numbers.js';

/** The edges of every state, in the order of the states that they leave. */
export interface Graph {
  readonly edges: Numbers;
  /** Where the edges of each state begin, and one number more: where the last end. */
  readonly starts: Numbers;
}

/** An edge is the state that it leads to, and one mark. */
export const packEdge = (to: number, isMarked: boolean): number => ((to << 1) | (isMarked ? 1 : 0)) >>> 0;
export const targetOf = (edge: number): number => edge >>> 1;

export const isMarked = (edge: number): boolean => (edge & 1) !== 0;

/** The most states whose edges can be packed. */
export const MOST_STATES = 2 ** 31;

/** The first state that is no goal and has no edge, if there is one. */
export function firstDeadlock({ starts }: Graph, goals: Uint8Array): number | undefined {
  for (let state = 0; state < goals.length; state += 1) {
    if (goals[state] === 0 && starts.at(state) === starts.at(state + 1)) return state;
  }
  return undefined;
}

/** A way round: the state it begins and ends in, and the states between. */
export type Cycle = readonly number[];

/** A cycle with a marked edge, of marked edges only or of any; the first that is found, if there is one. */
export function findCycle(graph: Graph, count: number, isAllMarked: boolean): Cycle | undefined {
  const { edges, starts } = graph;
  const within = isAllMarked ? 1 : 0;
  const components = new Components(graph, count, { within }).find();
  for (let state = 0; state < count; state += 1) {
    for (let at = starts.at(state); at < starts.at(state + 1); at += 1) {
      const edge = edges.at(at);
      const to = targetOf(edge);
      if ((edge & 1) !== 0 && components[to] === components[state]) {
        const isInside = (next: number) => components[next] === components[state];
        return [state, ...wayBetween(graph, isInside, { from: to, to: state, within })];
      }
    }
  }
  return undefined;
}

/** The shortest way from one state to another through some of the states. */
export function wayBetween(
  { edges, starts }: Graph,
  isInside: (state: number) => boolean,
  { from, to, within = 0 }: { readonly from: number; readonly to: number; readonly within?: number },
): number[] {
  const came = new Map<number, number>([[from, from]]);
  const queue = [from];
  for (const state of queue) {
    if (state === to) break;
    for (let at = starts.at(state); at < starts.at(state + 1); at += 1) {
      const next = targetOf(edges.at(at));
      if ((edges.at(at) & within) !== within || !isInside(next) || came.has(next)) continue;
      came.set(next, state);
      queue.push(next);
    }
  }
  const way = [to];
  for (let state = to; state !== from; ) {
    state = came.get(state) as number;
    way.unshift(state);
  }
  return way;
}

/** What is found of the ways to the goals. */
export interface Reach {
  /** The first state from which no goal can be reached. */
  readonly stuck: number | undefined;
  /** States that can be gone round for ever without a goal; those of the first component that `isWanted`. */
  readonly round: readonly number[] | undefined;
}

/** Whether the goals can be reached, and whether they can be missed for ever. */
export function reachOf(graph: Graph, goals: Uint8Array, isWanted: (round: readonly number[]) => boolean): Reach {
  const reaching = Uint8Array.from(goals);
  let round: readonly number[] | undefined;
  const onRound = (members: readonly number[]) => {
    if (round !== undefined && leastOf(round) < leastOf(members)) return;
    if (isWanted(members)) round = members;
  };
  new Components(graph, goals.length, { avoided: goals, reaching, onRound }).find();
  const stuck = reaching.indexOf(0);
  return { stuck: stuck === -1 ? undefined : stuck, round };
}

const leastOf = (states: readonly number[]): number => states.reduce((least, state) => Math.min(least, state));

interface Asked {
  /** 1 if only marked edges count. */
  readonly within?: number;
  /** States that do not count. */
  readonly avoided?: Uint8Array;
  /** 1 for the states from which others are to be reached; in the end, for all that reach one. */
  readonly reaching?: Uint8Array;
  /** Hears of each component that has a way round. */
  readonly onRound?: (members: readonly number[]) => void;
}

/**
 * The strongly connected components, by D. J. Pearce's form of Tarjan's algorithm ("A Space-Efficient Algorithm for
 * Finding Strongly Connected Components", 2016): one number for each state, and no recursion.
 */
class Components {
  /** By state: 0 before it is visited, then when it was, at last its component, which is the greater. */
  readonly #numbers: Uint32Array;
  readonly #open: number[] = [];
  readonly #calls: number[] = [];
  /** By call: which edge is looked at, and whether the state may be the first of its component. */
  readonly #ats: number[] = [];
  readonly #isFirst: boolean[] = [];
  readonly #within: number;
  readonly #avoided: Uint8Array | undefined;
  readonly #reaching: Uint8Array | undefined;
  readonly #onRound: Asked['onRound'];
  #visited = 1;
  #component = 2 ** 32 - 1;

  constructor(
    private readonly graph: Graph,
    count: number,
    { within = 0, avoided, reaching, onRound }: Asked,
  ) {
    this.#numbers = new Uint32Array(count);
    this.#within = within;
    this.#avoided = avoided;
    this.#reaching = reaching;
    this.#onRound = onRound;
  }

  find(): Uint32Array {
    const numbers = this.#numbers;
    for (let state = 0; state < numbers.length; state += 1) {
      if (numbers[state] === 0 && !this.#isAvoided(state)) this.#visit(state);
    }
    return numbers;
  }

  #isAvoided(state: number): boolean {
    return this.#avoided !== undefined && this.#avoided[state] !== 0;
  }

  #visit(root: number): void {
    const { edges, starts } = this.graph;
    const numbers = this.#numbers;
    this.#enter(root);
    while (this.#calls.length > 0) {
      const top = this.#calls.length - 1;
      const state = this.#calls[top] as number;
      const at = this.#ats[top] as number;
      if (at === starts.at(state + 1)) {
        this.#leave(state);
        continue;
      }
      const edge = edges.at(at);
      const to = targetOf(edge);
      if (this.#reaching !== undefined && this.#reaching[to] !== 0) this.#reaching[state] = 1;
      if ((edge & this.#within) === this.#within && !this.#isAvoided(to)) {
        if (numbers[to] === 0) {
          this.#enter(to); // and is back at this edge then
          continue;
        }
        if ((numbers[to] as number) < (numbers[state] as number)) {
          numbers[state] = numbers[to] as number;
          this.#isFirst[top] = false;
        }
      }
      this.#ats[top] = at + 1;
    }
  }

  #enter(state: number): void {
    this.#numbers[state] = this.#visited;
    this.#visited += 1;
    this.#calls.push(state);
    this.#ats.push(this.graph.starts.at(state));
    this.#isFirst.push(true);
  }

  #leave(state: number): void {
    this.#calls.pop();
    this.#ats.pop();
    const isFirst = this.#isFirst.pop() as boolean;
    this.#open.push(state);
    if (isFirst) this.#close(state);
  }

  /** The component whose first state this is stands at the end of the open states. */
  #close(first: number): void {
    const numbers = this.#numbers;
    const visited = numbers[first] as number;
    let count = 0;
    let reaches = 0;
    while (count < this.#open.length && (numbers[this.#openAt(count)] as number) >= visited) {
      if (this.#reaching !== undefined) reaches |= this.#reaching[this.#openAt(count)] as number;
      count += 1;
    }
    const hasRound = this.#onRound !== undefined && (count > 1 || this.#hasLoop(first));
    const members: number[] = [];
    this.#visited -= count;
    for (; count > 0; count -= 1) {
      const member = this.#open.pop() as number;
      numbers[member] = this.#component;
      if (reaches !== 0 && this.#reaching !== undefined) this.#reaching[member] = 1;
      if (hasRound) members.push(member);
    }
    this.#component -= 1;
    if (hasRound) this.#onRound?.(members);
  }

  #openAt(fromEnd: number): number {
    return this.#open[this.#open.length - 1 - fromEnd] as number;
  }

  #hasLoop(state: number): boolean {
    const { edges, starts } = this.graph;
    for (let at = starts.at(state); at < starts.at(state + 1); at += 1)
      if (targetOf(edges.at(at)) === state) return true;
    return false;
  }
}
