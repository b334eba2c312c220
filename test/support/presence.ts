import { cancel, raise, stateIn } from 'xstate';
import { type Abstraction, type IgnoredRow, shardAbstraction, shardMachine } from '../../machines/index.js';
import { type EditableState, variant } from '../../src/exploring/variant.js';

/** A region as a user adds one to the shard chart: while the session is ready, it sends a presence now and then. */
const presence = {
  initial: 'unset',
  states: {
    unset: { always: { guard: stateIn('#shard.running.connection.open.session.ready'), target: 'fresh' } },
    fresh: {
      entry: [raise({ type: 'timer.presence' }, { id: 'presence', delay: 60_000 })],
      exit: [cancel('presence')],
      on: { 'timer.presence': 'stale' },
    },
    stale: { on: { setPresence: { target: 'fresh', actions: [{ type: 'sendPresence', params: {} }] } } },
  },
};

/** The shard chart with that region. */
export const shardWithPresence = variant(shardMachine, (state) => {
  state('running.connection.open').states['presence'] = presence as unknown as EditableState;
});

/** What comes of it besides what comes of the shard chart. */
export const presenceAbstraction = {
  ...shardAbstraction,
  roots: { documented: shardAbstraction.roots['documented'] },
  alphabet: (snapshot: Parameters<typeof shardAbstraction.alphabet>[0]) => [
    ...shardAbstraction.alphabet(snapshot),
    { type: 'setPresence' },
    { type: 'timer.presence' },
  ],
} as unknown as Abstraction<never, never, never>;

export const PRESENCE_IGNORED: readonly IgnoredRow[] = [
  { events: ['setPresence'], in: ['*'], except: ['*presence.stale*'], because: 'there is nothing to refresh' },
];
