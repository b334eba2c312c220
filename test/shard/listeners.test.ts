import { describe, expect, expectTypeOf, it } from 'vitest';
import { createShard, type DispatchEvents } from '../../src/index.js';

describe('the listeners of a shard', () => {
  const shard = createShard({ token: 'token', intents: ['GUILDS'], url: 'ws://127.0.0.1:1' });

  it('are typed by their event, without a word about types', () => {
    shard.on('MESSAGE_CREATE', (message, { sequence, replayed }) => {
      expectTypeOf(message).toEqualTypeOf<DispatchEvents['MESSAGE_CREATE']>();
      expectTypeOf(sequence).toEqualTypeOf<number>();
      expectTypeOf(replayed).toEqualTypeOf<boolean>();
    });
    shard.on('dispatch', ({ name }) => expectTypeOf(name).toEqualTypeOf<string>());
    shard.on('latency', ({ ms }) => expectTypeOf(ms).toEqualTypeOf<number>());
    // @ts-expect-error there is no such event
    shard.on('MESSAGE_CREATED', () => {});
    expect(shard.state).toBe('stopped');
  });
});
