import { describe, expect, it } from 'vitest';
import { sendLimiter, UNLIMITED } from '../../src/limits/send-limiter.js';
import { budgetRun, complaintsAbout } from '../support/budget-run.js';

const INTERVALS = [1_000, 5_000, 30_000, 41_250, 45_000, 60_000, 61_500, 130_000];
const SEEDS = [1, 2, 3, 4];
const CASES = INTERVALS.flatMap((interval) => SEEDS.map((seed) => ({ interval, seed })));
const POLICIES = ['coalesce', 'rejectNewest', 'dropOldest'] as const;

describe('the outgoing budget, whatever happens', () => {
  it.each(CASES)(
    'is kept, heartbeats are in time and no place is wasted, at an interval of $interval ms ($seed)',
    async ({ interval, seed }) => {
      const policy = POLICIES[seed % 3] ?? 'coalesce';
      const run = await budgetRun(seed + interval, 15, { interval, policy, size: 200, reconnects: seed > 2 });
      expect(complaintsAbout(run, false)).toEqual([]);
      expect(run.commands.length).toBeGreaterThan(100);
    },
  );

  it.each(CASES)('is kept where clocks jump, at an interval of $interval ms ($seed)', async ({ interval, seed }) => {
    const run = await budgetRun(seed + interval, 15, { interval, jumps: true, reconnects: seed > 2, size: 200 });
    expect(complaintsAbout(run, true)).toEqual([]);
  });

  it.each([
    ['gives a place back after 60 s', sendLimiter({ marginMs: 0 }), /^connection \d+: 121 payloads in 60\d\d\d ms$/],
    ['counts nothing', UNLIMITED, /^connection \d+: 121 payloads in \d+ ms$/],
    ['holds a place back', sendLimiter({ count: 119 }), /^a place is left unused/],
    ['gives a place back after 62 s', sendLimiter({ marginMs: 2_000 }), /^a place is left unused/],
  ])('is judged by one who sees when a limiter %s', async (_, limiter, complaint) => {
    const run = await budgetRun(5, 10, { interval: 41_250, limiter });
    expect(complaintsAbout(run, false)).toContainEqual(expect.stringMatching(complaint));
  });
});
