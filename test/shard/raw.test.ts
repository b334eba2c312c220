/** Listeners of `raw`: messages as they came, for those who pass them on. */
import { describe, expect, it } from 'vitest';
import type { Shard } from '../../src/index.js';
import type { DispatchHead, RawMessage } from '../../src/shard/index.js';
import { memoryWorld, type World } from '../support/memory.js';

async function ready(world: World): Promise<void> {
  void world.order.start();
  await world.until(() => world.shard.isReady);
  await world.pass(100); // the guilds
}

const parsed = (message: RawMessage) => JSON.parse(Buffer.from(message as string).toString());

/** What a shard hands on raw. */
function rawOf(shard: Shard): { head: DispatchHead; payload: { t: string; s: number; d: unknown } }[] {
  const got: ReturnType<typeof rawOf> = [];
  shard.on('raw', (message, head) => got.push({ head, payload: parsed(message) }));
  return got;
}

describe('a raw listener', () => {
  it('is given every dispatch as it came, with its head, from READY to what is replayed', async () => {
    const world = memoryWorld();
    const got = rawOf(world.shard);
    await ready(world);
    world.gateway.control.dispatch('NOT_DOCUMENTED', { deep: [1, { a: 'é' }] });
    world.gateway.control.dropTcp();
    world.gateway.control.dispatch('TYPING_START', { user_id: '1' });
    await world.until(() => got.at(-1)?.head.name === 'RESUMED');
    for (const { head, payload } of got) expect(head).toMatchObject({ name: payload.t, sequence: payload.s });
    expect(got.map(({ head }) => `${head.sequence} ${head.name}${head.replayed ? ' replayed' : ''}`)).toEqual([
      '1 READY',
      '2 GUILD_CREATE',
      '3 GUILD_CREATE',
      '4 GUILD_CREATE',
      '5 NOT_DOCUMENTED',
      '6 TYPING_START replayed',
      '7 RESUMED',
    ]);
    expect(got[4]?.payload.d).toEqual({ deep: [1, { a: 'é' }] });
    expect(Object.keys(got[4]?.head ?? {})).toEqual(['name', 'sequence', 'replayed', 'session']);
  });

  it('is given the same beside others that want the data, and before them', async () => {
    const world = memoryWorld();
    const order: string[] = [];
    world.shard.on('MESSAGE_CREATE', ({ id }) => order.push(`parsed ${id}`));
    world.shard.on(
      'raw',
      (message, { name }) => name === 'MESSAGE_CREATE' && order.push(`raw ${parsed(message).d.id}`),
    );
    await ready(world);
    world.gateway.control.dispatch('MESSAGE_CREATE', { id: '1' });
    world.gateway.control.dispatch('MESSAGE_CREATE', { id: '2' });
    await world.pass(10);
    expect(order).toEqual(['raw 1', 'parsed 1', 'raw 2', 'parsed 2']);
  });

  it('hears of the events of the shard alone', async () => {
    const world = memoryWorld({ events: ['MESSAGE_CREATE'] });
    const got = rawOf(world.shard);
    await ready(world);
    world.gateway.control.dispatch('TYPING_START', {});
    world.gateway.control.dispatch('MESSAGE_CREATE', { id: '1' });
    await world.pass(10);
    expect(got.map(({ head }) => head)).toMatchObject([{ name: 'MESSAGE_CREATE', sequence: 6, replayed: false }]);
  });

  it('has handled what it returned from: a record begins after it', async () => {
    const world = memoryWorld();
    const got = rawOf(world.shard);
    await ready(world);
    for (let i = 0; i < 10; i += 1) world.gateway.control.dispatch('TYPING_START', {});
    await world.pass(10);
    const record = world.shard.detach();
    await world.pass(600);
    expect(got).toHaveLength(14);
    expect((await record)?.sequence).toBe(14);
  });

  it('that throws breaks nothing, and hears no more once it is removed', async () => {
    const world = memoryWorld();
    const warnings: string[] = [];
    const heard: number[] = [];
    await ready(world);
    world.shard.on('warning', ({ problem }) => warnings.push(problem));
    world.shard.once('raw', () => {
      throw new Error('a bug in the proxy');
    });
    const off = world.shard.on('raw', (_, { sequence }) => heard.push(Number(sequence)));
    world.gateway.control.dispatch('TYPING_START', {});
    await world.pass(10);
    off();
    world.gateway.control.dispatch('TYPING_START', {});
    await world.pass(10);
    expect(warnings).toEqual(['a listener of raw threw']);
    expect(heard).toEqual([5]);
    expect(world.shard.session?.sequence).toBe(6);
  });
});
