import { describe, expect, it } from 'vitest';
import { hoursOf, mostIn, problemsOf, type StormResult, storm } from '../../src/cli/storming.js';

const GOOD: StormResult = {
  name: 'several',
  identifies: 154,
  connections: 5_000,
  resumes: 5_000,
  busiestHour: 120,
  firstWait: 1,
  longestWait: 2,
  readyAfter: 3_599_999,
};

describe('the most in any window', () => {
  it.each([
    [[], 0],
    [[5], 1],
    [[0, 10, 20, 30], 1],
    [[0, 9, 18, 27], 2],
    [[0, 1, 2, 50, 51, 52, 53, 90], 4],
    [[7, 7, 7], 3],
  ])('of %j is %i', (times, most) => {
    expect(mostIn(times, 10)).toBe(most);
  });
});

describe('what is too often', () => {
  it('are more than 154 identifies a day, more than 120 connections an hour, and not to come back', () => {
    expect(problemsOf(GOOD)).toEqual([]);
    expect(problemsOf({ ...GOOD, identifies: 155 })).toEqual(['155 identifies in a day, above 154']);
    expect(problemsOf({ ...GOOD, busiestHour: 121 })).toEqual(['121 connections in an hour, above 120']);
    expect(problemsOf({ ...GOOD, readyAfter: 3_600_000 })).toEqual([
      'not ready within an hour once the Gateway had turned good',
    ]);
  });
});

describe('a storm', () => {
  const played = async (seed: number) => {
    const run = storm('invalid', 3, seed);
    let hours = 0;
    for (let step = await run.next(); ; step = await run.next()) {
      if (step.done) return { result: step.value, hours };
      hours += step.value;
    }
  };

  it('counts what the shard does, tells each hour, and comes back when the Gateway is good', async () => {
    const { result, hours } = await played(1);
    expect(hours).toBe(hoursOf(3));
    expect(result).toMatchObject({ name: 'invalid', resumes: 0 });
    expect(result.identifies).toBeGreaterThanOrEqual(26);
    expect(result.identifies).toBeLessThanOrEqual(34);
    expect(result.connections).toBeGreaterThan(result.identifies);
    expect(result.busiestHour).toBeLessThan(20);
    expect(result.firstWait).toBeLessThan(6_000);
    expect(result.longestWait).toBeGreaterThan(200_000);
    expect(result.readyAfter).toBeGreaterThan(0);
    expect(result.readyAfter).toBeLessThan(700_000);
  });

  it('is the same for the same seed, and another for another', async () => {
    const [first, again, other] = [await played(2), await played(2), await played(3)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
