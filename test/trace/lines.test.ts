import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { type AnyChart, checkpointLine, type Stepped, stepLine } from '../../src/trace/lines.js';

const stepped = (change: Partial<Stepped>): Stepped => ({
  at: 12.5,
  actor: undefined,
  event: { type: 'press' },
  from: 'off',
  to: 'off',
  instructions: [],
  dispatches: undefined,
  ...change,
});

describe('a step line', () => {
  it('leaves out what is empty: the actor, a state that stays, causes, instructions and dispatches', () => {
    expect(JSON.stringify(stepLine(stepped({})))).toBe(
      '{"type":"step","at":12.5,"event":{"type":"press"},"from":"off"}',
    );
  });

  it('holds everything there is in one order of keys', () => {
    const report = { type: 'report', params: { cause: { name: 'pressed', code: 1 } } };
    const arm = { type: 'arm', params: { timer: 'glow', delay: 5 }, draws: [0.5] };
    const dispatches = { first: 1, last: 2, count: 2, bytes: 30, names: { A: 2 } };
    const line = stepLine(stepped({ actor: 'lamp 2', to: 'on', instructions: [report, arm], dispatches }));
    expect(JSON.stringify(line)).toBe(
      '{"type":"step","at":12.5,"actor":"lamp 2","event":{"type":"press"},"from":"off","to":"on",' +
        '"causes":[{"name":"pressed","code":1}],' +
        '"do":[{"type":"arm","params":{"timer":"glow","delay":5},"draws":[0.5]}],' +
        '"dispatches":{"first":1,"last":2,"count":2,"bytes":30,"names":{"A":2}}}',
    );
  });

  it('takes the causes out of reports, and keeps the order of both causes and instructions', () => {
    const report = (name: string) => ({ type: 'report', params: { cause: { name } } });
    const effect = (type: string) => ({ type, params: {} });
    const instructions = [report('first'), effect('a'), report('second'), effect('b')];
    expect(stepLine(stepped({ instructions }))).toMatchObject({
      causes: [{ name: 'first' }, { name: 'second' }],
      do: [effect('a'), effect('b')],
    });
  });

  it('takes a report without a cause for an effect of that name', () => {
    const report = { type: 'report', params: { says: 'hello' } };
    const line = stepLine(stepped({ instructions: [report] }));
    expect(line).toMatchObject({ do: [report] });
    expect(line).not.toHaveProperty('causes');
  });
});

describe('a checkpoint line', () => {
  const machine = createMachine({
    id: 'lamp',
    type: 'parallel',
    context: { presses: 3 },
    states: { light: { initial: 'off', states: { off: {}, on: {} } }, power: { initial: 'up', states: { up: {} } } },
  });
  const chart = machine as unknown as AnyChart;
  const snapshot = machine.resolveState({ value: { light: 'on', power: 'up' }, context: { presses: 3 } }) as never;

  it('holds the name of the state, the persisted snapshot and the timers', () => {
    const line = checkpointLine(chart, snapshot, { at: 7, actor: undefined, timers: { glow: 9 } });
    expect(line).toEqual({
      type: 'checkpoint',
      at: 7,
      state: '(light.on + power.up)',
      snapshot: {
        status: 'active',
        value: { light: 'on', power: 'up' },
        context: { presses: 3 },
        children: {},
        historyValue: {},
      },
      timers: { glow: 9 },
    });
    expect(Object.keys(line)).toEqual(['type', 'at', 'state', 'snapshot', 'timers']);
  });

  it('names the actor where there is more than one', () => {
    const line = checkpointLine(chart, snapshot, { at: 7, actor: 'lamp 2', timers: {} });
    expect(Object.keys(line)).toEqual(['type', 'at', 'actor', 'state', 'snapshot', 'timers']);
    expect(line.actor).toBe('lamp 2');
  });
});
