/** A connection once our close frame is out ("Disconnecting"). */
import { AWAITING_ROOM, crossedBy, explained, stay, timed, to, WAITING, when } from './rows.js';
import { shardSetup, waitFor } from './vocabulary.js';

const reconnecting = shardSetup.createStateConfig({
  meta: { spec: 'gateway#reconnect' },
  description: 'To come back after a wait.',
  tags: ['degraded'],
  on: {
    closed: crossedBy({
      failTo: '#shard.failed',
      goOnTo: WAITING,
      onIdentify: ['forgetSession', 'waitAsCrossed'],
      onResume: ['limitResumes', 'waitAsCrossed'],
    }),
    'timer.close': to(WAITING, 'closeTimedOut'),
    reconnect: [
      when('isFresh', stay('renewed', 'forgetSession', waitFor('order'))),
      stay('restarted', waitFor('order')), //
    ],
  },
});

const makingRoom = shardSetup.createStateConfig({
  meta: { spec: 'policy#backpressure' },
  description: 'To come back when there is room for what is replayed.',
  tags: ['degraded'],
  on: {
    closed: crossedBy({
      failTo: '#shard.failed',
      goOnTo: AWAITING_ROOM,
      onIdentify: ['forgetSession', 'waitAsCrossed'],
      onResume: ['waitAsCrossed'],
    }),
    'timer.close': to(AWAITING_ROOM, 'closeTimedOut'),
    backlogDrained: to('reconnecting', 'backlogDrained'),
    reconnect: [
      when('isFresh', to('reconnecting', 'renewed', 'forgetSession', waitFor('order'))),
      to('reconnecting', 'restarted', waitFor('order')),
    ],
  },
});

const stopping = shardSetup.createStateConfig({
  meta: { spec: 'gateway#disconnecting' },
  description: 'To stop, by order.',
  on: {
    closed: crossedBy({
      failTo: '#shard.stopped', // as ordered, whatever the code
      goOnTo: '#shard.stopped',
      onIdentify: ['forgetSession'],
      onResume: [],
    }),
    'timer.close': to('#shard.stopped', 'closeTimedOut'),
    stop: stay('stopped', 'forgetSession'),
    detach: explained('Keeps the session if a stop has not ended it.', stay('detached')),
    reconnect: stay('stoppingAlready'),
  },
});

const failing = shardSetup.createStateConfig({
  meta: { spec: 'gateway#session-start-limit-object' },
  description: 'To fail: nothing more can be done without an order.',
  tags: ['failing'],
  on: {
    closed: to('#shard.failed', 'closeAnswered'),
    'timer.close': to('#shard.failed', 'closeTimedOut'),
    stop: to('stopping', 'stopped'), // the session is forgotten already
    detach: to('stopping', 'detached'),
    reconnect: stay('stoppingAlready'),
  },
});

export const closing = shardSetup.createStateConfig({
  meta: { spec: 'gateway#disconnecting' },
  description: 'Our close frame is out. A peer that does not answer it is dropped.',
  ...timed('close'),
  initial: 'reconnecting', // never taken: every way in names the state
  // Of what is to come back: the others have rows of their own.
  on: {
    stop: to('.stopping', 'stopped', 'forgetSession'),
    detach: to('.stopping', 'detached'),
  },
  states: { reconnecting, makingRoom, stopping, failing },
});
