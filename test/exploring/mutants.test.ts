import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, cancel, setup } from 'xstate';
import { type Instruction, pure } from '../../machines/kit/pure.js';
import { MUTATIONS, type Mutant, type Mutation, mutantsOf } from '../../src/exploring/mutants.js';
import { editableConfig } from '../../src/exploring/variant.js';

const words = setup({
  types: {} as {
    context: { charge: number };
    events: { type: 'press' } | { type: 'drain' } | { type: 'tune' } | { type: 'timer.sleep' };
  },
  guards: { isCharged: ({ context }) => context.charge > 0 },
  delays: { sleep: ({ context }) => 1_000 * context.charge },
  actions: {
    use: assign({ charge: ({ context }) => context.charge - 1 }),
    beep: (_, _params: { times: number }) => {},
    say: (_, _params: { charge: number }) => {},
    disarm: cancel('sleep'),
  },
});

const beep = (times: number) => ({ type: 'beep', params: { times } }) as const;

/** A radio, with at least one place for each kind of change. */
const radio = words.createMachine({
  id: 'radio',
  context: { charge: 2 },
  initial: 'off',
  states: {
    off: {
      on: { press: [{ guard: 'isCharged', target: 'on', actions: [beep(1)] }, { actions: [beep(3)] }] },
    },
    on: {
      tags: ['loud'],
      type: 'parallel',
      entry: ['use', words.raise({ type: 'timer.sleep' }, { id: 'sleep', delay: 'sleep' })],
      exit: ['disarm', { type: 'say', params: ({ context }) => ({ charge: context.charge }) }],
      on: {
        press: 'off',
        'timer.sleep': { target: 'on', reenter: true },
        tune: '.dial',
      },
      states: { dial: {}, sound: {} },
    },
    empty: { always: { guard: 'isCharged', target: 'off' } },
  },
});

const mutants = mutantsOf(radio);
const find = (name: string): Mutant<typeof radio> => mutants.find((mutant) => mutant.name === name)!;

/** What the radio does, by the events of a run: effects by name, with their only parameter. */
function run(machine: typeof radio, ...events: readonly ('press' | 'drain' | 'tune' | 'timer.sleep')[]) {
  const runner = pure(machine);
  let { snapshot } = runner.initial(undefined);
  const effects: Instruction[] = [];
  for (const type of events) {
    const step = runner.step(snapshot, { type });
    snapshot = step.snapshot;
    effects.push(...step.instructions);
  }
  const named = effects.map(({ type, params }) => [type, ...Object.values(params)].join(' '));
  return { state: typeof snapshot.value === 'string' ? snapshot.value : 'on', effects: named, snapshot };
}

describe('the mutants of a chart', () => {
  it('change one thing each, and have a name that says where and what', () => {
    const expected: readonly (readonly [Mutation, string])[] = [
      ['transition removed', 'off: press [1 of 2]: removed'],
      ['transition retargeted', 'off: press [1 of 2]: to off'],
      ['transition retargeted', 'off: press [1 of 2]: to empty'],
      ['target removed', 'off: press [1 of 2]: to nowhere'],
      ['guard removed', 'off: press [1 of 2]: without isCharged'],
      ['guard negated', 'off: press [1 of 2]: unless isCharged'],
      ['rows swapped', 'off: press [1 of 2]: after the next row'],
      ['action removed', 'off: press [1 of 2]: without action 1 beep 1'],
      ['action replaced', 'off: press [1 of 2]: beep 3 instead of action 1 beep 1'],
      ['transition removed', 'off: press [2 of 2]: removed'],
      ['action removed', 'off: press [2 of 2]: without action 1 beep 3'],
      ['action replaced', 'off: press [2 of 2]: beep 1 instead of action 1 beep 3'],
      ['transition removed', 'on: press: removed'],
      ['transition retargeted', 'on: press: to on'],
      ['transition retargeted', 'on: press: to empty'],
      ['target removed', 'on: press: to nowhere'],
      ['transition removed', 'on: timer.sleep: removed'],
      ['transition retargeted', 'on: timer.sleep: to off'],
      ['transition retargeted', 'on: timer.sleep: to empty'],
      ['target removed', 'on: timer.sleep: to nowhere'],
      ['reentry removed', 'on: timer.sleep: without entering anew'],
      ['transition removed', 'on: tune: removed'],
      ['target removed', 'on: tune: to nowhere'], // no sibling instead: regions are all active anyway
      ['action removed', 'on: entry: without action 1 use'],
      ['action removed', 'on: entry: without action 2 arm sleep'],
      ['action removed', 'on: exit: without action 1 disarm'],
      ['action removed', 'on: exit: without action 2 say as computed'],
      ['tag removed', 'on: without tag loud'],
      ['transition removed', 'empty: always: removed'],
      ['transition retargeted', 'empty: always: to on'],
      ['transition retargeted', 'empty: always: to empty'],
      ['target removed', 'empty: always: to nowhere'],
      ['guard removed', 'empty: always: without isCharged'],
      ['guard negated', 'empty: always: unless isCharged'],
      ['delay changed', 'delay sleep: longer'],
      ['delay changed', 'delay sleep: shorter'],
    ];
    expect(mutants.map(({ mutation, name }) => [mutation, name])).toEqual(expected);
  });

  it('are of every kind that is listed', () => {
    expect(new Set(mutants.map(({ mutation }) => mutation))).toEqual(new Set(MUTATIONS));
  });

  it('leave the chart itself as it was, once they are all built', () => {
    const before = JSON.stringify(editableConfig(radio as AnyStateMachine));
    for (const { build } of mutants) build();
    expect(JSON.stringify(editableConfig(radio as AnyStateMachine))).toBe(before);
    expect(run(radio, 'press')).toMatchObject({ state: 'on', effects: ['beep 1', 'arm sleep 1000'] });
  });

  it.each<[name: string, events: Parameters<typeof run>[1][], state: string, effects: readonly string[]]>([
    ['off: press [1 of 2]: removed', ['press'], 'off', ['beep 3']],
    ['off: press [1 of 2]: to empty', ['press'], 'off', ['beep 1']], // where it is charged it leaves at once
    ['off: press [1 of 2]: to nowhere', ['press'], 'off', ['beep 1']],
    ['off: press [1 of 2]: unless isCharged', ['press'], 'off', ['beep 3']],
    ['off: press [1 of 2]: after the next row', ['press'], 'off', ['beep 3']],
    ['off: press [1 of 2]: without action 1 beep 1', ['press'], 'on', ['arm sleep 1000']],
    ['off: press [1 of 2]: beep 3 instead of action 1 beep 1', ['press'], 'on', ['beep 3', 'arm sleep 1000']],
    ['on: press: removed', ['press', 'press'], 'on', ['beep 1', 'arm sleep 1000']],
    ['on: press: to nowhere', ['press', 'press'], 'on', ['beep 1', 'arm sleep 1000']],
    ['on: timer.sleep: without entering anew', ['press', 'timer.sleep'], 'on', ['beep 1', 'arm sleep 1000']],
    ['on: entry: without action 1 use', ['press'], 'on', ['beep 1', 'arm sleep 2000']],
    ['on: entry: without action 2 arm sleep', ['press'], 'on', ['beep 1']],
    ['on: exit: without action 1 disarm', ['press', 'press'], 'off', ['beep 1', 'arm sleep 1000', 'say 1']],
    [
      'on: exit: without action 2 say as computed',
      ['press', 'press'],
      'off',
      ['beep 1', 'arm sleep 1000', 'disarm sleep'],
    ],
    ['delay sleep: longer', ['press'], 'on', ['beep 1', 'arm sleep 2001']],
    ['delay sleep: shorter', ['press'], 'on', ['beep 1', 'arm sleep 500']],
  ])('do what their name says: %s', (name, events, state, effects) => {
    expect(run(find(name).build(), ...events)).toMatchObject({ state, effects });
  });

  it('lack a guard or a tag', () => {
    const pressed = (name: string) => run(find(name).build(), 'press', 'press', 'press', 'press', 'press');
    // Charged for two times: the fifth press finds it empty, unless nobody asks.
    expect([
      run(radio, 'press', 'press', 'press', 'press', 'press').state,
      pressed('off: press [1 of 2]: without isCharged').state,
    ]).toEqual(['off', 'on']);
    expect(run(radio, 'press').snapshot.hasTag('loud' as never)).toBe(true);
    expect(run(find('on: without tag loud').build(), 'press').snapshot.hasTag('loud' as never)).toBe(false);
  });
});
