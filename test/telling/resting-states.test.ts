import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { explore } from '../../src/exploring/graph.js';
import { isSecondary, isSimple, lineage, RestingStates, regionOf } from '../../src/telling/resting-states.js';

const machine = createMachine({
  id: 'm',
  initial: 'off',
  states: {
    off: { on: { on: 'choosing' } },
    choosing: { always: 'open' },
    open: {
      type: 'parallel',
      on: { off: 'off' },
      states: {
        work: { initial: 'idle', states: { idle: { on: { go: 'busy' } }, busy: {} } },
        pulse: { initial: 'slow', states: { slow: { on: { go: 'fast' } }, fast: {} } },
      },
    },
  },
});
const events = ['on', 'off', 'go'].map((type) => ({ type }));
const graph = explore(machine, {
  roots: { first: undefined, second: undefined } as never,
  key: ({ value }) => JSON.stringify(value),
  alphabet: () => events,
  label: ({ type }) => type,
});
const states = new RestingStates(graph);
const at = (id: string) => machine.getStateNodeById(`m.${id}`);
const ids = (nodes: readonly { readonly id: string }[]) => nodes.map(({ id }) => id);

describe('the states in which a chart can rest', () => {
  it('have no states inside and are not left at once', () => {
    expect(ids(states.resting)).toEqual([
      'm.off',
      'm.open.work.idle',
      'm.open.work.busy',
      'm.open.pulse.slow',
      'm.open.pulse.fast',
    ]);
  });

  it('are primary in the first of several regions', () => {
    expect(ids(states.primary)).toEqual(['m.off', 'm.open.work.idle', 'm.open.work.busy']);
  });

  it('have the abstract states of the first beginning that knows them', () => {
    expect(states.in(at('off')).map(({ root }) => root)).toEqual(['first']);
    expect(states.in(at('open.work.busy'))).toHaveLength(1);
    expect(states.in(at('open.work'))).toEqual([]);
  });

  it('are told of a snapshot, in a region if that goes on', () => {
    const [busy] = states.in(at('open.work.busy'));
    const [off] = states.in(at('off'));
    if (busy === undefined || off === undefined) throw new Error('both states can be reached');
    expect(states.restingIn(busy.snapshot).id).toBe('m.open.work.busy');
    expect(states.restingIn(busy.snapshot, at('open.pulse.slow')).id).toBe('m.open.pulse.fast');
    expect(states.restingIn(off.snapshot, at('open.pulse.slow')).id).toBe('m.off');
  });
});

describe('a state', () => {
  it('is simple, in a region, secondary', () => {
    expect(['off', 'open', 'open.pulse', 'open.pulse.slow'].map((id) => isSimple(at(id)))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(['off', 'open.work', 'open.pulse'].map((id) => isSecondary(at(id)))).toEqual([false, false, true]);
    expect(['off', 'open', 'open.pulse.slow'].map((id) => regionOf(at(id))?.id)).toEqual([
      undefined,
      undefined,
      'm.open.pulse',
    ]);
    expect(ids(lineage(at('open.work.idle')))).toEqual(['m.open.work.idle', 'm.open.work', 'm.open', 'm']);
  });
});
