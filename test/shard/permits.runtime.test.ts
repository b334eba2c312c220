import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../machines/index.js';
import { createShard } from '../../src/index.js';
import { startSimulator } from '../../src/simulator/index.js';
import { atMost } from '../support/slowness.js';

describe('shards of one bot in one process', () => {
  it('identify 5 s apart, one after the other, without being told', async () => {
    const simulator = await startSimulator({ shards: 2 });
    const identified: { shard: number; at: number }[] = [];
    const shards = [0, 1].map((id) => {
      const shard = createShard({
        token: 'one-bot',
        intents: ['GUILDS'],
        shard: [id, 2],
        restUrl: `${simulator.restUrl}/v10`,
      });
      shard.on('transition', ({ to }) => {
        if (to.includes('identifying')) identified.push({ shard: id, at: performance.now() });
      });
      return shard;
    });
    const [first, second] = shards.map((shard) => shard.start());
    await first;
    await expect.poll(() => shards[1]?.state).toContain('queuedForIdentify');
    await second;
    const [one, two] = identified;
    expect([one?.shard, two?.shard]).toEqual([0, 1]);
    const apart = two!.at - one!.at;
    expect(apart).toBeGreaterThanOrEqual(LIMITS.identifies.windowMs);
    expect(apart).toBeLessThan(LIMITS.identifies.windowMs + atMost(2_000));
    await Promise.all(shards.map((shard) => shard.stop()));
    await simulator.close();
  });
});
