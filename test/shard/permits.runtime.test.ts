import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../machines/index.js';
import { createShard, shardRange } from '../../src/index.js';
import { startSimulator } from '../../src/simulator/index.js';
import { atMost, watchLateness } from '../support/slowness.js';

/** Get Gateway Bot as it is limited: two requests in 5 s, and a 429 beyond. */
async function limitedRoute(restUrl: string) {
  const asked: number[] = [];
  const server = createServer(async ({ url, headers }, response) => {
    const now = performance.now();
    asked.push(now);
    if (asked.filter((at) => at > now - 5_000).length > 2) {
      response.writeHead(429, { 'retry-after': '5' }).end();
      return;
    }
    const answer = await fetch(`${restUrl}${url}`, { headers: { authorization: headers.authorization ?? '' } });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

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

  it('are ready together where sixteen may identify at once, and ask the limited route once', async () => {
    const simulator = await startSimulator({ shards: 16, maxConcurrency: 16 });
    const route = await limitedRoute(simulator.restUrl);
    const lateness = watchLateness();
    const shards = shardRange(0, 15, 16).map((shard) =>
      createShard({ token: 'sixteen', intents: ['GUILDS'], shard, restUrl: `${route.url}/v10` }),
    );
    const ready = await Promise.all(shards.map((shard) => shard.start().then(() => performance.now())));
    expect(Math.max(...ready) - Math.min(...ready)).toBeLessThan(3_000 + lateness());
    expect(route.asked).toHaveLength(1);
    await Promise.all(shards.map((shard) => shard.stop()));
    await route.close();
    await simulator.close();
  });
});
