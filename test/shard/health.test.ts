import { describe, expect, it } from 'vitest';
import { CAUSES, shardAbstraction, shardMachine, stateName } from '../../machines/index.js';
import { LocateError } from '../../src/host/ports.js';
import { rowsFor, statusIn } from '../../src/shard/health.js';
import type { Health } from '../../src/shard/index.js';
import { explore } from '../../src/testing/graph.js';
import { memoryWorld } from '../support/memory.js';

const { nodes } = explore(shardMachine, shardAbstraction);
const snapshots = [...nodes.values()].map(({ snapshot }) => snapshot);
const statesThatAre = (status: string) =>
  new Set(snapshots.filter((snapshot) => statusIn(snapshot) === status).map(({ value }) => stateName(value)));

describe('the health of a shard', () => {
  it('is known in every state of the chart', () => {
    for (const { value } of snapshots) expect(rowsFor(stateName(value)), stateName(value)).not.toHaveLength(0);
  });

  it('is good in no state in which dispatches do not arrive, or the Gateway may be dead', () => {
    for (const state of statesThatAre('healthy')) {
      expect(state).toMatch(/session\.ready\.(settling|settled)/);
      expect(state).not.toMatch(/overdue|paused|excused|catchingUp/);
    }
    const ready = snapshots.filter(({ value }) =>
      /ready.*(jittering|awaitingAck|acked).*flowing/.test(stateName(value)),
    );
    for (const snapshot of ready) expect(statusIn(snapshot)).toBe('healthy');
  });

  it('is down where nothing runs or it ends', () => {
    for (const { value, context } of snapshots) {
      const ends = /^(stopped|failed)$|closing\.(stopping|failing)$/.test(stateName(value));
      if (ends) expect(statusIn({ value, context })).toBe('down');
    }
  });

  it('is down from the third try on, and in a long wait, wherever the shard is about to connect', () => {
    for (const { value, context } of snapshots) {
      const status = statusIn({ value, context: { ...context, attempts: 1 } });
      const later = statusIn({ value, context: { ...context, attempts: 3 } });
      const isReady = stateName(value).includes('session.ready');
      if (!isReady) expect(later).toBe('down');
      else expect(later).toBe(status);
    }
    const waiting = snapshots.find(({ value }) => stateName(value) === 'running.waiting');
    if (!waiting) throw new Error('no state waits');
    const told = (ms: number) => ({
      value: waiting.value,
      context: { ...waiting.context, attempts: 0, wait: { for: 'retryAfter', ms } as const },
    });
    expect(statusIn(told(60_000))).toBe('degraded');
    expect(statusIn(told(60_001))).toBe('down');
  });
});

/** What a shard said of its health: when, how, and why by the name of the cause. */
function heard(world: ReturnType<typeof memoryWorld>) {
  const said: Health[] = [];
  world.shard.on('health', (health) => said.push(health));
  return { said, brief: () => said.splice(0).map(({ status, cause }) => `${status}: ${cause.name}`) };
}

describe('shard.health()', () => {
  it('is down before the start, then degraded, then healthy, and says since when and why', async () => {
    const world = memoryWorld();
    const { said, brief } = heard(world);
    expect(world.shard.health()).toEqual({
      status: 'down',
      since: 0,
      why: CAUSES.stopped.says,
      clause: 'user',
      cause: { name: 'stopped' },
      state: 'stopped',
    });
    await world.pass(1_000);
    void world.order.start();
    expect(world.shard.health()).toMatchObject({ status: 'degraded', since: 1_000, why: CAUSES.started.says });
    await world.until(() => world.shard.isReady);
    expect(world.shard.health()).toMatchObject({
      status: 'healthy',
      since: world.clock.now(),
      clause: 'gateway#ready-event',
      state: world.shard.state,
    });
    expect(said.at(-1)).toEqual(world.shard.health());
    expect(brief()).toEqual(['degraded: started', 'healthy: ready']);
  });

  it('tells a lost connection, a resume, a missed ACK and a zombie, each once, and no heartbeat that goes well', async () => {
    const world = memoryWorld();
    const { brief } = heard(world);
    void world.order.start();
    await world.until(() => world.shard.isReady);
    await world.pass(100_000);
    expect(brief()).toEqual(['degraded: started', 'healthy: ready']);
    const since = world.clock.now();
    world.gateway.control.injectFault('dropTcp');
    await world.pass(10);
    expect(world.shard.health()).toMatchObject({
      status: 'degraded',
      since: expect.closeTo(since, -2),
      why: expect.stringContaining('1006'),
      clause: 'gateway#disconnecting',
    });
    await world.until(() => world.shard.isReady);
    expect(brief()).toEqual(['degraded: closedForResume', 'healthy: resumed']);
    await world.pass(60_000);
    world.gateway.control.injectFault('goSilent');
    await world.pass(100_000);
    expect(brief()).toEqual(['degraded: ackMissing', 'degraded: zombied', 'healthy: resumed']);
  });

  it('is down once three tries were in vain, keeps its beginning, and has the last reason', async () => {
    let isRight = false;
    const world = memoryWorld({
      locator: {
        locate: async () => {
          if (isRight) return { url: 'wss://gateway.discord.gg', shards: 1, sessionStartLimit: null, fetchedAt: 0 };
          throw new LocateError('unavailable', 'on purpose');
        },
      },
    });
    const { said } = heard(world);
    void world.order.start();
    await world.until(() => world.shard.health().status === 'down');
    const { since, cause } = world.shard.health();
    expect(cause.name).toBe('locateFailed');
    expect(said.map(({ status }) => status)).toEqual(['degraded', 'degraded', 'down']);
    expect(said.map(({ cause: { name } }) => name)).toEqual(['started', 'locateFailed', 'locateFailed']);
    await world.pass(30_000);
    expect(world.shard.health()).toMatchObject({ status: 'down', since });
    isRight = true;
    await world.until(() => world.shard.isReady);
    expect(world.shard.health().status).toBe('healthy');
  });

  it('is down when the shard has failed or was stopped, with the reason', async () => {
    const world = memoryWorld();
    void world.order.start();
    await world.until(() => world.shard.isReady);
    world.gateway.control.injectFault('closeWith', { code: 4004 });
    await world.pass(1_000);
    expect(world.shard.health()).toMatchObject({
      status: 'down',
      why: expect.stringContaining('4004 Authentication failed'),
      state: 'failed',
    });
    void world.order.start();
    await world.until(() => world.shard.isReady);
    const stopped = world.order.stop();
    await world.pass(1_000);
    await stopped;
    expect(world.shard.health()).toMatchObject({ status: 'down', cause: { name: 'stopped' } });
  });
});
