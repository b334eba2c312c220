import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StateValue } from 'xstate';
import { stateName, stateParts, stateValue, withoutRegions } from '../../../machines/kit/state-names.js';

const OPEN = {
  running: { connection: { open: { session: 'identifying', heartbeat: { beating: 'acked' }, reading: 'flowing' } } },
};
const NAMES: readonly (readonly [value: StateValue, name: string])[] = [
  ['stopped', 'stopped'],
  [{ running: 'waiting' }, 'running.waiting'],
  [OPEN, 'running.connection.open(session.identifying + heartbeat.beating.acked + reading.flowing)'],
  [{ a: 'x', b: { c: 'y' } }, '(a.x + b.c.y)'],
  [{ a: { b: { c: 'x', d: 'y' }, e: 'z' } }, 'a(b(c.x + d.y) + e.z)'],
  [{ a: {}, b: 'x' }, '(a() + b.x)'],
];

const states = fc.letrec<{ value: StateValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.stringMatching(/^\w+$/),
    fc.dictionary(fc.stringMatching(/^[a-z]+$/), tie('value'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

describe('the name of a state', () => {
  it.each(NAMES)('of %j is %s, and back', (value, name) => {
    expect(stateName(value)).toBe(name);
    expect(stateValue(name)).toEqual(value);
  });

  it('names one value', () => {
    fc.assert(
      fc.property(states, (value) => {
        expect(stateValue(stateName(value))).toEqual(value);
      }),
    );
  });

  it('takes the value of a snapshot, not the snapshot', () => {
    expect(() => stateName({ value: 'stopped', context: {} })).toThrow('stateName(snapshot.value)');
    expect(() => stateName(undefined)).toThrow(TypeError);
  });
});

describe('the parts of a state', () => {
  it.each([
    ['stopped', ['stopped'], {}],
    [{ running: 'waiting' }, ['running', 'waiting'], {}],
    [
      OPEN,
      ['running', 'connection', 'open'],
      { session: 'identifying', heartbeat: 'beating.acked', reading: 'flowing' },
    ],
    [{ a: 'x', b: { c: 'y' } }, [], { a: 'x', b: 'c.y' }],
    [{ a: {} }, ['a'], {}],
  ])('of %j are %j and %j', (state, path, regions) => {
    for (const each of [state, stateName(state)])
      expect(stateParts(each)).toEqual({ path, regions: Object.entries(regions) });
  });
});

describe('a state without regions', () => {
  it('is that of the others', () => {
    expect(withoutRegions(OPEN, ['heartbeat', 'reading'])).toEqual({
      running: { connection: { open: { session: 'identifying' } } },
    });
    expect(withoutRegions('stopped', ['heartbeat'])).toBe('stopped');
  });
});
