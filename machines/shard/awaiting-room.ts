/** Away from the Gateway since a dispatch found no room: its replay buffer keeps what ours cannot take. */
import { timed, to } from './rows.js';
import { shardSetup } from './vocabulary.js';

const CHOOSING = '#shard.running.choosing';

const resting = shardSetup.createStateConfig({
  meta: { spec: 'policy#backpressure' },
  description: 'Too soon to come back, and no room.',
  ...timed('reconnect'),
  on: {
    backlogDrained: to('drained', 'backlogDrained'),
    'timer.reconnect': to('full', 'rested'),
  },
});

const full = shardSetup.createStateConfig({
  meta: { spec: 'policy#backpressure' },
  description: 'No room yet.',
  on: { backlogDrained: to(CHOOSING, 'backlogDrained', 'countAttempt') },
});

const drained = shardSetup.createStateConfig({
  meta: { spec: 'policy#waits' },
  description: 'There is room, but it is too soon to come back: a small buffer must not make a connection a second.',
  ...timed('reconnect'),
  on: { 'timer.reconnect': to(CHOOSING, 'waited', 'countAttempt') },
});

export const awaitingRoom = shardSetup.createStateConfig({
  meta: { spec: 'policy#backpressure' },
  description:
    'Until half of the buffer was taken, and for a wait like any other, within a deadline: the Gateway keeps a session for a while only.',
  tags: ['degraded'],
  ...timed('room'),
  initial: 'resting',
  on: { 'timer.room': to(CHOOSING, 'roomTimedOut', 'countAttempt') },
  states: { resting, full, drained },
});
