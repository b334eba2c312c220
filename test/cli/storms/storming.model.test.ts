import { describe, expect, it } from 'vitest';
import { hoursOf, storm } from '../../../src/cli/storms/storming.js';

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
