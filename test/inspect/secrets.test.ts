/** No secret in what an inspector shows of a shard and a Gateway. */
import { describe, expect, it } from 'vitest';
import { inspectorFor } from '../../src/inspect/index.js';
import { memoryWorld, TOKEN } from '../support/memory.js';

describe('what is shown of both sides', () => {
  it.each([
    ['a loss', (world: ReturnType<typeof memoryWorld>) => void world.gateway.control.dropTcp()],
    [
      'a session that ends',
      (world: ReturnType<typeof memoryWorld>) => void world.gateway.control.invalidateSession(false),
    ],
    ['a fatal close', (world: ReturnType<typeof memoryWorld>) => void world.gateway.control.closeWith(4004)],
    [
      'a refused resume host',
      (world: ReturnType<typeof memoryWorld>) => {
        world.gateway.control.injectFault('refuseResumeHost');
        world.gateway.control.dropTcp();
      },
    ],
    ['nonsense', (world: ReturnType<typeof memoryWorld>) => void world.gateway.control.injectFault('malformed')],
  ])('holds no secret after %s', async (_, happen) => {
    const told: string[] = [];
    const inspector = inspectorFor({ send: (message) => told.push(JSON.stringify(message)) });
    const world = memoryWorld({ record: (line) => told.push(line) }, { inspect: inspector });
    world.shard.on('failed', () => {}); // as one of them does
    void world.order.start();
    await world.until(() => world.shard.isReady);
    happen(world);
    await world.pass(20_000);
    const ids = world.gateway.sessions.map(({ sessionId }) => sessionId);
    world.gateway.stop();
    const text = told.join('\n');
    for (const secret of [TOKEN, 'gateway-us-east1-b', ...ids]) expect(text).not.toContain(secret);
    expect(text).toContain('<session 1>');
    expect(ids.length).toBeGreaterThan(0);
  });
});
