import { describe, expect, expectTypeOf, it } from 'vitest';
import { createShard, type DispatchEvents } from '../../src/index.js';

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
