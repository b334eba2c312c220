import { describe, expect, expectTypeOf, it } from 'vitest';
import { createShard, type DispatchEvents } from '../../src/index.js';
import { idle, ShardBench, textOf } from '../support/shard-bench.js';

describe('the listeners of a shard', () => {
  const shard = createShard({ token: 'token', intents: ['GUILDS'], url: 'ws://127.0.0.1:1' });

  it('are typed by their event, without a word about types', () => {
    shard.on('MESSAGE_CREATE', (message, { sequence, replayed }) => {
      expectTypeOf(message).toEqualTypeOf<DispatchEvents['MESSAGE_CREATE']>();
      expectTypeOf(sequence).toEqualTypeOf<number | null>();
      expectTypeOf(replayed).toEqualTypeOf<boolean>();
    });
    shard.on('dispatch', ({ name }) => expectTypeOf(name).toEqualTypeOf<string>());
    shard.on('latency', ({ ms }) => expectTypeOf(ms).toEqualTypeOf<number>());
    // @ts-expect-error there is no such event
    expect(() => shard.on('MESSAGE_CREATED', () => {})).toThrow('write MESSAGE_CREATE');
    expect(shard.state).toBe('stopped');
  });

  it.each<[unknown, string]>([
    ['messageCreate', 'there is no event "messageCreate": write MESSAGE_CREATE'],
    ['MESSAGE_CRAETE', 'there is no documented event "MESSAGE_CRAETE": write MESSAGE_CREATE'],
    ['ready', 'there is no event "ready": write READY'],
    ['message', 'there is no event "message": write MESSAGE_CREATE'],
    ['messages', 'there is no event "messages"; there are transition, notice, warning, health, storm,'],
    [['READY'], 'an event is one name, not a list: name several one after the other'],
    [{ READY() {} }, 'there is no event of that name (an object); there are'],
    ['transitions', 'there is no event "transitions": write transition'],
    ['error', 'there is no event "error": write failed, or warning'],
    ...['close', 'debug', 'disconnect', 'reconnecting'].map((name): [string, string] => [
      name,
      `there is no event "${name}": write transition`,
    ]),
    ['shardReady', 'there is no event "shardReady": write READY'],
    ['warn', 'there is no event "warn": write warning'],
    [undefined, 'there is no event of that name (undefined); there are'],
    ['__proto__', 'there is no event "__proto__"; there are'],
  ])('are refused for %s, which is no event', (event, says) => {
    expect(() => shard.on(event as 'raw', () => {})).toThrow(TypeError);
    expect(() => shard.on(event as 'raw', () => {})).toThrow(says);
    expect(() => shard.once(event as 'raw', () => {})).toThrow(says);
  });

  it('are taken for a dispatch that is not documented', () => {
    expect(shard.on('NEVER_HEARD_OF' as 'READY', () => {})).toBeTypeOf('function');
  });

  it.each([undefined, null, 'x', {}])('must be functions, and are not if %s', (listener) => {
    expect(() => shard.on('READY', listener as never)).toThrow('a listener of "READY" must be a function');
  });

  it('are refused for what a shard with events is not for', () => {
    const some = createShard({ token: 'token', events: ['MESSAGE_CREATE'], url: 'ws://127.0.0.1:1' });
    const says = 'GUILD_CREATE never comes: this shard is for MESSAGE_CREATE; add it to the option events';
    expect(() => some.on('GUILD_CREATE' as 'MESSAGE_CREATE', () => {})).toThrow(says);
    expect(() => some.dispatches('GUILD_CREATE' as 'MESSAGE_CREATE')).toThrow(says);
    expect(some.on('transition', () => {})).toBeTypeOf('function');
  });

  it('are refused by once and off as by on', () => {
    expect(() => shard.once('READY', undefined as never)).toThrow('a listener of "READY" must be a function');
    expect(() => shard.off('READY', undefined as never)).toThrow('a listener of "READY" must be a function');
    expect(() => shard.off('MESAGE_CREATE' as 'READY', () => {})).toThrow('write MESSAGE_CREATE');
  });

  it('are warned of what the intents do not bring, once', async () => {
    const some = createShard({ token: 'token', intents: ['GUILDS'], url: 'ws://127.0.0.1:1' });
    const problems: string[] = [];
    for (let i = 0; i < 2; i += 1) some.on('MESSAGE_CREATE', () => i);
    some.on('GUILD_CREATE', () => {});
    some.dispatches('TYPING_START');
    some.on('warning', ({ problem }) => problems.push(problem));
    await Promise.resolve();
    expect(problems).toEqual([
      'MESSAGE_CREATE never comes under these intents: add GUILD_MESSAGES or DIRECT_MESSAGES',
      'TYPING_START never comes under these intents: add GUILD_MESSAGE_TYPING or DIRECT_MESSAGE_TYPING',
    ]);
  });

  it('are warned of with the first, where there is but one', async () => {
    const b = new ShardBench({ hears: ['warning'], intents: 1 });
    b.shard.on('TYPING_START', () => {});
    await Promise.resolve();
    expect(b.lines.filter((line) => line.includes('TYPING_START never comes'))).toHaveLength(1);
  });

  it('are not warned of again where events have said it', async () => {
    const b = new ShardBench({ hears: ['warning'], events: ['MESSAGE_CREATE'], intents: 1 });
    b.shard.on('MESSAGE_CREATE', () => {});
    await idle();
    expect(b.lines).toEqual([]);
    await b.begin();
    expect(b.lines.filter((line) => line.includes('MESSAGE_CREATE'))).toHaveLength(1);
  });

  it('are told, once those that asked for once, and none that left', async () => {
    const b = new ShardBench();
    const { shard } = b;
    const off = shard.on('dispatch', ({ name }) => b.note(`one heard ${name}`));
    shard.once('dispatch', ({ name }) => b.note(`another heard ${name}`));
    shard.on('A' as 'READY', (data, info) => b.note(['A', data, info]));
    const third = ({ name }: { name: string }) => b.note(`a third heard ${name}`);
    shard.on('dispatch', third);
    shard.on('dispatch', third);
    await b.begin();
    b.dispatch(2, 'A', { x: 1 });
    off();
    shard.off('dispatch', third);
    shard.off('health', () => {});
    b.dispatch(3, 'A', { x: 2 });

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'one heard READY',
      'another heard READY',
      'a third heard READY',
      'start: done',
      '["A",{"x":1},{"sequence":2,"replayed":false}]',
      'one heard A',
      'a third heard A',
      '["A",{"x":2},{"sequence":3,"replayed":false}]',
    ]);
  });

  it('that throw break nothing: that is a warning, and thrown elsewhere where nobody would hear it', async () => {
    const b = new ShardBench({ hears: ['warning'] });
    const { setTimeout } = globalThis;
    const later: (() => void)[] = [];
    globalThis.setTimeout = ((fn: () => void) => later.push(fn)) as never;
    try {
      const fail = (message: string) => () => {
        throw new Error(message);
      };
      b.shard.on('warning', fail('of a warning'));
      b.shard.on('A' as 'READY', fail('of A'));
      b.shard.on('A' as 'READY', () => b.note('heard'));
      await b.begin();
      b.dispatch(2);
      for (const throwing of later) {
        try {
          throwing();
        } catch (error) {
          b.note(`thrown elsewhere: ${textOf(error)}`);
        }
      }
    } finally {
      globalThis.setTimeout = setTimeout;
    }

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'warning a listener of A threw: of A',
      'heard',
      'thrown elsewhere: of a warning',
    ]);
  });

  it('are removed one by one, and one that the shard does not have changes nothing', async () => {
    const b = new ShardBench();
    const { shard } = b;
    const first = () => b.note('the first is notified');
    const off = shard.off.bind(shard) as (event: 'dispatch', listener: () => void) => void;
    off('dispatch', first);
    shard.on('warning', ({ problem }) => b.note(problem));
    off('dispatch', first);
    await b.begin();
    shard.on('dispatch', first);
    shard.on('dispatch', () => b.note('the second is notified'));
    b.dispatch(2);
    off('dispatch', first);
    b.dispatch(3);

    expect(b.lines).toEqual([
      'open 1 gateway.discord.gg',
      'send identify',
      'start: done',
      'the first is notified',
      'the second is notified',
      'the second is notified',
    ]);
  });
});

describe('reconnect', () => {
  const shard = createShard({ token: 'token', intents: 1, url: 'ws://127.0.0.1:1' });

  it.each([
    [true, 'the argument is true; it must be an object'],
    [null, 'the argument is null; it must be an object'],
    [{ frsh: true }, 'there is no option frsh: write fresh'],
    [{ fresh: 'yes' }, "fresh is 'yes'; it must be true or false"],
  ])('refuses %j', (options, says) => {
    expect(() => shard.reconnect(options as never)).toThrow(new TypeError(says));
  });
});
