/** How often a shard identifies, whatever the Gateway does: against a simulated Gateway, on simulated time. */
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { zlibInflate } from '../../adapters/zlib.js';
import type { Cause } from '../../machines/index.js';
import { memoryPermits } from '../../src/limits/memory-permits.js';
import { simulatedClock } from '../../src/ports/clock.js';
import { type ShardOptions, shardsOn } from '../../src/shard/index.js';
import { createMemoryGateway, type MemoryGatewayOptions } from '../../src/simulator/memory.js';
import { memoryWorld, TOKEN, type World } from '../support/memory.js';

const MINUTE = 60_000;

/** A shard that is ready, and has identified once. */
async function readyWorld(options: Partial<ShardOptions> = {}, gateway: Partial<MemoryGatewayOptions> = {}) {
  const world = memoryWorld({ random: () => 0.5, ...options }, gateway);
  void world.order.start();
  await world.until(() => world.shard.isReady);
  return world;
}

const waitsForIdentify = ({ shard }: World) =>
  shard.state === 'running.waiting' && shard.health().cause.name === 'permitDelayed';

/** Ends its sessions until the shard has no identify left and waits for one. */
async function exhaust(world: World): Promise<void> {
  for (let i = 0; i < 10; i += 1) {
    world.gateway.control.closeWith(4009);
    await world.until(() => !world.shard.isReady);
    await world.until(() => world.shard.isReady || waitsForIdentify(world));
  }
  expect(waitsForIdentify(world)).toBe(true);
}

const identifiesIn = (world: World) =>
  world
    .scene()
    .connections.flatMap(({ entries }) => entries)
    .filter(({ from, payload }) => from === 'client' && payload?.op === 2).length;

describe('the identifies of a shard', () => {
  it('are ten in a row; then it waits for the next, says so, and comes back by itself', async () => {
    const causes: Cause[] = [];
    const world = await readyWorld();
    world.shard.on('transition', ({ causes: told }) => causes.push(...told));
    expect(world.shard.health().identifies).toMatchObject({ left: 9 });
    await exhaust(world);
    expect(identifiesIn(world)).toBe(10);
    const { identifies, retryAt, why, status } = world.shard.health();
    expect(identifies).toEqual({ left: 0, nextAt: expect.any(Number) });
    expect(identifies.nextAt).toBeLessThanOrEqual(retryAt ?? 0);
    expect(retryAt).toBeLessThan((identifies.nextAt ?? 0) + 2 * MINUTE);
    expect(status).toBe('down');
    expect(why).toMatch(/this shard has used up its bucket of 10 identifies: the next comes in \d+ min/);
    expect(causes.filter(({ name }) => name === 'permitDelayed')).toHaveLength(1);
    await world.pass((retryAt ?? 0) - world.clock.now() - 1);
    expect(identifiesIn(world)).toBe(10);
    await world.until(() => world.shard.isReady);
    expect(identifiesIn(world)).toBe(11);
  });

  it('are refilled once it has held, by time alone', async () => {
    const world = await readyWorld();
    await exhaust(world);
    await world.until(() => world.shard.isReady);
    await world.pass(2 * MINUTE);
    expect(world.shard.state).toContain('ready.settled');
    expect(world.shard.health().identifies.left).toBe(0);
    await world.pass(8 * MINUTE);
    expect(world.shard.health().identifies.left).toBe(1);
    await world.pass(100 * MINUTE);
    expect(world.shard.health().identifies).toEqual({ left: 10, nextAt: null });
  });

  it('go at once by order, which is over with the first', async () => {
    const world = await readyWorld();
    await exhaust(world);
    const at = world.clock.now();
    world.order.reconnect({ fresh: true });
    await world.until(() => world.shard.isReady);
    expect(world.clock.now() - at).toBeLessThan(10_000);
    expect(identifiesIn(world)).toBe(11);
    world.gateway.control.closeWith(4009);
    await world.until(() => waitsForIdentify(world));
    expect(identifiesIn(world)).toBe(11);
  });

  it('are not refilled by a stop, and a start goes at once', async () => {
    const world = await readyWorld();
    await exhaust(world);
    const stopped = world.order.stop();
    await world.pass(1_000);
    await stopped;
    expect(world.shard.health().identifies.left).toBe(0);
    const ordered = world.clock.now();
    void world.order.start();
    await world.until(() => world.shard.isReady);
    expect(world.clock.now() - ordered).toBeLessThan(60_000); // the next of the bucket comes later
    expect(world.shard.health().identifies.left).toBe(0);
    world.gateway.control.closeWith(4009);
    await world.until(() => waitsForIdentify(world));
  });

  it('are not asked for by an order that was carried out with a resume', async () => {
    const world = await readyWorld();
    await exhaust(world);
    await world.until(() => world.shard.isReady);
    world.order.reconnect();
    await world.until(() => !world.shard.isReady);
    await world.until(() => world.shard.isReady);
    expect(identifiesIn(world)).toBe(11);
    world.gateway.control.closeWith(4009);
    await world.until(() => waitsForIdentify(world));
    expect(identifiesIn(world)).toBe(11);
  });

  it('go at once where a resume that was ordered comes to nothing', async () => {
    const world = await readyWorld();
    await exhaust(world);
    await world.until(() => world.shard.isReady);
    world.gateway.control.injectFault('withholdResumed', { times: 1 });
    world.order.reconnect();
    await world.until(() => world.shard.state.includes('session.resuming'));
    await world.pass(100);
    world.gateway.control.invalidateSession(false);
    const at = world.clock.now();
    await world.until(() => identifiesIn(world) === 12);
    expect(world.clock.now() - at).toBeLessThan(MINUTE);
    await world.until(() => world.shard.isReady);
  });

  it('come back by the share of the day that Get Gateway Bot tells', async () => {
    const options = { shard: [0, 16] as const };
    const refilledIn = async (gateway: Partial<MemoryGatewayOptions>) => {
      const { shard, clock } = await readyWorld(options, { shards: 16, ...gateway });
      return Math.round(((shard.health().identifies.nextAt ?? 0) - clock.now()) / MINUTE);
    };
    expect(await refilledIn({})).toBe(29);
    expect(await refilledIn({ identifiesPerDay: 2000 })).toBe(14);
  });

  it('are not granted by a start of a shard that runs already', async () => {
    const clock = simulatedClock();
    const gateway = createMemoryGateway({ clock, token: TOKEN });
    const { createShardLogic } = shardsOn({ socket: () => gateway.socketPort, inflate: zlibInflate });
    const ports = { clock, random: () => 0.5, locator: gateway.locator, permits: memoryPermits({ clock }) };
    const logic = createShardLogic({ token: TOKEN, intents: [], ...ports });
    const actor = createActor(logic, { clock }).start();
    let identifies = 0;
    actor.on('READY', () => {
      identifies += 1;
    });
    for (let i = 0; i < 15 * 60; i += 1) {
      actor.send({ type: 'start' });
      gateway.control.closeWith(4009);
      for (let turn = 0; turn < 20; turn += 1) {
        clock.increment(50);
        for (let tick = 0; tick < 10; tick += 1) await null;
      }
    }
    expect(identifies).toBe(11);
    actor.stop();
    gateway.stop();
  });
});
