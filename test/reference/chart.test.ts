import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { explore } from '../../src/exploring/graph.js';
import { actionsOf, Chart, headingOf, timerOf } from '../../src/reference/chart.js';

const machine = createMachine({
  id: 'm',
  initial: 'off',
  states: {
    off: { on: { on: { target: 'open', actions: { type: 'report', params: { cause: 'x' } } } } },
    open: {
      type: 'parallel',
      on: { off: 'off', go: {} },
      states: {
        work: { initial: 'idle', states: { idle: { on: { go: [{ guard: 'may', target: 'busy' }] } }, busy: {} } },
        pulse: { initial: 'idle', states: { idle: { on: { beat: {} } } } },
      },
    },
  },
}).provide({ guards: { may: () => true }, actions: { report: () => {} } });
const graph = explore(machine, {
  roots: { first: undefined } as never,
  key: ({ value }) => JSON.stringify(value),
  alphabet: () => ['on', 'off', 'go', 'beat'].map((type) => ({ type })),
  label: ({ type }) => type,
});
const chart = new Chart(graph, {
  causes: { happened: { says: 'it happened', spec: 'user' } },
  ignored: [{ events: ['on', 'beat'], in: ['open*'], except: ['*busy*'], because: 'it is on' }],
  words: { events: {}, timers: {}, effects: {}, memory: { count: { says: 'Counts.' } }, guards: {} },
  delays: { late: [500, 5_000], odd: 'a while' },
  computed: { send: 7 },
  pages: { states: 's.md', events: 'e.md', words: 'w.md', causes: 'c.md' },
});
const at = (id: string) => machine.getStateNodeById(`m.${id}`);

describe('a chart of the reference', () => {
  it('names a state by as much of its path as no other shares, and links it by all of it', () => {
    expect([at('off'), at('open.work.idle'), at('open.work.busy')].map((state) => chart.shortName(state))).toEqual([
      'off',
      'work.idle',
      'busy',
    ]);
    expect(chart.state(at('open.work.busy'))).toBe('[busy](s.md#openworkbusy)');
    expect(headingOf(machine.root)).toBe('m');
  });

  it('lists states, and one link for all that a state holds', () => {
    expect(chart.listed([at('open.work.idle'), at('open.work.busy')])).toBe('all of [work](s.md#openwork)');
    expect(chart.listed([at('off'), at('open.work.busy')])).toBe('[off](s.md#off), [busy](s.md#openworkbusy)');
  });

  it('finds the rows for an event from the inside out, up to the first without a guard', () => {
    expect(chart.rowsFor(at('open.work.idle'), 'go').map(({ source }) => source.key)).toEqual(['idle', 'open']);
    expect(chart.handledBy(at('open.work.busy'))).toEqual(['off', 'go']);
    expect(chart.handledBeside(at('open.work.busy'))).toEqual(['beat']);
  });

  it('tells what is ignored in a state, whatever goes on beside it', () => {
    expect([...chart.ignoredIn(at('open.work.idle'))]).toEqual([['it is on', ['on']]]);
    expect([...chart.ignoredIn(at('off'))]).toEqual([]);
  });

  it('tells effects first, then what is remembered, with the facts that are known', () => {
    const actions = [
      'count',
      'send',
      { type: 'close', params: { code: 1 } },
      'disarm',
      { type: 'xstate.raise', id: 'late' },
    ];
    expect(chart.doing(actions)).toBe(
      '[`send`](w.md#send) 7, [`close`](w.md#close) 1, starts [`timer.late`](e.md#timerlate), [`count`](w.md#count)',
    );
    expect(chart.doing([{ type: 'xstate.raise' }])).toBe('is then judged there');
    expect([chart.armedBy(actions), actionsOf(['x'])]).toEqual([['late'], [{ type: 'x' }]]);
    expect([chart.delay('late'), chart.delay('odd')]).toEqual(['500 ms to 5 s', 'a while']);
    expect([timerOf('timer.late'), timerOf('late')]).toEqual(['late', undefined]);
  });

  it('says what a cause means, and nothing where there is none', () => {
    expect(chart.cause(null)).toBe('');
    expect(chart.cause('happened')).toBe('it happened ([`happened`](c.md#happened))');
  });
});
