import { describe, expect, it } from 'vitest';
import {
  type Edges,
  findCycle,
  firstDeadlock,
  firstStuck,
  LATER,
  NOW,
  OPENS,
  packEdge,
  UNDELAYED,
} from '../../src/product/progress.js';
import { Numbers } from '../../src/product/space.js';

/** For each state its edges: where each leads, and its marks. */
type Table = readonly (readonly (readonly [to: number, marks: number])[])[];

function edgesOf(table: Table, goals: readonly number[] = []): Edges {
  const [edges, starts] = [new Numbers(), new Numbers()];
  for (const row of table) {
    starts.push(edges.length);
    for (const [to, marks] of row) edges.push(packEdge(to, marks));
  }
  starts.push(edges.length);
  return { edges, starts, goals: Uint8Array.from(table, (_, state) => (goals.includes(state) ? 1 : 0)) };
}

/** A fault: it counts for cycles, and not for what goes on by itself. */
const FAULT = UNDELAYED;

describe('the first deadlock', () => {
  it.each<[string, Table, number[], number | undefined]>([
    ['is a state without edges', [[[1, NOW]], []], [], 1],
    ['is a state that only a fault leaves', [[[1, LATER]], [[0, FAULT]]], [], 1],
    ['is the first of several', [[[1, NOW]], [], []], [], 1],
    ['may be the beginning', [[]], [], 0],
    ['is no goal', [[[1, NOW]], []], [1], undefined],
    ['is no state that goes on at once, or later', [[[1, NOW]], [[0, LATER]]], [], undefined],
    ['is no state that goes on to itself', [[[0, NOW]]], [], undefined],
    ['is none where there are no states', [], [], undefined],
  ])('%s', (_, table, goals, state) => {
    expect(firstDeadlock(edgesOf(table, goals))).toBe(state);
  });
});

describe('the first state that is stuck', () => {
  it.each<[string, Table, number[], number | undefined]>([
    ['is none where every state has a way to a goal', [[[1, NOW]], [[2, LATER]], []], [2], undefined],
    ['is none where the way is back through earlier states', [[[1, NOW]], [], [[0, NOW]]], [1], undefined],
    ['is one that goes round and comes to no goal', [[[2, NOW]], [], [[3, NOW]], [[2, NOW]]], [1], 0],
    ['is a deadlock', [[[1, NOW]], [], []], [1], 2],
    ['is one that only a fault leads to a goal', [[[1, FAULT]], []], [1], 0],
    // 0 -now-> 1 -> 1; its timer would lead to the goal 2, but what goes on at once is not kept waiting.
    [
      'is one whose timer would help, but for what goes on at once',
      [
        [
          [1, NOW],
          [2, LATER],
        ],
        [[1, NOW]],
        [],
      ],
      [2],
      0,
    ],
    [
      'is none whose timer helps as nothing goes on at once',
      [
        [
          [1, FAULT],
          [2, LATER],
        ],
        [[1, NOW]],
        [],
      ],
      [1, 2],
      undefined,
    ],
    [
      'is none where one of several ways at once leads to a goal',
      [
        [
          [1, NOW],
          [2, NOW],
        ],
        [[0, NOW]],
        [],
      ],
      [2],
      undefined,
    ],
    ['is the first where there is no goal', [[[0, NOW]]], [], 0],
    ['is none where there are no states', [], [], undefined],
  ])('%s', (_, table, goals, state) => {
    expect(firstStuck(edgesOf(table, goals))).toBe(state);
  });
});

describe('a cycle', () => {
  const cycle = (table: Table, within = NOW, through = NOW) => findCycle(edgesOf(table), within, through);

  it('is an edge from a state to itself', () => {
    expect(cycle([[[1, NOW]], [[1, NOW]]])).toEqual([1, 1]);
  });

  it('begins and ends in the same state', () => {
    expect(cycle([[[1, NOW]], [[2, NOW]], [[3, NOW]], [[1, NOW]]])).toEqual([1, 2, 3, 1]);
  });

  it('goes back the shortest way', () => {
    // From 1 back to 0 by 2, 3 and 4, or by 5.
    const table: Table = [
      [[1, NOW]],
      [
        [2, NOW],
        [5, NOW],
      ],
      [[3, NOW]],
      [[4, NOW]],
      [[0, NOW]],
      [[0, NOW]],
    ];
    expect(cycle(table)).toEqual([0, 1, 5, 0]);
  });

  it('is none where two ways part and meet again', () => {
    expect(
      cycle([
        [
          [1, NOW],
          [2, NOW],
        ],
        [[3, NOW]],
        [[3, NOW]],
        [],
      ]),
    ).toBeUndefined();
    expect(cycle([])).toBeUndefined();
  });

  it('is made of edges that bear the mark alone', () => {
    expect(cycle([[[1, NOW]], [[0, LATER]]])).toBeUndefined();
    expect(cycle([[[1, NOW]], [[0, LATER | UNDELAYED]]], UNDELAYED | NOW)).toEqual([0, 1, 0]);
  });

  it('has an edge with all marks that it must go through, wherever that is', () => {
    const [plain, opening] = [UNDELAYED, UNDELAYED | OPENS];
    const through = (table: Table) => cycle(table, UNDELAYED, UNDELAYED | OPENS);
    expect(through([[[1, plain]], [[0, plain]]])).toBeUndefined();
    expect(through([[[1, plain]], [[0, opening]]])).toEqual([1, 0, 1]);
    // The edge that opens leads out of the first cycle into the second, and is in none.
    expect(
      through([
        [
          [0, plain],
          [1, opening],
        ],
        [[1, plain]],
      ]),
    ).toBeUndefined();
    // It opens, but after a delay.
    expect(through([[[1, plain]], [[0, OPENS | LATER]]])).toBeUndefined();
  });

  it('is found in the second of two components that can reach each other in one direction', () => {
    const table: Table = [[[1, NOW]], [[2, NOW]], [[3, NOW]], [[2, NOW]]];
    expect(cycle(table)).toEqual([2, 3, 2]);
  });

  it('is found where components close over one another', () => {
    // 0 -> 1 -> 2 -> 0 with a branch from 1 by 3 back to 0, and a dead end 4.
    const table: Table = [
      [[1, NOW]],
      [
        [4, NOW],
        [2, NOW],
        [3, NOW],
      ],
      [[0, NOW]],
      [[0, NOW | OPENS]],
      [],
    ];
    expect(cycle(table, NOW, NOW | OPENS)).toEqual([3, 0, 1, 3]);
  });

  it('may be as long as there are states, without recursion', () => {
    const length = 15_000;
    const table: Table = Array.from({ length }, (_, state) => [[(state + 1) % length, NOW]]);
    const found = cycle(table);
    expect([found?.length, found?.at(0), found?.at(1), found?.at(-1)]).toEqual([length + 1, 0, 1, 0]);
  });
});

describe('an edge in 32 bits', () => {
  it('keeps its marks and where it leads, up to the last state there may be', () => {
    const last = 2 ** 28 - 1;
    expect(packEdge(0, NOW)).toBe(1);
    expect(packEdge(last, NOW | LATER | UNDELAYED | OPENS)).toBe(2 ** 32 - 1);
    expect(packEdge(5, LATER)).toBe(5 * 16 + 2);
  });
});
