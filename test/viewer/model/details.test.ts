import { describe, expect, it } from 'vitest';
import { createMachine, raise } from 'xstate';
import { CAUSES, stateNodesOf } from '../../../machines/index.js';
import { type Chart, chartOf } from '../../../src/viewer/model/charts.js';
import { type Details, detailsOf } from '../../../src/viewer/model/details.js';

const known = (id: string): Chart => {
  const chart = chartOf(id);
  if (chart === undefined) throw new Error(`there is no chart ${id}`);
  return chart;
};
const shard = known('shard');
const gateway = known('gateway');

/** The ways out of a state, as when, guard, to and from. */
const waysOf = ({ ways }: Details) => ways.map(({ when, guard, to, from }) => [when, guard, to, from]);
const of = (chart: Chart, id: string): Details => {
  const details = detailsOf(chart, `${chart.id}.${id}`);
  if (details === undefined) throw new Error(`there is no state ${id}`);
  return details;
};

describe('the details of a state', () => {
  it.each([shard, gateway])('are there for every state, with words for each way out: $id', (chart) => {
    for (const state of chart.nodes.keys()) {
      const details = detailsOf(chart, state);
      expect(details?.title).not.toBe('');
      for (const { when, why } of details?.ways ?? []) expect([when !== '', typeof why]).toEqual([true, 'string']);
    }
  });

  it('are not there for a state that the chart has not', () => {
    expect(detailsOf(shard, 'shard.nowhere')).toBeUndefined();
    expect(detailsOf(shard, 'stopped')).toBeUndefined();
  });

  it('name rule, clause, deadline and what leaves it, also by way of what is around it', () => {
    const details = of(shard, 'running.connection.reaching.awaitingHello');
    expect(details).toMatchObject({
      title: 'awaitingHello',
      rule: 'Nothing is sent before Hello.',
      spec: 'gateway#hello-event',
      deadlines: ['Hello: within 20 s'],
    });
    expect(waysOf(details).filter(([when]) => when === 'the connection closes')).toEqual([
      ['the connection closes', 'with 4004, 4010, 4011, 4012, 4013, 4014', 'failed', 'reaching'],
      ['the connection closes', 'with 4003, 4005, 4006, 4007, 4009', 'waiting', 'reaching'],
      ['the connection closes', '', 'waiting', 'reaching'],
    ]);
  });

  it.each([
    ['running.locating', ['looks up the Gateway URL'], ['answer with the Gateway URL: within 15 s']],
    ['running.connection', ['opens a WebSocket'], []],
    ['running.connection.open.session.identifying', ['sends Identify'], ['READY: within 5 min']],
    [
      'running.connection.open.heartbeat.jittering',
      [],
      ['first heartbeat: after a random part of one heartbeat interval'],
    ],
    [
      'running.connection.open.heartbeat.beating',
      ['sends a heartbeat'],
      ['next heartbeat: after one heartbeat interval'],
    ],
    [
      'running.connection.open.heartbeat.beating.overdue.listening',
      [],
      ['all is read, or it is a zombie: within 250 ms'],
    ],
    [
      'running.connection.open.session.ready.settling',
      [],
      ['good with the next ACK: after one heartbeat interval, 30 s at least'],
    ],
    ['stopped', [], []],
  ])('name what is done on entry, and the deadlines that begin: %s', (id, entry, deadlines) => {
    expect(of(shard, id)).toMatchObject({ entry, deadlines });
  });

  it('say of a wait how long it is', () => {
    expect(of(shard, 'running.waiting').deadlines).toEqual([expect.stringMatching(/^next try: 0 to 500 ms if /)]);
  });

  it("name the Gateway's timers, whose times are the simulator's", () => {
    expect(of(gateway, 'listening.keeping').deadlines).toEqual(['the session is kept']);
    expect(of(gateway, 'connection.open.session.greeting.due').deadlines).toEqual(['Hello goes out']);
  });

  it('name the state around a target whose own name says little', () => {
    const { ways } = of(shard, 'running.connection.open.heartbeat.beating.awaitingAck');
    const to = new Set(ways.map((way) => way.to));
    expect([...to]).toEqual(
      expect.arrayContaining(['overdue', 'closing, reconnecting', 'closing, stopping', 'failed']),
    );
  });

  it('tell a state that is left at once, by its guards', () => {
    expect(waysOf(of(shard, 'running.choosing')).filter(([when]) => when === 'at once')).toEqual([
      ['at once', 'if the session could not be resumed too often, or has no sequence', 'choosing', ''],
      ['at once', 'if the session has a URL of its own', 'connection', ''],
      ['at once', 'if the Gateway URL is known', 'connection', ''],
      ['at once', '', 'locating', ''],
    ]);
  });

  it('give the reason by the description of a row, or else by its cause, and the clause of the cause', () => {
    const { ways } = of(shard, 'running.locating');
    const about = (row: string) => ways.find((way) => way.row === `shard.running.locating: ${row}`);
    expect(about('located')).toMatchObject({ why: CAUSES.located.says, spec: 'gateway#connecting' });
    expect(about('locateFailed [1 of 2]')).toMatchObject({ why: 'A bad token stays bad: stop.' });
    expect(about('timer.locate')).toMatchObject({ spec: 'policy#deadlines.locate' });
  });

  it('have a condition in words for every guard of the shard chart', () => {
    const ways = [...shard.nodes.keys()].flatMap((id) => detailsOf(shard, id)?.ways ?? []);
    expect(ways.length).toBeGreaterThan(100);
    for (const { guard, row } of ways) expect(guard, row).toMatch(/^$|^(if|while|with) /);
  });
});

describe('the ways out of a state of any chart', () => {
  const machine = createMachine({
    id: 'm',
    initial: 'outer',
    on: { tick: '.other', tock: '.other' },
    states: {
      outer: {
        initial: 'inner',
        on: { tick: { target: '#m.outer', reenter: true }, tock: { target: '#m.outer', reenter: false } },
        states: {
          inner: {
            entry: ['wave', raise({ type: 'timer.late' }, { id: 'late', delay: 1 }), raise({ type: 'now' })],
            on: {
              tick: { guard: 'isFarAway', target: 'inner' },
              push: [
                { guard: { type: 'isFarAway' }, actions: 'wave' },
                {
                  guard: function isClose() {
                    return true;
                  },
                  target: '#m.other',
                },
              ],
            },
          },
        },
      },
      other: {},
    },
  });
  const chart: Chart = {
    id: 'm',
    machine,
    nodes: new Map(stateNodesOf(machine).map((node) => [node.id, node])),
    layouts: {},
  };

  it('end with the first that is taken whatever the guards say', () => {
    expect(waysOf(of(chart, 'outer.inner'))).toEqual([
      ['tick', 'is far away', '', ''],
      ['push', 'is far away', '', ''],
      ['push', 'is close', 'other', ''],
      ['tick', '', 'outer', 'outer'],
      ['tock', '', '', 'outer'],
    ]);
  });

  it('have no reason and no clause where the chart gives none', () => {
    for (const { why, spec } of of(chart, 'outer.inner').ways) expect([why, spec]).toEqual(['', null]);
    expect(of(chart, 'outer.inner')).toMatchObject({ rule: '', spec: null, entry: [], deadlines: ['late'] });
  });
});
