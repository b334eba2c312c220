import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, raise, setup } from 'xstate';
import { gated } from '../../machines/kit/gate.js';
import { batchEquivalence } from '../../src/exploring/batch.js';
import { explore } from '../../src/exploring/graph.js';
import { doorAbstraction, doorMachine } from '../support/door.js';

type Event =
  | { type: 'start' }
  | { type: 'stop' }
  | { type: 'dispatch'; connection: number; sequence: number }
  | { type: 'dispatched'; connection: number; sequence: number; count: number };
type Actions = readonly ('takeSequence' | 'countEvent' | 'countDispatches' | 'addSequences' | 'acknowledge' | 'arm')[];

const words = setup({
  types: {} as { context: { connection: number; sequence: number | null; received: number }; events: Event },
  delays: { silence: 1_000 },
  actions: {
    takeSequence: assign({
      sequence: ({ context, event }) => ('sequence' in event ? event.sequence : context.sequence),
    }),
    countEvent: assign({ received: ({ context }) => context.received + 1 }),
    countDispatches: assign({
      received: ({ context, event }) => context.received + (event.type === 'dispatched' ? event.count : 1),
    }),
    addSequences: assign({
      received: ({ context, event }) => {
        if (!('sequence' in event)) return context.received;
        const count = event.type === 'dispatched' ? event.count : 1;
        return context.received + count * event.sequence - (count * (count - 1)) / 2;
      },
    }),
    acknowledge: () => {},
    arm: raise({ type: 'stop' }, { id: 'silence', delay: 'silence' }),
  },
});

/** Off, or on: before the first dispatch and after it. The gate lets through what is of connection 3. */
function chart({ single, batch }: { single: Actions; batch: Actions }): AnyStateMachine {
  return gated(
    words.createMachine({
      id: 'stream',
      context: { connection: 3, sequence: null, received: 0 },
      initial: 'off',
      states: {
        off: { on: { start: 'on' } },
        on: {
          tags: 'streaming',
          on: { stop: 'off', dispatch: { actions: [...single] }, dispatched: { actions: [...batch] } },
        },
      },
    }) as AnyStateMachine,
  );
}

const report = (actions: { single: Actions; batch: Actions }) =>
  batchEquivalence(
    explore(chart(actions), {
      roots: { off: undefined },
      key: ({ value, context }) => `${value}${context.sequence === null ? '' : ', begun'}`,
      alphabet: ({ context }) => {
        const [connection, sequence] = [context.connection, (context.sequence ?? 0) + 1];
        return [
          { type: 'start' },
          { type: 'stop' },
          { type: 'dispatch', connection, sequence },
          { type: 'dispatched', connection, sequence: sequence + 1, count: 2 },
        ];
      },
      label: ({ type }) => type,
    }),
  );

const differing = (state: string, path: readonly string[], counts: readonly number[]) =>
  counts.map((count) => ({ state, path, count }));
/** The two states in which dispatches stream, by the shortest way. */
const before = (...counts: number[]) => differing('on', ['start'], counts);
const begun = (...counts: number[]) => differing('on, begun', ['start', 'dispatch'], counts);

describe('batchEquivalence', () => {
  it('compares 1, 2 and 7 dispatches in each state where they stream, and finds no difference where there is none', () => {
    const same = report({ single: ['takeSequence', 'countDispatches'], batch: ['takeSequence', 'countDispatches'] });
    expect(same).toEqual({ compared: 6, different: [] });
  });

  it.each<[string, Actions, Actions, ReturnType<typeof differing>]>([
    [
      'context in which a batch counts once',
      ['takeSequence', 'countEvent'],
      ['takeSequence', 'countEvent'],
      [...before(2, 7), ...begun(2, 7)],
    ],
    ['a sequence that a batch does not take', ['takeSequence'], [], [...before(1, 2, 7), ...begun(1, 2, 7)]],
    [
      'effects that a batch has once',
      ['takeSequence', 'acknowledge'],
      ['takeSequence', 'acknowledge'],
      [...before(2, 7), ...begun(2, 7)],
    ],
    [
      'a timer that a batch does not arm, where it does not run',
      ['takeSequence', 'arm'],
      ['takeSequence'],
      before(1, 2, 7),
    ],
  ])('finds %s', (_, single, batch, different) => {
    expect(report({ single, batch })).toEqual({ compared: 6, different });
  });

  it('gives the dispatches of a batch the sequences up to the last', () => {
    const both: Actions = ['addSequences', 'takeSequence'];
    expect(report({ single: both, batch: both })).toEqual({ compared: 6, different: [] });
  });

  it('does not mind how often a timer is armed again on the way', () => {
    const both: Actions = ['takeSequence', 'arm'];
    expect(report({ single: both, batch: both })).toEqual({ compared: 6, different: [] });
  });

  it('compares nothing in a chart without a state that is tagged as streaming', () => {
    expect(batchEquivalence(explore(doorMachine, doorAbstraction))).toEqual({ compared: 0, different: [] });
  });
});
