/** Whatever happens to the processes of a bot, no two identifies of a lane arrive within 5 s, and no day has more than it may. */
import { describe, expect, it } from 'vitest';
import { IdentifyLives, type Settings } from '../support/identify-lives.js';

const HOUR = 3_600_000;

describe('no schedule of crashes, sleeps and restarts', () => {
  it.each<Settings>([
    { seed: 1, lanes: 1, shards: 3, day: { total: 1_000, isTold: false }, lasts: 24 * HOUR, isGreedy: true },
    { seed: 4, lanes: 1, shards: 8, day: { total: 1_000, isTold: true }, lasts: 20 * HOUR, isGreedy: true },
  ])(
    'makes two identifies of a lane arrive within 5 s, or a day exceed its total: $shards shards, $day',
    async (settings) => {
      const lives = new IdentifyLives(settings);
      await lives.play();
      expect(lives.judge.closest).toBeGreaterThanOrEqual(5_000);
      expect(lives.judge.least).toBeGreaterThanOrEqual(0);
      if (!settings.day.isTold) expect(lives.judge.most).toBeLessThanOrEqual(settings.day.total);
      expect([lives.judge.arrived.length > 50, lives.kills > 10]).toEqual([true, true]);
    },
  );
});
