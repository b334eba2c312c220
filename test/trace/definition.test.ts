import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine, raise, setup } from 'xstate';
import { definitionHash } from '../../src/trace/definition.js';

const lamp = (change: object = {}) =>
  createMachine({
    id: 'lamp',
    initial: 'off',
    states: { off: { on: { press: 'on' } }, on: { on: { press: 'off' } } },
    ...change,
  });

const worded = {
  off: { tags: 'dark', on: { press: 'on' } },
  on: { description: 'Lit.', on: { press: 'off' }, meta: { spec: 'lamps#on' } },
};

describe('the fingerprint of a definition', () => {
  it('is cyrb53 of the configuration as JSON, so that other versions and runtimes compute the same', () => {
    expect(definitionHash(lamp())).toBe('19df20bc3f80ec');
    expect(definitionHash(createMachine({ id: 'm' }))).toBe('1e603c49a9f120');
  });

  it.each<[what: string, other: AnyStateMachine]>([
    ['another id', lamp({ id: 'light' })],
    ['another initial state', lamp({ initial: 'on' })],
    ['another target', lamp({ states: { off: { on: { press: 'off' } }, on: { on: { press: 'off' } } } })],
    ['a state more', lamp({ states: { off: { on: { press: 'on' } }, on: { on: { press: 'off' } }, broken: {} } })],
    ['the states in another order', lamp({ states: { on: { on: { press: 'off' } }, off: { on: { press: 'on' } } } })],
    ['a named entry action', lamp({ entry: 'log' })],
  ])('differs for %s', (_, other) => {
    expect(definitionHash(other)).not.toBe(definitionHash(lamp()));
  });

  it.each<[what: string, one: object, other: object]>([
    ['guard', { on: { reset: { guard: 'isOn' } } }, { on: { reset: { guard: 'isOff' } } }],
    ['action', { exit: 'log' }, { exit: 'warn' }],
    ['delay', { after: { short: {} } }, { after: { long: {} } }],
    ['assigned constant', { entry: assign({ n: 1 }) }, { entry: assign({ n: 2 }) }],
    ['timer', { entry: raise({ type: 'x' }, { id: 'a' }) }, { entry: raise({ type: 'x' }, { id: 'b' }) }],
    ['row, among words', { on: { x: [{ meta: 1, target: '.on' }] } }, { on: { x: [{ meta: 1, target: '.off' }] } }],
  ])('differs for another %s', (_, one, other) => {
    expect(definitionHash(lamp(one))).not.toBe(definitionHash(lamp(other)));
  });

  it.each<[what: string, one: object, other: object]>([
    ['what inline code does', { entry: () => 1 }, { entry: () => 2 }],
    ['what an assigner computes', { entry: assign(() => ({ n: 1 })) }, { entry: assign(() => ({ n: 2 })) }],
    ['the context', { context: { n: 1 } }, { context: { n: 2 } }],
    ['a context that is computed', { context: { n: 1 } }, { context: () => ({ n: 2 }) }],
  ])('is the same whatever %s', (_, one, other) => {
    expect(definitionHash(lamp(one))).toBe(definitionHash(lamp(other)));
  });

  it.each<[what: string, change: object]>([
    ['tags', { tags: ['lit'] }],
    ['a description', { description: 'A lamp.' }],
    ['meta', { meta: { spec: 'lamps' } }],
    ['words on states and rows', { states: worded }],
  ])('is the same with %s', (_, change) => {
    expect(definitionHash(lamp(change))).toBe(definitionHash(lamp()));
  });

  it.each(['tags', 'meta', 'description', 'context'])('counts an event and a state that are called %s', (name) => {
    const named = (event: string) => lamp({ on: { [event]: '.on' } });
    expect(definitionHash(named(name))).not.toBe(definitionHash(lamp({ on: {} })));
    expect(definitionHash(lamp({ states: { [name]: {}, off: {}, on: {} } }))).not.toBe(
      definitionHash(lamp({ states: { off: {}, on: {} } })),
    );
  });

  it('is the same for a machine whose implementations were provided', () => {
    const machine = setup({ guards: { isOn: () => true } }).createMachine({ on: { press: { guard: 'isOn' } } });
    expect(definitionHash(machine.provide({ guards: { isOn: () => false } }))).toBe(definitionHash(machine));
  });

  it('is the same each time a machine is asked for it', () => {
    const machine = lamp();
    expect(definitionHash(machine)).toBe(definitionHash(machine));
  });
});
