/** Every storm, as the command plays it, and what docs/storms.md says of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../../machines/index.js';
import { SCENARIOS } from '../../../src/cli/storms/scenarios.js';
import type { StormResult } from '../../../src/cli/storms/storming.js';
import { fill, playStorms, STORMS, stormsTable } from '../../../src/reference/blocks.js';

const ROOT = join(import.meta.dirname, '../../..');

const HOUR = 3_600_000;
/** Each of its connections holds, so that its waits are not to grow. */
const HOLDS = 'held-reconnect';

describe('in 24 hours of a storm', () => {
  let results: readonly StormResult[];
  beforeAll(async () => {
    results = await playStorms();
  });

  it('every bad Gateway is played', () => {
    expect(results.map(({ name }) => name)).toEqual(Object.keys(SCENARIOS));
  });

  it('a shard identifies at most 154 times, and connects at most 120 times an hour once its waits have grown', () => {
    for (const { name, identifies, busiestHour } of results) {
      expect(identifies, name).toBeLessThanOrEqual(154);
      expect(busiestHour, name).toBeLessThanOrEqual(120);
    }
  });

  it('no loop goes on at its first speed: each wait grows to its cap', () => {
    const { cap } = DEFAULT_POLICY.waits.backoff;
    for (const { name, firstWait, longestWait } of results.filter((each) => each.name !== HOLDS)) {
      expect(firstWait, name).toBeLessThan(10_000);
      expect(longestWait, name).toBeGreaterThan(0.9 * cap);
      expect(longestWait, name).toBeLessThanOrEqual(HOUR / 6 + cap);
    }
  });

  it('a shard is back within ten minutes and the longest wait of the back-off, once the Gateway is good', () => {
    for (const { name, readyAfter } of results) expect(readyAfter, name).toBeLessThan(HOUR / 6 + 65_000);
  });

  it('the documentation says the same (npm run generate)', () => {
    const text = readFileSync(join(ROOT, STORMS), 'utf8');
    expect(fill(text, { storms: stormsTable(results) })).toBe(text);
  });
});
