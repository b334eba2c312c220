import { describe, expect, it } from 'vitest';
import { memoryWorld } from '../support/memory.js';

describe('a shard whose actor breaks', () => {
  it('settles everything, drops the socket, and says that it cannot go on', async () => {
    const world = memoryWorld({
      // A chance that throws is a defect below the chart: XState ends the actor.
      random: () => {
        throw new Error('no chance');
      },
    });
    const started = world.order.start();
    await world.pass(60_000);
    await expect(started).rejects.toMatchObject({ code: 'ERR_INTERNAL', cause: { message: 'no chance' } });
    await expect(world.shard.closed).rejects.toMatchObject({ code: 'ERR_INTERNAL' });
    await world.shard.stop();
    await expect(world.shard.start()).rejects.toMatchObject({ code: 'ERR_INTERNAL' });
    world.gateway.stop();
    await world.pass(60_000);
    expect(world.clock.next).toBeUndefined();
  });
});
