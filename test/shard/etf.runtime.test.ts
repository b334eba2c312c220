import { afterEach, describe, expect, it } from 'vitest';
import { createShard } from '../../src/index.js';
import { startSimulator } from '../../src/simulator/server.js';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

describe('a shard that speaks ETF', () => {
  it('works on a real WebSocket', async () => {
    const simulator = await startSimulator({ token: 'token' });
    const shard = createShard({ token: 'token', intents: ['GUILDS'], url: simulator.url, encoding: 'etf' });
    ends.push(async () => {
      await shard.stop();
      await simulator.close();
    });
    const names: string[] = [];
    shard.on('dispatch', ({ name }) => names.push(name));
    await shard.start();
    await expect.poll(() => names).toContain('GUILD_CREATE');
  });
});
