import { describe, expect, it } from 'vitest';
import { mostIn, problemsOf, type StormResult } from '../../../src/cli/storms/storming.js';

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
