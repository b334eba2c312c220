import { assign, cancel, setup } from 'xstate';
import type { Abstraction } from '../../machines/index.js';

type Event = { type: 'open' } | { type: 'push' } | { type: 'lock' } | { type: 'unlock' } | { type: 'timer.shut' };

const words = setup({
  types: {} as { context: { opened: number }; events: Event },
  delays: { shut: 5_000 },
  actions: {
    count: assign({ opened: ({ context }) => context.opened + 1 }),
    disarm: cancel('shut'),
    swing: (_, _params: { times: number }) => {},
    ring: () => {},
  },
});

/** A chart of the same form as ours, as small as can be: timers are events, effects are named, a counter does not count. */
export const doorMachine = words.createMachine({
  id: 'door',
  context: { opened: 0 },
  initial: 'shut',
  states: {
    shut: {
      description: 'Can be opened.',
      on: {
        open: { target: 'open', actions: ['count'] },
        lock: 'locked',
        push: { actions: ['ring'] },
      },
    },
    open: {
      entry: [
        { type: 'swing', params: ({ context }) => ({ times: context.opened }) },
        words.raise({ type: 'timer.shut' }, { id: 'shut', delay: 'shut' }),
      ],
      exit: 'disarm',
      on: { 'timer.shut': 'shut', push: 'shut' },
    },
    locked: { on: { unlock: 'shut', push: { actions: ['ring'] } } },
  },
});

export const doorAbstraction: Abstraction<{ readonly value: unknown }, undefined, Event> = {
  roots: { shut: undefined },
  key: ({ value }) => String(value),
  alphabet: () => [{ type: 'open' }, { type: 'push' }, { type: 'lock' }, { type: 'unlock' }, { type: 'timer.shut' }],
  label: ({ type }) => type,
  isHome: ({ value }) => value === 'shut',
};
