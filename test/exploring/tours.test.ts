import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, setup } from 'xstate';
import { explore, type Graph, type Path } from '../../src/exploring/graph.js';
import { pathName } from '../../src/exploring/paths.js';
import { pairTours } from '../../src/exploring/tours.js';
import { doorAbstraction, doorMachine } from '../support/door.js';

type AnyPath = Path<AnyStateMachine>;

const door = explore(doorMachine as AnyStateMachine, doorAbstraction as never);

/** The pairs of transitions that some tours take. */
function pairsIn(tours: readonly AnyPath[]): Set<string> {
  const nameOf = (path: AnyPath) => `${path[0]?.from.key}: ${pathName(path)}`;
  return new Set(tours.flatMap((tour) => tour.slice(1).map((edge, at) => nameOf([tour[at]!, edge]))));
}

/** A chart whose states are numbers, with an arrow for each pair; the event is named after where it leads. */
function graphOf(arrows: readonly (readonly [from: number, to: number])[], roots: readonly number[]) {
  type Event = { type: 'go'; to: number };
  const machine = setup({
    types: {} as { context: { at: number }; input: number; events: Event },
  }).createMachine({
    id: 'map',
    context: ({ input }) => ({ at: input }),
    on: {
      go: {
        guard: ({ context, event }) => arrows.some(([from, to]) => from === context.at && to === event.to),
        actions: assign({ at: ({ event }) => event.to }),
      },
    },
  });
  const ends = [...new Set(arrows.map(([, to]) => to))];
  return explore(machine, {
    roots: Object.fromEntries(roots.map((root) => [`from ${root}`, root])),
    key: ({ context }) => String(context.at),
    alphabet: () => ends.map((to) => ({ type: 'go' as const, to })),
    label: ({ to }) => String(to),
  }) as unknown as Graph<AnyStateMachine>;
}
const namesOf = (graph: Graph<AnyStateMachine>) => [...pairTours(graph)].map(pathName);

describe('tours', () => {
  it.each([2, 5, 100])('of %i steps take every pair together', (length) => {
    const tours = [...pairTours(door, { length })];
    expect(pairsIn(tours).size).toBe(18);
    for (const tour of tours) {
      expect(tour[0]?.from.via).toBeUndefined();
      expect(tour.every((edge, at) => at === 0 || edge.from === tour[at - 1]?.to)).toBe(true);
    }
  });

  it('end once they are long enough, but for the last', () => {
    const lengths = [...pairTours(door, { length: 5 })].map((tour) => tour.length);
    expect(lengths.length).toBeGreaterThan(1);
    for (const length of lengths.slice(0, -1)) expect(length).toBeGreaterThanOrEqual(5);
  });

  it('take fewer steps than a path for each pair, and no more than one tour where one can take all', () => {
    const tours = [...pairTours(door)];
    expect(tours).toHaveLength(1);
    // 18 pairs one after the other are 19 steps, and half as many more lead from one to the next at most. Separate paths
    // would be 4 + 6 + 4 + 9 + 9 + 6 + 9.
    expect(tours[0]?.length).toBeGreaterThanOrEqual(19);
    expect(tours[0]?.length).toBeLessThanOrEqual(28);
  });

  it('begin again where there is no way back', () => {
    const fork = graphOf(
      [
        [0, 1],
        [1, 2],
        [1, 3],
      ],
      [0],
    );
    expect(namesOf(fork).sort()).toEqual(['1 > 2', '1 > 3']);
  });

  it('go on past pairs that were taken, by the shortest way to what is left', () => {
    // Round and round between 0 and 1; from there once to 2, which ends it.
    const graph = graphOf(
      [
        [0, 1],
        [1, 0],
        [1, 2],
        [2, 3],
      ],
      [0],
    );
    const tours = [...pairTours(graph)];
    expect(pairsIn(tours)).toEqual(new Set(['0: 1 > 0', '1: 0 > 1', '0: 1 > 2', '1: 2 > 3']));
  });

  it('are made for each beginning', () => {
    expect(
      namesOf(
        graphOf(
          [
            [0, 1],
            [1, 2],
            [5, 6],
            [6, 7],
          ],
          [0, 5],
        ),
      ),
    ).toEqual(['1 > 2', '6 > 7']);
  });

  it.each<[string, readonly (readonly [number, number])[]]>([
    ['events', []],
    ['pairs', [[0, 1]]],
  ])('are none where there are no %s', (_, arrows) => {
    expect(namesOf(graphOf(arrows, [0]))).toEqual([]);
  });
});
