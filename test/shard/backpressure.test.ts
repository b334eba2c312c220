import { describe, expect, it } from 'vitest';
import type { ShardOptions } from '../../src/index.js';
import type { SocketPort } from '../../src/ports/index.js';
import { memoryWorld, type World } from '../support/memory.js';

const INTERVAL = 10_000;
const BUFFER = 20;

/** A shard that is ready, with an iterator that nobody has read yet. */
async function slowWorld(options: Partial<ShardOptions> = {}, canPause = true) {
  const pausable: SocketPort = { open: (...args) => world.gateway.socketPort.open(...args) };
  const world = memoryWorld(
    { buffer: BUFFER, ...(canPause ? { socket: pausable } : {}), ...options }, // the world's own cannot pause
    { heartbeatInterval: INTERVAL },
  );
  const states: string[] = [];
  const news: { full: boolean; waiting: number; waitingBytes: number; dropped: number }[] = [];
  world.shard.on('transition', ({ to }) => states.push(to));
  world.shard.on('backlog', (each) => news.push(each));
  void world.order.start();
  await world.until(() => world.shard.isReady);
  await world.pass(100);
  states.length = 0;
  const iterator = world.shard.dispatches('MESSAGE_CREATE', 'TYPING_START');
  return { world, states, news, iterator };
}

function flood({ gateway }: World, count: number, name = 'MESSAGE_CREATE'): void {
  for (let i = 0; i < count; i += 1) gateway.control.dispatch(name, { id: `${i}` });
}

const ids = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `${i + from}`);
const isLost = (state: string) => /closing|running\.waiting|reaching/.test(state);

describe('a consumer that is slower than the Gateway', () => {
  it('holds the Gateway back, and gets everything in order on one connection, for as long as it takes', async () => {
    const { world, states, news, iterator } = await slowWorld();
    const got: string[] = [];
    for (let burst = 0; burst < 10; burst += 1) {
      for (let i = 0; i < 80; i += 1) world.gateway.control.dispatch('MESSAGE_CREATE', { id: `${80 * burst + i}` });
      for (let i = 0; i < 80; i += 1) {
        await world.pass(100); // 8 of 10 s
        got.push((await iterator.next()).value?.data.id as string);
      }
      await world.pass(INTERVAL - 8_000);
    }
    expect(got).toEqual(ids(800));
    expect(states.filter(isLost)).toEqual([]);
    expect(states.filter((state) => state.includes('paused')).length).toBeGreaterThan(10);
    expect(Math.max(...news.map(({ waiting }) => waiting))).toBeLessThan(2 * BUFFER);
    expect(news.at(-1)).toMatchObject({ full: false, waiting: BUFFER / 2, dropped: 0 });
  });

  it('is held back by the bytes of the messages too, and loses nothing', async () => {
    const { world, states, news, iterator } = await slowWorld({ buffer: 1_000, bufferBytes: 2_500 });
    for (let i = 0; i < 10; i += 1) {
      world.gateway.control.dispatch('MESSAGE_CREATE', { id: `${i}`, content: 'x'.repeat(1_000) });
    }
    await world.pass(100);
    expect(news).toEqual([{ full: true, waiting: 3, waitingBytes: expect.any(Number), dropped: 0 }]);
    expect(news[0]?.waitingBytes).toBeGreaterThan(3_000);
    expect(states.at(-1)).toContain('reading.paused');
    const got: unknown[] = [];
    for (let i = 0; i < 10; i += 1) {
      await world.pass(100);
      got.push((await iterator.next()).value?.data.id);
    }
    expect(got).toEqual(ids(10));
    expect(news.at(-1)).toMatchObject({ full: false, waiting: 1, dropped: 0 });
  });

  it('that takes nothing at all loses its iterator in the end, and not the connection', async () => {
    const { world, states, iterator } = await slowWorld();
    flood(world, 100);
    await world.pass(4 * INTERVAL);
    expect(states.filter(isLost)).toEqual([]);
    expect(states.some((state) => state.includes('catchingUp'))).toBe(true);
    const got: string[] = [];
    await expect(async () => {
      for await (const { data } of iterator) got.push((data as { id: string }).id);
    }).rejects.toMatchObject({ code: 'ERR_BUFFER_OVERFLOW' });
    expect(got).toEqual(ids(got.length));
    expect(got.length).toBeGreaterThanOrEqual(BUFFER);
  });

  it('that has lost its iterator holds nobody back any more', async () => {
    const { world, states, news } = await slowWorld();
    world.shard.on('MESSAGE_CREATE', () => {});
    flood(world, 100);
    await world.pass(4 * INTERVAL);
    expect(states.some((state) => state.includes('paused'))).toBe(true);
    states.length = 0;
    news.length = 0;
    flood(world, 5);
    await world.pass(100);
    expect([news, states.filter((state) => state.includes('paused'))]).toEqual([[], []]);
  });

  it('does not keep a dead peer from being found: within four heartbeat intervals', async () => {
    const { world, states, iterator } = await slowWorld();
    flood(world, 100);
    await world.pass(100);
    expect(world.shard.state).toContain('reading.paused');
    world.gateway.control.injectFault('goSilent');
    const began = world.clock.now();
    await world.until(() => states.some(isLost));
    expect(world.clock.now() - began).toBeLessThan(4 * INTERVAL + 500);
    void iterator.return?.();
  });
});

describe('where reading cannot be paused', () => {
  /** 50 dispatches of one type, then some of another, to a buffer of 20; and how reading what is left ends. */
  async function overflowing(overflow: ShardOptions['overflow'], name = 'MESSAGE_CREATE', more = 0) {
    const { world, news, iterator } = await slowWorld({ overflow }, false);
    const warnings: string[] = [];
    world.shard.on('warning', ({ problem }) => warnings.push(problem));
    flood(world, 50, name);
    flood(world, more);
    await world.pass(100);
    expect(world.shard.isReady).toBe(true);
    const got: string[] = [];
    const error = await (async () => {
      for (let left = BUFFER + 1; left > 0; left -= 1) {
        const next = await Promise.race([iterator.next(), world.pass(1)]);
        if (next?.value?.name === 'MESSAGE_CREATE') got.push(next.value.data.id);
      }
    })().catch((thrown: unknown) => thrown);
    return { got, error, news, warnings };
  }

  it.each([
    ['fail', 'fail' as const],
    ['what is done unless told', undefined],
  ])('%s: the iterator ends with an error, after what it holds', async (_, overflow) => {
    const { got, error } = await overflowing(overflow);
    expect(got).toEqual(ids(BUFFER));
    expect(error).toMatchObject({ code: 'ERR_BUFFER_OVERFLOW', capacity: BUFFER });
  });

  it('drop: what finds no room is left out, which is said once and counted', async () => {
    const { got, error, news, warnings } = await overflowing('drop');
    expect([got, error]).toEqual([ids(BUFFER), undefined]);
    expect(warnings).toEqual(['an iterator is read too slowly: dispatches are left out']);
    expect(news).toMatchObject([
      { full: true, waiting: BUFFER, dropped: 0 },
      { full: false, waiting: BUFFER / 2, dropped: 30 },
    ]);
  });

  it('drop of some types: these are left out, those that wait included, and all others kept', async () => {
    const { got, error, news } = await overflowing({ drop: ['TYPING_START'] }, 'TYPING_START', 10);
    expect([got, error]).toEqual([ids(10), undefined]);
    expect(news.at(-1)).toMatchObject({ full: false, dropped: 50 });
  });

  it('drop of some types fails where none of these waits', async () => {
    const { error } = await overflowing({ drop: ['TYPING_START'] }, 'MESSAGE_CREATE');
    expect(error).toMatchObject({ code: 'ERR_BUFFER_OVERFLOW' });
  });

  it.each(['maybe', { drop: 'TYPING_START' }, { drop: [1] }, null])('%j is no policy', (overflow) => {
    expect(() => memoryWorld({ overflow: overflow as never })).toThrow(/^overflow is .*; it must be 'fail', 'drop'/);
  });
});
