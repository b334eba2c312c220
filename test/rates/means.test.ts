import { describe, expect, it } from 'vitest';
import { leastMeanCycle } from '../../src/rates/means.js';

const arc = (to: number, ms: number, count = 1) => ({ to, ms, count });

describe('leastMeanCycle', () => {
  it('finds the cycle of the least mean, though others are quicker in sum or by steps', () => {
    const cycle = leastMeanCycle([[arc(1, 5), arc(0, 4)], [arc(2, 1), arc(0, 9)], [arc(0, 3)]]);
    expect(cycle?.mean).toBe(3);
    expect(cycle?.arcs.map(({ to }) => to).sort()).toEqual([0, 1, 2]);
  });

  it('counts only what counts', () => {
    expect(leastMeanCycle([[arc(1, 6, 0)], [arc(0, 4)]])?.mean).toBe(10);
    expect(leastMeanCycle([[arc(0, 1, 0), arc(1, 3)], [arc(0, 4)]])?.mean).toBe(3.5);
  });

  it('finds a cycle that takes no time', () => {
    expect(leastMeanCycle([[arc(1, 0)], [arc(0, 0), arc(1, 2)]])?.mean).toBe(0);
  });

  it('passes over ways that end', () => {
    expect(leastMeanCycle([[arc(1, 0), arc(0, 7)], [arc(2, 0)], []])?.mean).toBe(7);
  });

  it('knows that there may be none, or none in which something counts', () => {
    expect(leastMeanCycle([])).toBeNull();
    expect(leastMeanCycle([[arc(1, 1)], []])).toBeNull();
    expect(leastMeanCycle([[arc(0, 1, 0)]])).toBeNull();
  });

  it('agrees with all simple cycles of graphs drawn at random', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 16807) % 2147483647;
      return seed % below;
    };
    for (let round = 0; round < 50; round += 1) {
      const arcs = Array.from({ length: 5 }, () =>
        Array.from({ length: 3 }, () => arc(random(5), random(20), random(2))),
      );
      expect(leastMeanCycle(arcs)?.mean ?? Infinity).toBeCloseTo(byHand(arcs), 6);
    }
  });
});

/** The least mean of all cycles that come to no node twice. */
function byHand(arcs: readonly (readonly ReturnType<typeof arc>[])[]): number {
  let least = Infinity;
  const go = (begin: number, at: number, seen: readonly number[], ms: number, count: number): void => {
    for (const next of arcs[at] ?? []) {
      const [sum, counted] = [ms + next.ms, count + next.count];
      if (next.to === begin && counted > 0) least = Math.min(least, sum / counted);
      else if (next.to > begin && !seen.includes(next.to)) go(begin, next.to, [...seen, next.to], sum, counted);
    }
  };
  for (const begin of arcs.keys()) go(begin, begin, [begin], 0, 0);
  return least;
}
