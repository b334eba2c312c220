import { describe, expect, it } from 'vitest';
import { Numbers } from '../../src/product/numbers.js';
import {
  findCycle,
  firstDeadlock,
  type Graph,
  isMarked,
  packEdge,
  reachOf,
  targetOf,
  wayBetween,
} from '../../src/product/progress.js';

/** For each state where its edges lead to; those with a minus bear the mark. 0 is -0.5, which is rounded. */
type Table = readonly (readonly number[])[];

const M0 = -0.5;

function graphOf(table: Table): Graph {
  const [edges, starts] = [new Numbers(), new Numbers()];
  for (const row of table) {
    starts.push(edges.length);
    for (const to of row) edges.push(packEdge(Math.floor(Math.abs(to)), to < 0));
  }
  starts.push(edges.length);
  return { edges, starts };
}

const goalsOf = (table: Table, goals: readonly number[]) =>
  Uint8Array.from(table, (_, state) => (goals.includes(state) ? 1 : 0));

describe('the first deadlock', () => {
  it.each<[string, Table, number[], number | undefined]>([
    ['is a state without edges', [[1], []], [], 1],
    ['is the first of several', [[1], [], []], [], 1],
    ['may be the beginning', [[]], [], 0],
    ['is no goal', [[1], []], [1], undefined],
    ['is no state that goes on to itself', [[0]], [], undefined],
    ['is none where there are no states', [], [], undefined],
  ])('%s', (_, table, goals, state) => {
    expect(firstDeadlock(graphOf(table), goalsOf(table, goals))).toBe(state);
  });
});

describe('the first state that is stuck', () => {
  it.each<[string, Table, number[], number | undefined]>([
    ['is none where every state has a way to a goal', [[1], [2], []], [2], undefined],
    ['is none where the way is back through earlier states', [[1], [], [0]], [1], undefined],
    ['is one that goes round and comes to no goal', [[2], [], [3], [2]], [1], 0],
    ['is a deadlock', [[1], [], []], [1], 2],
    ['is none where one of several ways leads to a goal', [[1, 2], [0], []], [2], undefined],
    ['is none where a later member of its round has the way', [[1], [2], [0, 3], []], [3], undefined],
    ['is the first where there is no goal', [[0]], [], 0],
    ['is none where there are no states', [], [], undefined],
  ])('%s', (_, table, goals, state) => {
    expect(reachOf(graphOf(table), goalsOf(table, goals), () => false).stuck).toBe(state);
  });
});

describe('a round without a goal', () => {
  const roundOf = (table: Table, goals: readonly number[], isWanted = (_: readonly number[]) => true) =>
    [...(reachOf(graphOf(table), goalsOf(table, goals), isWanted).round ?? [])].sort();

  it.each<[string, Table, number[], number[]]>([
    ['is a state that leads to itself', [[1], [1, 2], []], [2], [1]],
    ['is every state of its component, though a way leads out of it', [[1], [2, 3], [0], []], [3], [0, 1, 2]],
    ['is none where each way round passes a goal', [[1], [2], [0]], [2], []],
    ['is none where two ways part and meet again', [[1, 2], [3], [3], []], [3], []],
    ['is the one with the first state of several', [[1, 3], [2], [1], [4], [3]], [], [1, 2]],
  ])('%s', (_, table, goals, round) => {
    expect(roundOf(table, goals)).toEqual(round);
  });

  it('is one that is wanted', () => {
    expect(roundOf([[1, 3], [2], [1], [4], [3]], [], (members) => members.includes(4))).toEqual([3, 4]);
    expect(roundOf([[0]], [], () => false)).toEqual([]);
  });
});

describe('a cycle', () => {
  const cycle = (table: Table, isAllMarked = true) => findCycle(graphOf(table), table.length, isAllMarked);

  it('is an edge from a state to itself', () => {
    expect(cycle([[-1], [-1]])).toEqual([1, 1]);
  });

  it('begins and ends in the same state', () => {
    expect(cycle([[-1], [-2], [-3], [-1]])).toEqual([1, 2, 3, 1]);
  });

  it('goes back the shortest way', () => {
    // From 1 back to 0 by 2, 3 and 4, or by 5.
    expect(cycle([[-1], [-2, -5], [-3], [-4], [M0], [M0]])).toEqual([0, 1, 5, 0]);
  });

  it('is none where two ways part and meet again', () => {
    expect(cycle([[-1, -2], [-3], [-3], []])).toBeUndefined();
    expect(cycle([])).toBeUndefined();
  });

  it('is made of marked edges alone, or has one at least, as is asked', () => {
    expect(cycle([[-1], [0]])).toBeUndefined();
    expect(cycle([[-1], [0]], false)).toEqual([0, 1, 0]);
    expect(cycle([[1], [0]], false)).toBeUndefined();
    // The marked edge leads out of the first cycle into the second, and is in none.
    expect(cycle([[0, -1], [1]], false)).toBeUndefined();
  });

  it('is found in the second of two components that can reach each other in one direction', () => {
    expect(cycle([[-1], [-2], [-3], [-2]])).toEqual([2, 3, 2]);
  });

  it('is found where components close over one another', () => {
    // 0 -> 1 -> 2 -> 0 with a branch from 1 by 3 back to 0, and a dead end 4.
    expect(cycle([[1], [4, 2, 3], [0], [M0], []], false)).toEqual([3, 0, 1, 3]);
  });

  it('may be as long as there are states, without recursion', () => {
    const length = 15_000;
    const found = cycle(Array.from({ length }, (_, state) => [-((state + 1) % length) || M0]));
    expect([found?.length, found?.at(0), found?.at(1), found?.at(-1)]).toEqual([length + 1, 0, 1, 0]);
  });
});

describe('a way', () => {
  it('is the shortest through the states that are meant', () => {
    const graph = graphOf([[1, 2], [3], [4], [0], [3]]);
    expect(wayBetween(graph, () => true, { from: 0, to: 3 })).toEqual([0, 1, 3]);
    expect(wayBetween(graph, (state) => state !== 1, { from: 0, to: 3 })).toEqual([0, 2, 4, 3]);
    expect(wayBetween(graph, () => true, { from: 2, to: 2 })).toEqual([2]);
  });
});

describe('an edge in 32 bits', () => {
  it('keeps its mark and where it leads, up to the last state there may be', () => {
    const last = 2 ** 31 - 1;
    for (const edge of [packEdge(last, true), packEdge(5, false)]) {
      expect([targetOf(edge), isMarked(edge)]).toEqual(edge === 10 ? [5, false] : [last, true]);
    }
  });
});
