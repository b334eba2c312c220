import { afterEach, describe, expect, it } from 'vitest';
import { ws } from '../../adapters/ws.js';
import { createShard, type Shard } from '../../src/index.js';
import { startSimulator } from '../../src/simulator/index.js';
import { paced } from '../support/slowness.js';

const isLost = (state: string) => /closing|running\.waiting|reaching/.test(state);

describe('backpressure on real sockets', () => {
  const ended: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ended.splice(0).reverse()) await end();
  });

  it('a slow consumer keeps its connection over several heartbeats, loses nothing, and never holds much', {}, async () => {
    const COUNT = 200;
    const content = 'x'.repeat(8_000);
    const interval = paced(1_000);
    const simulator = await startSimulator({ heartbeatInterval: interval, settings: { heartbeatGrace: paced(10) } });
    ended.push(() => simulator.close());
    const shard: Shard = createShard({
      token: 'any',
      intents: ['GUILD_MESSAGES'],
      url: simulator.url,
      socket: ws(),
      buffer: 30,
    });
    ended.push(() => shard.stop());
    const states: string[] = [];
    let most = 0;
    shard.on('transition', ({ to }) => states.push(to));
    await shard.start();
    shard.on('backlog', ({ waiting }) => {
      most = Math.max(most, waiting);
    });
    const iterator = shard.dispatches('MESSAGE_CREATE');
    const began = performance.now();
    states.length = 0;
    for (let burst = 0; burst < 4; burst += 1) {
      for (let i = 0; i < COUNT; i += 1)
        simulator.control.dispatch('MESSAGE_CREATE', { id: `${COUNT * burst + i}`, content });
      for (let i = 0; i < COUNT; i += 1) {
        if (i % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        expect((await iterator.next()).value?.data.id).toBe(`${COUNT * burst + i}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 0.8 * interval));
    }
    expect(performance.now() - began).toBeGreaterThan(3 * interval);
    expect(states.filter(isLost)).toEqual([]);
    expect(states.filter((state) => state.includes('paused')).length).toBeGreaterThan(3);
    expect(most).toBeLessThan(COUNT);
  });
});
