/** Which dispatches are delivered, with and without the option `events`, and what happens to the others. */
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { zlibInflate } from '../../adapters/zlib.js';
import type { DispatchEventName, IntentName } from '../../machines/index.js';
import { intentBits } from '../../machines/index.js';
import type { Dispatch, ShardOptions } from '../../src/shard/index.js';
import { shardsOn } from '../../src/shard/index.js';
import { memoryWorld, TOKEN, type World } from '../support/memory.js';

async function ready(world: World): Promise<void> {
  void world.order.start();
  await world.until(() => world.shard.isReady);
  await world.pass(100); // the guilds
}

/** Two of each, in turn: messages and typing. */
function chatter({ gateway }: World): void {
  for (const id of ['1', '2']) {
    gateway.control.dispatch('MESSAGE_CREATE', { id });
    gateway.control.dispatch('TYPING_START', { user_id: id });
  }
}

/** All that the shard hands on. */
function heardBy({ shard }: World): Dispatch[] {
  const heard: Dispatch[] = [];
  shard.on('dispatch', (dispatch) => heard.push(dispatch));
  return heard;
}

const sentBy = (world: World, op: number) =>
  world
    .scene()
    .connections.flatMap(({ entries }) => entries)
    .filter(({ from, payload }) => from === 'client' && payload?.op === op)
    .map(({ payload }) => payload?.d);

/** Names that no dispatch has: those of a shard's own events, and of what every object has. */
const OURS = [
  ...['transition', 'notice', 'warning', 'located', 'latency', 'health', 'dispatch', 'raw', 'backlog'],
  ...['xstate.stop', 'error', '*', '__proto__', 'constructor', 'toString', 'message\n'],
] as const;

describe('a dispatch that is named like an event of our own', () => {
  it.each(['json', 'etf'] as const)('is malformed in %s, and nobody hears it under its name', async (encoding) => {
    const lines: string[] = [];
    const world = memoryWorld({ encoding, record: (line) => lines.push(line) });
    await ready(world);
    const heard: unknown[] = [];
    for (const name of OURS.slice(0, 9)) {
      world.shard.on(name as 'dispatch', (first: unknown) => {
        const { cause } = (first ?? {}) as { cause?: { name?: string } };
        heard.push(cause?.name ?? `${name} heard ${JSON.stringify(first)}`);
      });
    }
    for (const name of OURS) world.gateway.control.dispatch(name as never, { mark: 1 } as never);
    await world.pass(100);
    for (const name of OURS.slice(9)) {
      expect(() => world.shard.on(name as 'dispatch', () => {})).toThrow(/^there is no event /);
    }
    expect(heard).toEqual(OURS.map(() => 'malformed'));
    expect(lines.join('\n')).not.toContain('"constructor"');
    expect(world.shard.isReady).toBe(true);
  });

  it('is emitted by no actor of createShardLogic under its name', async () => {
    const world = memoryWorld();
    const { gateway, clock } = world;
    const { createShardLogic } = shardsOn({ socket: () => gateway.socketPort, inflate: zlibInflate });
    const { locator: found } = gateway;
    const locator: typeof found = {
      locate: async (options) => ({ ...(await found.locate(options)), type: 'transition' }),
    };
    const logic = createShardLogic({ token: TOKEN, intents: ['GUILDS'], clock, random: () => 0.5, locator });
    const actor = createActor(logic, { clock });
    const emitted: string[] = [];
    actor.on('*', (event) => emitted.push(`${event.type} ${'cause' in event ? event.cause.name : ''}`));
    actor.start();
    await world.until(() => actor.getSnapshot().hasTag('streaming'));
    await world.pass(100);
    expect(emitted).not.toContain('transition '); // which the locator said
    emitted.length = 0;
    for (const name of OURS) gateway.control.dispatch(name as never, {} as never);
    await world.pass(100);
    expect(emitted).toEqual(OURS.map(() => 'notice malformed'));
    actor.stop();
  });
});

describe('a shard with events', () => {
  it('delivers those dispatches and no others, whoever listens', async () => {
    const world = memoryWorld({ events: ['MESSAGE_CREATE'] });
    const heard = heardBy(world);
    const iterator = world.shard.dispatches();
    await ready(world);
    chatter(world);
    await world.pass(10);
    expect(heard.map(({ name, data }) => [name, data])).toEqual([
      ['MESSAGE_CREATE', { id: '1' }],
      ['MESSAGE_CREATE', { id: '2' }],
    ]);
    expect((await iterator.next()).value).toMatchObject({ name: 'MESSAGE_CREATE', data: { id: '1' } });
  });

  it('counts the sequence of all: heartbeats and resumes go by it', async () => {
    const world = memoryWorld({ events: ['MESSAGE_CREATE'] }, { heartbeatInterval: 5_000 });
    const heard = heardBy(world);
    await ready(world);
    world.gateway.control.dispatch('MESSAGE_CREATE', { id: '1' });
    for (let i = 0; i < 20; i += 1) world.gateway.control.dispatch('TYPING_START', {});
    await world.pass(10);
    expect(world.shard.session?.sequence).toBe(25);
    await world.pass(40_000);
    expect(sentBy(world, 1).at(-1)).toBe(25);
    world.gateway.control.dropTcp();
    chatter(world);
    await world.until(() => world.shard.isReady);
    await world.pass(100);
    expect(sentBy(world, 6)[0]).toMatchObject({ seq: 25 });
    expect(heard.map(({ sequence, replayed }) => [sequence, replayed])).toEqual([
      [5, false],
      [26, true],
      [28, true],
    ]);
  });

  it('goes through READY and RESUMED, and delivers them if they are among its events', async () => {
    const world = memoryWorld({ events: ['RESUMED', 'READY'] });
    const heard = heardBy(world);
    await ready(world);
    world.gateway.control.dropTcp();
    await world.until(() => sentBy(world, 6).length === 1 && world.shard.isReady);
    expect(heard.map(({ name }) => name)).toEqual(['READY', 'RESUMED']);
  });

  it('does not hand over what it skipped as unread: the record holds what iterators had not handled', async () => {
    const world = memoryWorld({ events: ['MESSAGE_CREATE'] });
    const iterator = world.shard.dispatches();
    await ready(world); // up to 4
    chatter(world); // 5 and 7 are wanted
    await world.pass(10);
    const skipped = world.shard.detach();
    await world.pass(600);
    expect((await skipped)?.sequence).toBe(4);

    void world.order.start();
    await world.until(() => world.shard.isReady); // RESUMED is 9
    const again = world.shard.dispatches();
    world.gateway.control.dispatch('TYPING_START', {}); // 10
    world.gateway.control.dispatch('MESSAGE_CREATE', { id: '3' }); // 11
    await world.pass(10);
    const detached = world.shard.detach();
    await world.pass(600);
    expect((await detached)?.sequence).toBe(10);
    expect([await iterator.next(), await again.next()].map(({ done }) => done)).toEqual([true, true]);
  });

  it('does the same with an inspector, for which every dispatch goes through the chart', async () => {
    const told: string[] = [];
    const world = memoryWorld({
      events: ['MESSAGE_CREATE'],
      inspect: (event) => event.type === '@xstate.event' && told.push(event.event.type),
    });
    const heard = heardBy(world);
    await ready(world);
    chatter(world);
    await world.pass(10);
    expect(heard).toHaveLength(2);
    expect(told.filter((type) => type === 'dispatch')).toHaveLength(7); // three guilds among them
  });

  it('emits those alone as an actor', async () => {
    const world = memoryWorld();
    const { gateway, clock } = world;
    const { createShardLogic } = shardsOn({ socket: () => gateway.socketPort, inflate: zlibInflate });
    const { locator } = gateway;
    const logic = createShardLogic({
      token: TOKEN,
      events: ['MESSAGE_CREATE'],
      intents: ['GUILDS', 'GUILD_MESSAGES'],
      clock,
      random: () => 0.5,
      locator,
    });
    const actor = createActor(logic, { clock });
    const emitted: string[] = [];
    actor.on('*', ({ type }) => emitted.push(type));
    actor.start();
    await world.until(() => actor.getSnapshot().hasTag('streaming'));
    await world.pass(100);
    chatter(world);
    await world.pass(10);
    expect(emitted.filter((type) => type === type.toUpperCase())).toEqual(['MESSAGE_CREATE', 'MESSAGE_CREATE']);
    actor.stop();
  });
});

describe('a shard without events', () => {
  it('hands on data to whoever comes, from then on', async () => {
    const world = memoryWorld();
    await ready(world);
    chatter(world);
    await world.pass(10);
    const heard: unknown[] = [];
    const off = world.shard.on('MESSAGE_CREATE', (message) => heard.push(message));
    const iterator = world.shard.dispatches('TYPING_START');
    chatter(world);
    await world.pass(10);
    off();
    chatter(world);
    await world.pass(10);
    expect(heard).toEqual([{ id: '1' }, { id: '2' }]);
    const typing: unknown[] = [];
    for await (const { data } of iterator) if (typing.push(data) === 4) break;
    expect(typing).toEqual([{ user_id: '1' }, { user_id: '2' }, { user_id: '1' }, { user_id: '2' }]);
    chatter(world);
    await world.pass(10);
    expect(world.shard.session?.sequence).toBe(20);
  });
});

describe('a trace with contents', () => {
  it.each([{}, { events: ['MESSAGE_CREATE'] as const }])(
    'holds the data of all, though nobody listens: %j',
    async (options) => {
      const lines: string[] = [];
      const world = memoryWorld({ ...options, record: { to: (line) => lines.push(line), contents: true } });
      await ready(world);
      chatter(world);
      await world.pass(10);
      expect(lines.join('\n')).toContain('{"user_id":"2"}');
    },
  );
});

describe('the options events and intents', () => {
  const made = (options: { events?: unknown; intents?: unknown }, warnings: string[] = []) => {
    const world = memoryWorld();
    const { createShard } = shardsOn({ socket: () => world.gateway.socketPort, inflate: zlibInflate });
    const { locator } = world.gateway;
    const base = { token: TOKEN, clock: world.clock, random: () => 0, locator };
    const shard = createShard({ ...base, ...options } as unknown as ShardOptions);
    shard.on('warning', ({ problem }) => warnings.push(problem));
    return { ...world, shard };
  };
  const start = async ({ shard, pass }: Pick<World, 'shard' | 'pass'>) => {
    shard.start().catch(() => {});
    await pass(10);
  };

  it.each<[DispatchEventName[], IntentName[]]>([
    [
      ['MESSAGE_CREATE', 'GUILD_CREATE'],
      ['GUILDS', 'GUILD_MESSAGES', 'DIRECT_MESSAGES'],
    ],
    [['INTERACTION_CREATE'], []],
  ])('of %j alone mean the intents %j', async (events, intents) => {
    const world = made({ events });
    await start(world);
    await world.until(() => world.shard.isReady);
    expect(
      world.gateway.log.entries.find(({ payload }) => (payload as { op?: number })?.op === 2)?.payload,
    ).toMatchObject({
      d: { intents: intentBits(intents) },
    });
  });

  it.each([
    [
      'an event that never comes',
      { events: ['MESSAGE_CREATE', 'GUILD_CREATE'], intents: ['GUILDS'] },
      ['MESSAGE_CREATE never comes under these intents: add GUILD_MESSAGES or DIRECT_MESSAGES'],
    ],
    [
      'a privileged intent that an event needs',
      { events: ['GUILD_MEMBER_ADD', 'MESSAGE_CREATE'] },
      ['the events need GUILD_MEMBERS, to be enabled in the Developer Portal: set intents to say that they are'],
    ],
    ['no such intent that was set', { events: ['GUILD_MEMBER_ADD'], intents: ['GUILD_MEMBERS'] }, []],
    [
      'an event that is not documented',
      { events: ['NEVER_HEARD_OF', 'READY'], intents: [] },
      ['events: there is no documented event "NEVER_HEARD_OF"'],
    ],
    ['nothing of events about the bot itself', { events: ['GUILD_MEMBER_UPDATE'], intents: [] }, []],
    ['nothing of intents alone', { intents: ['GUILDS'] }, []],
  ])('lead to a warning at the first start, and at no other, of %s', async (_, options, expected) => {
    const warnings: string[] = [];
    const world = made(options, warnings);
    expect(warnings).toEqual([]);
    await start(world);
    void world.shard.stop();
    await world.pass(5_000);
    await start(world);
    expect(warnings).toEqual(expected);
  });

  it.each([
    [{}, 'intents is missing: set it, or set events to the dispatches that you want'],
    [{ events: 'MESSAGE_CREATE' }, "events must be a list of names, such as ['MESSAGE_CREATE']"],
    [{ events: ['messageCreate'] }, 'events: there is no documented event "messageCreate": write MESSAGE_CREATE'],
    [{ events: [undefined], intents: 0 }, 'events: there is no documented event of that name (undefined)'],
    [{ events: ['GIFT_CODE_UPDATE'] }, /^events: there is no documented event .*: set intents too$/],
    [{ events: ['MESSAGE_CREATE'], intents: ['GUILD'] }, /^there is no intent "GUILD"/],
  ])('%j is refused with what to write', (options, message) => {
    expect(() => made(options)).toThrow(TypeError);
    expect(() => made(options)).toThrow(message);
  });
});
