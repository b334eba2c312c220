import { describe, expect, it } from 'vitest';
import { Tally } from '../../../src/cli/live/tally.js';
import type { Shard } from '../../../src/shard/index.js';
import { memoryWorld } from '../../support/memory.js';

describe('the tally of a shard', () => {
  it('counts causes, and dispatches by name, apart from those that were replayed', async () => {
    const { shard, gateway, order, pass, until } = memoryWorld();
    const tally = new Tally(shard);
    expect([tally.received, tally.takeRecent(), tally.count('started')]).toEqual([{ total: 0, replayed: 0 }, [], 0]);

    void order.start();
    await until(() => shard.isReady);
    await pass(100);
    expect(Object.fromEntries(tally.dispatches)).toEqual({
      READY: { total: 1, replayed: 0 },
      GUILD_CREATE: { total: 3, replayed: 0 },
    });

    gateway.control.dropTcp();
    for (let n = 0; n < 2; n += 1) gateway.control.dispatch('MESSAGE_CREATE', {});
    await until(() => tally.count('resumed') === 1);
    gateway.control.dispatch('MESSAGE_CREATE', {});
    await pass(100);
    expect(Object.fromEntries(tally.dispatches)).toMatchObject({
      MESSAGE_CREATE: { total: 3, replayed: 2 },
      RESUMED: { total: 1 },
    });
    expect(tally.received).toEqual({ total: 8, replayed: 2 });
    expect(
      (['started', 'ready', 'closedForResume', 'resumed', 'stopped'] as const).map((cause) => tally.count(cause)),
    ).toEqual([1, 1, 1, 1, 0]);
    gateway.stop();
  });

  it('counts what is noticed without a step', async () => {
    const { shard, gateway, order, pass, until } = memoryWorld();
    const tally = new Tally(shard);
    void order.start();
    await until(() => shard.isReady);
    for (let n = 0; n < 2; n += 1) gateway.control.injectFault('malformed', { kind: 'unknownOpcode' });
    await pass(100);
    expect(tally.count('unknownOpcode')).toBe(2);
    gateway.stop();
  });

  it('gives the recent dispatches once, the most frequent first', async () => {
    const { shard, gateway, order, pass, until } = memoryWorld();
    const tally = new Tally(shard);
    void order.start();
    await until(() => shard.isReady);
    await pass(100);
    expect(tally.takeRecent()).toEqual([
      ['GUILD_CREATE', 3],
      ['READY', 1],
    ]);
    expect(tally.takeRecent()).toEqual([]);
    gateway.control.dispatch('MESSAGE_CREATE', {});
    await pass(100);
    expect(tally.takeRecent()).toEqual([['MESSAGE_CREATE', 1]]);
    expect(tally.received.total).toBe(5);
    gateway.stop();
  });

  it('knows the average latency, and none before the first', () => {
    // A shard in memory always has the same latency.
    const listeners = new Map<string, (news: object) => void>();
    const shard = { on: (name: string, listener: (news: object) => void) => void listeners.set(name, listener) };
    const tally = new Tally(shard as unknown as Shard);
    expect(tally.latency).toBeNull();
    for (const ms of [10, 40, 40]) listeners.get('latency')?.({ ms });
    expect(tally.latency).toBe(30);
  });

  it('counts the dispatches of a Gateway that makes up names together', () => {
    const heard = new Map<string, (news: never) => void>();
    const shard = { on: (name: string, listener: (news: never) => void) => heard.set(name, listener) };
    const tally = new Tally(shard as unknown as Shard);
    for (let i = 0; i < 600; i += 1) heard.get('dispatch')?.({ name: `N_${i}`, replayed: false } as never);
    heard.get('dispatch')?.({ name: 'N_0', replayed: false } as never);
    expect(tally.dispatches.size).toBe(501);
    expect(tally.received.total).toBe(601);
    expect([tally.dispatches.get('N_0')?.total, tally.dispatches.get('others')?.total]).toEqual([2, 100]);
    expect(tally.takeRecent()[0]).toEqual(['others', 100]);
  });
});
