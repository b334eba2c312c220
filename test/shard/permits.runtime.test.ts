import { describe, expect, it } from 'vitest';
import { createShard } from '../../src/index.js';
import { startSimulator } from '../../src/simulator/index.js';

describe('shards of one bot in one process', () => {
  it('wait for each other with their identifies, without being told', async () => {
    const simulator = await startSimulator({ shards: 2 });
    const shards = [0, 1].map((id) =>
      createShard({ token: 'one-bot', intents: ['GUILDS'], shard: [id, 2], restUrl: `${simulator.restUrl}/v10` }),
    );
    const invalid: string[] = [];
    for (const shard of shards)
      shard.on('transition', ({ cause }) => cause.name === 'sessionInvalidated' && invalid.push(cause.name));
    const [first, second] = shards.map((shard) => shard.start());
    await first;
    await expect.poll(() => shards[1]?.state).toContain('queuedForIdentify');
    await Promise.all([...shards.map((shard) => shard.stop()), expect(second).rejects.toThrow(/stopped/)]);
    expect(invalid).toEqual([]);
    await simulator.close();
  });
});
