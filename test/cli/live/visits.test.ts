import { describe, expect, it } from 'vitest';
import { Visits } from '../../../src/cli/live/visits.js';
import { memoryWorld } from '../../support/memory.js';

/** What is visited on the way of a shard to READY, from the documentation of the connection's life. */
const WAY = [
  'shard.stopped',
  'shard.running',
  'shard.running.choosing',
  'shard.running.locating',
  'shard.running.connection',
  'shard.running.connection.reaching.opening',
  'shard.running.connection.reaching.awaitingHello',
  'shard.running.connection.open.session.queuedForIdentify',
  'shard.running.connection.open.session.identifying',
  'shard.running.connection.open.session.ready.settling',
  'shard.running.connection.open.heartbeat.jittering',
];

describe('the visits to the chart', () => {
  it('are none before the shard moves', () => {
    const { states, rows } = new Visits();
    expect([states.covered, rows.covered]).toEqual([0, 0]);
    expect([states.missing.length, rows.missing.length]).toEqual([states.of, rows.of]);
    expect(states.missing).toEqual(expect.arrayContaining(['shard.failed', ...WAY]));
  });

  it('are the states and rows of each step, those that are left at once among them', async () => {
    const visits = new Visits();
    const { shard, gateway, order, until } = memoryWorld({ inspect: visits.inspect });
    void order.start();
    await until(() => shard.isReady);
    const { states, rows } = visits;
    expect(states.missing.filter((id) => WAY.includes(id))).toEqual([]);
    expect(states.missing).toEqual(
      expect.arrayContaining([
        'shard.failed',
        'shard.running.waiting',
        'shard.running.connection.open.session.resuming',
        'shard.running.connection.open.heartbeat.beating.overdue',
      ]),
    );
    for (const row of ['shard.stopped: start', 'shard.running.locating: located']) {
      expect(rows.missing).not.toContain(row);
    }
    expect(rows.missing).toContain('shard.running: stop');
    for (const share of [states, rows]) expect(share.covered + share.missing.length).toBe(share.of);
    gateway.stop();
  });

  it('count once, however often they are made', async () => {
    const visits = new Visits();
    const { shard, gateway, order, until, pass } = memoryWorld({ inspect: visits.inspect });
    const round = async () => {
      gateway.control.dropTcp();
      await until(() => !shard.isReady);
      await until(() => shard.isReady);
      await pass(100_000);
    };
    void order.start();
    await until(() => shard.isReady);
    await pass(100_000);
    await round();
    const { states, rows } = visits;
    await round();
    expect([visits.states, visits.rows]).toEqual([states, rows]);
    gateway.stop();
  });
});
