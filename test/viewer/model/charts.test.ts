import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { gatewayMachine, rowsFrom, shardMachine, stateNodesOf } from '../../../machines/index.js';
import { causeOf } from '../../../machines/kit/rows.js';
import { GATEWAY_VIEWS, SHARD_VIEWS } from '../../../src/diagram/index.js';
import { activeIn, type Chart, chartOf, rowsTaken } from '../../../src/viewer/model/charts.js';

describe('a chart of ours', () => {
  it.each([
    ['shard', shardMachine, SHARD_VIEWS],
    ['gateway', gatewayMachine, GATEWAY_VIEWS],
  ] as const)('is known by its id, with its states and views: %s', (id, machine, views) => {
    const chart = chartOf(id);
    expect(chart?.machine).toBe(machine);
    expect(chart?.nodes.get(`${id}.${Object.keys(machine.states)[0]}`)).toBe(Object.values(machine.states)[0]);
    expect(chart?.nodes.size).toBe(stateNodesOf(machine).length);
    expect(Object.keys(chart?.layouts ?? {})).toEqual(Object.keys(views));
  });

  it.each(['lamp', '', 'constructor', 'toString'])('is not %j', (id) => {
    expect(chartOf(id)).toBeUndefined();
  });
});

describe('the states in a name', () => {
  it.each([
    ['stopped', ['shard', 'shard.stopped']],
    [
      'running.connection.open(session.ready + heartbeat.beating.acked)',
      [
        'shard',
        'shard.running',
        'shard.running.connection',
        'shard.running.connection.open',
        'shard.running.connection.open.session',
        'shard.running.connection.open.session.ready',
        'shard.running.connection.open.heartbeat',
        'shard.running.connection.open.heartbeat.beating',
        'shard.running.connection.open.heartbeat.beating.acked',
      ],
    ],
    [
      'a(b(c + d.e) + f)',
      ['shard', 'shard.a', 'shard.a.b', 'shard.a.b.c', 'shard.a.b.d', 'shard.a.b.d.e', 'shard.a.f'],
    ],
    ['a-b.c_1$', ['shard', 'shard.a-b', 'shard.a-b.c_1$']],
    ['', ['shard']],
  ])('are listed from the outside in: %s', (name, ids) => {
    expect(activeIn('shard', name)).toEqual(ids);
  });

  it.each([
    ['a.b(c', ['shard', 'shard.a', 'shard.a.b', 'shard.a.b.c']],
    ['a + b', ['shard', 'shard.a']],
    ['a..b', ['shard', 'shard.a']],
    ['((((', ['shard']],
    ['<script>alert(1)</script>', ['shard']],
  ])('are as many as can be read where a name makes no sense: %j', (name, ids) => {
    expect(activeIn('shard', name)).toEqual(ids);
  });
});

describe('the rows that a step took', () => {
  const reports = (cause: string) => [{ type: 'report', params: { cause } }];
  const machine = createMachine({
    id: 'm',
    initial: 'one',
    on: { tick: { actions: reports('outer') }, tock: {}, halt: '.one' },
    states: {
      one: {
        on: {
          go: [
            { guard: 'isFar', target: 'two', actions: reports('far') },
            { guard: 'isNear', target: 'two', actions: reports('near') },
            { target: 'two' },
          ],
        },
      },
      two: {
        type: 'parallel',
        states: {
          left: { initial: 'a', on: { tick: {} }, states: { a: { on: { tock: {} } }, b: {} } },
          right: {
            initial: 'c',
            states: { c: { on: { tick: { target: 'd', actions: reports('right') }, tock: {} } }, d: {} },
          },
        },
      },
      passing: { always: [{ guard: 'isFar', target: 'one', actions: reports('farther') }, { target: 'two' }] },
    },
  } as never);
  const chart: Chart = {
    id: 'm',
    machine,
    nodes: new Map(stateNodesOf(machine).map((node) => [node.id, node])),
    layouts: {},
  };
  const taken = (event: string, from: string, ...causes: string[]) => rowsTaken(chart, { event, from, causes });

  it('are told by the cause where a list is guarded, and else are the one without a cause', () => {
    expect(taken('go', 'one', 'far')).toEqual(['m.one: go [1 of 3]']);
    expect(taken('go', 'one', 'near')).toEqual(['m.one: go [2 of 3]']);
    expect(taken('go', 'one')).toEqual(['m.one: go [3 of 3]']);
    expect(taken('go', 'one', 'something else')).toEqual(['m.one: go [3 of 3]']);
  });

  it('are of the innermost state that handles the event, in each region', () => {
    expect(taken('tick', 'two(left.a + right.c)', 'right')).toEqual(['m.two.left: tick', 'm.two.right.c: tick']);
    expect(taken('tock', 'two(left.a + right.c)')).toEqual(['m.two.left.a: tock', 'm.two.right.c: tock']);
    expect(taken('tick', 'one', 'outer')).toEqual(['m: tick']);
    expect(taken('halt', 'two(left.b + right.d)')).toEqual(['m: halt']);
  });

  it('are those that follow without an event, too', () => {
    expect(taken('halt', 'one', 'farther')).toEqual(['m: halt', 'm.passing: always [1 of 2]']);
  });

  it('are none where nothing handles the event, or the state is unknown', () => {
    expect(taken('nothing', 'one')).toEqual([]);
    expect(taken('go', 'nowhere')).toEqual([]);
  });

  it('are read from our shard chart', () => {
    const shard = chartOf('shard');
    const ofShard = (event: string, from: string, ...causes: string[]) =>
      shard && rowsTaken(shard, { event, from, causes });
    expect(ofShard('start', 'stopped', 'started', 'gatewayUnknown')).toEqual([
      'shard.stopped: start',
      'shard.running.choosing: always [4 of 4]',
    ]);
    const ready = 'running.connection.open(session.ready.settled + heartbeat.beating.acked + reading.flowing)';
    expect(
      ['closedForGood', 'closedForIdentify', 'closedForResume'].map((cause) => ofShard('closed', ready, cause)),
    ).toEqual([1, 2, 3].map((place) => [`shard.running.connection: closed [${place} of 3]`]));
  });
});

describe('the cause of a row', () => {
  it('is what one of its actions is given as such', () => {
    const [hello, plain] = ['shard.running.connection.reaching.opening', 'shard.running.connection.open.session'].map(
      (id) => rowsFrom(shardMachine.getStateNodeById(id))[0],
    );
    expect(hello && causeOf(hello)).toBe('opened');
    expect(plain && causeOf(plain)).toBe('unexpected');
    const { transitions } = createMachine({
      on: { go: { actions: [{ type: 'wave', params: { cause: 7 } }, 'bow'] } },
    }).root;
    expect(transitions.get('go')?.map(causeOf)).toEqual([null]);
  });
});
