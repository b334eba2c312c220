/** Away from the Gateway since a dispatch found no room: its replay buffer keeps what ours cannot take. */
import { to } from './rows.js';
import { arm, disarm, shardSetup } from './vocabulary.js';

const CHOOSING = '#shard.running.choosing';

const resting = shardSetup.createStateConfig({
  meta: { spec: 'policy#backpressure' },
  description: 'Too soon to come back, and no room.',
  on: {
    backlogDrained: to('drained', 'backlogDrained'),
    'timer.reconnect': to('full', 'rested'),
    'timer.room': to('drained', 'roomTimedOut'),
  },
});

const full = shardSetup.createStateConfig({
  meta: { spec: 'policy#backpressure' },
  description: 'No room yet.',
  on: {
    backlogDrained: to(CHOOSING, 'backlogDrained', 'countAttempt'),
    'timer.room': to(CHOOSING, 'roomTimedOut', 'countAttempt'),
  },
});

const drained = shardSetup.createStateConfig({
  meta: { spec: 'policy#waits' },
  description: 'There is room, but it is too soon to come back: a small buffer must not make a connection a second.',
  entry: disarm('room'),
  on: { 'timer.reconnect': to(CHOOSING, 'waited', 'countAttempt') },
});

export const awaitingRoom = shardSetup.createStateConfig({
  meta: { spec: 'policy#backpressure' },
  description:
    'Until half of the buffer was taken, within a deadline, as the Gateway keeps a session for a while only; and no shorter than any wait.',
  tags: ['degraded'],
  entry: [arm('reconnect'), arm('room')],
  exit: [disarm('reconnect'), disarm('room')],
  initial: 'resting',
  states: { resting, full, drained },
});
