/** The same for larger bots, longer, and for more schedules than are cheap. */
import { describe, expect, it } from 'vitest';
import { IdentifyLives, type Settings } from '../support/identify-lives.js';

const HOUR = 3_600_000;

const SEEDS = Array.from({ length: 6 }, (_, i) => i + 10);
const BOTS: readonly Omit<Settings, 'seed'>[] = [
  { lanes: 1, shards: 1, day: { total: 1_000, isTold: false }, lasts: 200 * HOUR, isGreedy: true },
  { lanes: 2, shards: 40, day: { total: 1_000, isTold: false }, lasts: 40 * HOUR, isGreedy: true },
  { lanes: 16, shards: 200, day: { total: 1_000, isTold: false }, lasts: 30 * HOUR, isGreedy: true },
  { lanes: 16, shards: 200, day: { total: 1_000, isTold: true }, lasts: 60 * HOUR, isGreedy: true },
  { lanes: 4, shards: 40, day: { total: 1_000, isTold: true }, lasts: 60 * HOUR, isGreedy: false },
];

describe.each(BOTS)('no schedule of crashes, sleeps and restarts: $shards shards, $day', (bot) => {
  it.each(SEEDS)(
    'makes two identifies of a lane arrive within 5 s, or a day exceed its total (seed %i)',
    async (seed) => {
      const lives = new IdentifyLives({ ...bot, seed });
      await lives.play();
      expect(lives.judge.closest).toBeGreaterThanOrEqual(5_000);
      expect(lives.judge.least).toBeGreaterThanOrEqual(0);
      if (!bot.day.isTold) expect(lives.judge.most).toBeLessThanOrEqual(bot.day.total);
      expect(lives.judge.arrived.length).toBeGreaterThan(20);
    },
  );
});
