/** Whether the product gets on: questions about all of its states at once. */
import type { Numbers } from './space.js';

/** What an edge is, beside the state that it leads to. */
export const NOW = 1;
export const LATER = 2;
export const UNDELAYED = 4;
export const OPENS = 8;

/** The edges that count for progress, in the order of the states that they leave; four bits are marks. */
export interface Edges {
  readonly edges: Numbers;
  /** Where the edges of each state begin. */
  readonly starts: Numbers;
  /** The states where all is well, one bit each. */
  readonly goals: Uint8Array;
}

export const packEdge = (to: number, marks: number): number => ((to << 4) | marks) >>> 0;
const targetOf = (edge: number): number => edge >>> 4;

/** The most states whose edges can be packed. */
export const MOST_STATES = 2 ** 28;

/** The first state in which nothing goes on by itself, if there is one. */
export function firstDeadlock({ edges, starts, goals }: Edges): number | undefined {
  for (let state = 0; state < goals.length; state += 1) {
    if (goals[state] === 0 && !hasMarked(edges, starts, state, NOW | LATER)) return state;
  }
  return undefined;
}

/** The first state from which no undisturbed run comes to a goal: what goes on at once is not kept waiting for timers. */
export function firstStuck({ edges, starts, goals }: Edges): number | undefined {
  const reaching = Uint8Array.from(goals);
  for (let grows = true; grows; ) {
    grows = false;
    for (let state = goals.length - 1; state >= 0; state -= 1) {
      if (reaching[state] !== 0) continue;
      const mark = hasMarked(edges, starts, state, NOW) ? NOW : LATER;
      for (let at = starts.at(state); at < starts.at(state + 1); at += 1) {
        const edge = edges.at(at);
        if ((edge & mark) === 0 || reaching[targetOf(edge)] === 0) continue;
        reaching[state] = 1;
        grows = true;
        break;
      }
    }
  }
  const stuck = reaching.indexOf(0);
  return stuck === -1 ? undefined : stuck;
}

function hasMarked(edges: Numbers, starts: Numbers, state: number, mark: number): boolean {
  for (let at = starts.at(state); at < starts.at(state + 1); at += 1) if ((edges.at(at) & mark) !== 0) return true;
  return false;
}

/** A way round: the state it begins and ends in, and the states between. */
export type Cycle = readonly number[];

/** A cycle of edges that bear `within`, one of them `through` as well; the first that is found, if there is one. */
export function findCycle({ edges, starts, goals }: Edges, within: number, through: number): Cycle | undefined {
  const components = componentsOf(edges, starts, goals.length, within);
  for (let state = 0; state < goals.length; state += 1) {
    for (let at = starts.at(state); at < starts.at(state + 1); at += 1) {
      const edge = edges.at(at);
      const to = targetOf(edge);
      const isWanted = (edge & within) !== 0 && (edge & through) === through;
      if (isWanted && components[to] === components[state]) {
        return [state, ...wayBack(edges, starts, components, within, to, state)];
      }
    }
  }
  return undefined;
}

/** The shortest way from one state to another within their component. */
function wayBack(
  edges: Numbers,
  starts: Numbers,
  components: Uint32Array,
  within: number,
  from: number,
  to: number,
): number[] {
  const came = new Map<number, number>([[from, from]]);
  const queue = [from];
  for (const state of queue) {
    if (state === to) break;
    for (let at = starts.at(state); at < starts.at(state + 1); at += 1) {
      const next = targetOf(edges.at(at));
      if ((edges.at(at) & within) === 0 || components[next] !== components[to] || came.has(next)) continue;
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

/** The strongly connected components by Tarjan's algorithm, without recursion: a number for each state. */
function componentsOf(edges: Numbers, starts: Numbers, count: number, within: number): Uint32Array {
  const order = new Uint32Array(count);
  const low = new Uint32Array(count);
  const next = new Uint32Array(count);
  const component = new Uint32Array(count);
  const open: number[] = [];
  const calls: number[] = [];
  let visited = 0;
  let components = 0;

  const enter = (state: number) => {
    visited += 1;
    order[state] = visited;
    low[state] = visited;
    next[state] = starts.at(state);
    open.push(state);
    calls.push(state);
  };
  const lower = (state: number, to: number) => {
    if (to < (low[state] as number)) low[state] = to;
  };
  const leave = (state: number) => {
    calls.pop();
    const caller = calls.at(-1);
    if (caller !== undefined) lower(caller, low[state] as number);
    if (low[state] !== order[state]) return;
    components += 1;
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      component[member] = components;
      if (member === state) break;
    }
  };

  for (let root = 0; root < count; root += 1) {
    if (order[root] !== 0) continue;
    enter(root);
    for (let state = calls.at(-1); state !== undefined; state = calls.at(-1)) {
      const at = next[state] as number;
      if (at === starts.at(state + 1)) {
        leave(state);
        continue;
      }
      next[state] = at + 1;
      const edge = edges.at(at);
      const to = targetOf(edge);
      if ((edge & within) === 0) continue;
      if (order[to] === 0) enter(to);
      else if (component[to] === 0) lower(state, order[to] as number);
    }
  }
  return component;
}
