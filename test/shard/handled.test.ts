import { describe, expect, it } from 'vitest';
import { zlibInflate } from '../../adapters/zlib.js';
import type { ResumeRecord } from '../../src/ports/index.js';
import type { Dispatch, Shard } from '../../src/shard/index.js';
import { shardsOn } from '../../src/shard/index.js';
import { memoryWorld, TOKEN, type World } from '../support/memory.js';

async function ready(world: World): Promise<void> {
  void world.order.start();
  await world.until(() => world.shard.isReady);
  await world.pass(100); // the guilds
}

/** Another shard on the same Gateway. */
function successor({ gateway, clock }: World, resume: ResumeRecord | null, options = {}): Shard {
  return shardsOn({ socket: () => gateway.socketPort, inflate: zlibInflate }).createShard({
    token: TOKEN,
    intents: ['GUILDS', 'GUILD_MESSAGES'],
    clock,
    random: () => 0,
    locator: gateway.locator,
    resume,
    ...options,
  });
}

/** Makes dispatches numbered from 0. */
function dispatch({ gateway }: World, count: number): void {
  for (let i = 0; i < count; i += 1) gateway.control.dispatch('MESSAGE_CREATE', { id: `${i}` });
}

async function detached(world: World): Promise<ResumeRecord | null> {
  const record = world.shard.detach();
  await world.pass(600);
  return record;
}

async function idsReplayedTo(world: World, shard: Shard): Promise<string[]> {
  const ids: string[] = [];
  shard.on('MESSAGE_CREATE', ({ id }, { replayed }) => replayed && ids.push(id));
  void shard.start();
  await world.until(() => shard.isReady);
  await world.pass(100);
  return ids;
}

describe('received and handled', () => {
  it('resumes in another shard without a loss: detached with 50 unread, the next gets exactly those 50', async () => {
    const world = memoryWorld();
    await ready(world);
    const iterator = world.shard.dispatches('MESSAGE_CREATE');
    dispatch(world, 60);
    await world.pass(10);
    for (let i = 0; i < 10; i += 1) expect((await iterator.next()).value?.data.id).toBe(`${i}`);
    const eleventh = await iterator.next(); // asks for the next: ten are handled, this one is not
    expect(eleventh.value?.data.id).toBe('10');
    const record = await detached(world);
    expect((await iterator.next()).done).toBe(true);
    const ids = await idsReplayedTo(world, successor(world, record));
    expect(ids).toEqual(Array.from({ length: 50 }, (_, i) => `${i + 10}`));
  });

  it('counts what listeners got as handled', async () => {
    const world = memoryWorld();
    await ready(world);
    let seen = 0;
    world.shard.on('MESSAGE_CREATE', () => seen++);
    dispatch(world, 30);
    await world.pass(10);
    const record = await detached(world);
    expect(seen).toBe(30);
    dispatch(world, 3); // while nobody is connected
    expect(await idsReplayedTo(world, successor(world, record))).toEqual(['0', '1', '2']);
  });

  it('does not count what the slowest of two iterators has not asked beyond', async () => {
    const world = memoryWorld();
    await ready(world);
    const [fast, slow] = [world.shard.dispatches(), world.shard.dispatches('MESSAGE_CREATE')];
    dispatch(world, 5);
    await world.pass(10);
    for (let i = 0; i < 5; i += 1) await fast.next();
    await slow.next();
    await slow.next();
    expect(await idsReplayedTo(world, successor(world, await detached(world)))).toEqual(['1', '2', '3', '4']);
  });

  it('heartbeats and resumes of the same shard go by what was received', async () => {
    const world = memoryWorld({}, { heartbeatInterval: 5_000 });
    await ready(world);
    world.shard.dispatches();
    dispatch(world, 20);
    await world.pass(20_000);
    const beats = world
      .scene()
      .connections[0]?.entries.filter(({ from, payload }) => from === 'client' && payload?.op === 1);
    expect(beats?.at(-1)?.payload?.d).toBe(24);
    world.gateway.control.dropTcp();
    await world.pass(2_000);
    expect(world.scene().connections[1]?.entries.find(({ payload }) => payload?.op === 6)?.payload?.d).toMatchObject({
      seq: 24,
    });
  });

  it.each([
    ['another shard count', { shard: [0, 2] as const }],
    ['other intents', { intents: ['GUILDS'] as const }],
    ['another version', { query: { version: 9 } as const }],
    ['another compression', { compress: 'zlib-stream' } as const],
  ])('begins a new session when the record is of %s', async (_, options) => {
    const world = memoryWorld();
    await ready(world);
    const record = await detached(world);
    const next = successor(world, record, options);
    void next.start();
    await world.until(() => next.isReady);
    expect(next.session?.id).not.toBe(record?.sessionId);
    expect(world.gateway.sessions.map(({ sessionId }) => sessionId)).toEqual([record?.sessionId, next.session?.id]);
  });

  it.each(['zlib-stream', 'payload'] as const)('resumes a session of %s where that is used again', async (compress) => {
    const world = memoryWorld({ compress });
    await ready(world);
    const record = await detached(world);
    expect(record?.wire).toEqual({ version: 10, encoding: 'json', compress });
    dispatch(world, 2);
    expect(await idsReplayedTo(world, successor(world, record, { compress }))).toEqual(['0', '1']);
  });

  it('makes a record that survives JSON and holds no token', async () => {
    const world = memoryWorld();
    await ready(world);
    const record = await detached(world);
    expect(JSON.stringify(record)).not.toContain(TOKEN);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    expect(record).toMatchObject({ version: 1, shard: [0, 1], sequence: 4 });
  });

  it('resumes in the same shard after a detach and a start', async () => {
    const world = memoryWorld();
    await ready(world);
    const record = await detached(world);
    dispatch(world, 2);
    expect(await idsReplayedTo(world, world.shard)).toEqual(['0', '1']);
    expect(world.shard.session?.id).toBe(record?.sessionId);
  });

  it('hands the session on as it was got, when nothing of the replay was handled', async () => {
    const world = memoryWorld();
    await ready(world);
    const record = await detached(world);
    dispatch(world, 3);
    const second = successor(world, record);
    second.dispatches('MESSAGE_CREATE');
    void second.start();
    await world.until(() => second.isReady);
    const again = second.detach();
    await world.pass(600);
    expect((await again)?.sequence).toBe(record?.sequence);
    expect(await idsReplayedTo(world, successor(world, await again))).toEqual(['0', '1', '2']);
  });
});

describe('iterators', () => {
  it('give dispatches in order, and end when the shard stops, after what they hold', async () => {
    const world = memoryWorld();
    await ready(world);
    const iterator = world.shard.dispatches('MESSAGE_CREATE');
    dispatch(world, 3);
    await world.pass(10);
    void world.order.stop();
    await world.pass(600);
    const ids: string[] = [];
    for await (const { data } of iterator) ids.push(data.id);
    expect(ids).toEqual(['0', '1', '2']);
  });

  it('wait for what comes', async () => {
    const world = memoryWorld();
    await ready(world);
    const next = world.shard.dispatches('MESSAGE_CREATE').next();
    dispatch(world, 1);
    await world.pass(10);
    expect((await next).value?.data.id).toBe('0');
  });

  it('end with the error when the shard fails', async () => {
    const world = memoryWorld();
    await ready(world);
    const iterator = world.shard[Symbol.asyncIterator]();
    dispatch(world, 2);
    await world.pass(10);
    expect((await iterator.next()).done).toBe(false);
    world.gateway.control.closeWith(4014);
    await world.pass(10);
    expect((await iterator.next()).done).toBe(false);
    await expect(iterator.next()).rejects.toMatchObject({ closeCode: 4014 });
    expect((await iterator.next()).done).toBe(true);
  });

  it('say so when they are read too slowly for their bounded buffer', async () => {
    const world = memoryWorld({ buffer: 10 });
    await ready(world);
    const iterator = world.shard.dispatches('MESSAGE_CREATE');
    dispatch(world, 11);
    await world.pass(10);
    for (let i = 0; i < 10; i += 1) expect((await iterator.next()).done).toBe(false);
    await expect(iterator.next()).rejects.toMatchObject({ code: 'ERR_BUFFER_OVERFLOW', capacity: 10 });
    expect(world.shard.isReady).toBe(true);
  });

  it('let go of everything when they are left', async () => {
    const world = memoryWorld();
    await ready(world);
    const iterator = world.shard.dispatches();
    dispatch(world, 5);
    await world.pass(10);
    for await (const { name } of iterator) {
      expect(name).toBe('MESSAGE_CREATE');
      break;
    }
    await world.pass(10);
    expect(await detached(world)).toMatchObject({ sequence: 9 });
  });
});

describe('listeners', () => {
  it('that throw, or reject, are reported and break nothing', async () => {
    const world = memoryWorld();
    await ready(world);
    const problems: string[] = [];
    const got: Dispatch[] = [];
    world.shard.on('warning', ({ problem, error }) => problems.push(`${problem}: ${(error as Error).message}`));
    world.shard.on('MESSAGE_CREATE', () => {
      throw new Error('a bug in the bot');
    });
    world.shard.on('MESSAGE_CREATE', async () => {
      throw new Error('another bug in the bot');
    });
    world.shard.on('dispatch', (each) => got.push(each));
    dispatch(world, 1);
    await world.pass(10);
    expect(problems).toEqual([
      'a listener of MESSAGE_CREATE threw: a bug in the bot',
      'a listener of MESSAGE_CREATE threw: another bug in the bot',
    ]);
    expect(got).toHaveLength(1);
    expect(world.shard.isReady).toBe(true);
  });

  it('may order a stop in the middle of a burst: nothing comes after it', async () => {
    const world = memoryWorld();
    await ready(world);
    let seen = 0;
    world.shard.on('MESSAGE_CREATE', () => {
      seen += 1;
      if (seen === 3) void world.order.stop();
    });
    dispatch(world, 10);
    await world.pass(600);
    expect(seen).toBe(3);
    expect(world.shard.state).toBe('stopped');
  });
});
