import { describe, expect, it } from 'vitest';
import { stateNodesOf } from '../../../machines/kit/rows.js';
import { stateName } from '../../../machines/kit/state-names.js';
import { shardMachine } from '../../../machines/shard/chart.js';
import { shardAbstraction } from '../../../machines/shard/laws/abstraction.js';
import { STATE_WORDS, stateInWords, stateView } from '../../../machines/shard/state-view.js';
import { explore } from '../../../src/exploring/graph.js';

const values = [...explore(shardMachine, shardAbstraction).nodes.values()].map(({ snapshot }) => snapshot.value);
const open = (session: unknown, heartbeat: unknown, reading: string) =>
  ({ running: { connection: { open: { session, heartbeat, reading } } } }) as never;
const READY = { ready: 'settled' };

describe('the view of a state', () => {
  it('is the state of each region', () => {
    expect(stateView(open(READY, { beating: { overdue: 'alive' } }, 'paused'))).toEqual({
      run: 'running.connection.open',
      session: 'ready.settled',
      heartbeat: 'beating.overdue.alive',
      reading: 'paused',
    });
  });

  it('has no regions but on an open connection', () => {
    const nothing = { session: null, heartbeat: null, reading: null };
    expect(stateView('stopped')).toEqual({ run: 'stopped', ...nothing });
    expect(stateView({ running: { connection: { closing: 'failing' } } })).toEqual({
      run: 'running.connection.closing.failing',
      ...nothing,
    });
  });

  it('is the same for a value and its name', () => {
    for (const value of values) expect(stateView(stateName(value))).toEqual(stateView(value));
  });

  it('leaves nothing of a state out', () => {
    for (const value of values) {
      const { run, ...regions } = stateView(value);
      const inside = Object.entries(regions).flatMap(([region, state]) => (state === null ? [] : `${region}.${state}`));
      expect(inside.length === 0 ? run : `${run}(${inside.join(' + ')})`).toBe(stateName(value));
    }
  });
});

describe('a state in words', () => {
  it.each([
    ['stopped', { state: 'stopped', heartbeat: null, reading: null }],
    ['running.connection.reaching.opening', { state: 'opening', heartbeat: null, reading: null }],
    ['running.connection.closing.failing', { state: 'closing.failing', heartbeat: null, reading: null }],
    [
      'running.connection.open(session.ready.settling + heartbeat.beating.overdue.listening + reading.flowing)',
      { state: 'ready', heartbeat: 'overdue', reading: 'flowing' },
    ],
    [open(READY, { beating: 'acked' }, 'paused'), { state: 'settled', heartbeat: 'acked', reading: 'paused' }],
    ['on.blinking', { state: 'on.blinking', heartbeat: null, reading: null }],
    ['toString', { state: 'toString', heartbeat: null, reading: null }],
  ])('of %j is short', (state, words) => {
    expect(stateInWords(state)).toEqual(words);
  });

  it('has a word for each state of the chart and for no other', () => {
    const leaves = stateNodesOf(shardMachine)
      .filter(({ type }) => type === 'atomic')
      .map(({ path }) => path.join('.').replace('running.connection.open.', ''));
    const words = Object.entries(STATE_WORDS).flatMap(([part, states]) =>
      Object.keys(states).map((state) => (part === 'run' ? state : `${part}.${state}`)),
    );
    expect(words.filter((each) => each !== 'running.connection.open').sort()).toEqual(leaves.sort());
  });
});
