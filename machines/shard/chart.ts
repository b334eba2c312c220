/**
 * The client side of one Gateway connection and its session, as Discord's documentation tells it, in its order.
 *
 * Three levels: the shard is `stopped`, `running` or `failed`; while running it is looking for the Gateway, holds one
 * connection, or waits for the next; on a connection, from Hello on, the session and the heartbeat go on side by side.
 * Each part of a connection has a file of its name; the search for the Gateway is in locating.ts.
 *
 * The chart holds no I/O. Effects are named actions that a host carries out, timers are events (`timer.hello`) that it
 * delivers, and answers to questions that are no longer open never get in (gate.ts). The words used here are
 * explained in vocabulary.ts, what a row is made of in rows.ts, the reasons in causes.ts, every number in policy.ts.
 */
import { gated } from '../kit/gate.js';
import { awaitingRoom } from './awaiting-room.js';
import { closing } from './closing.js';
import { heartbeat } from './heartbeat.js';
import { choosing, locating } from './locating.js';
import { open } from './open.js';
import { reaching } from './reaching.js';
import { reading } from './reading.js';
import { closedBy, timed, to, when } from './rows.js';
import { session } from './session.js';
import { shardContext, shardSetup } from './vocabulary.js';

/** One WebSocket: reached, open, closing. */
const connection = shardSetup.createStateConfig({
  meta: { spec: 'gateway#connection-lifecycle' },
  description: 'Owns one WebSocket: opened on entry, dropped on exit whatever the reason.',
  entry: [
    'numberConnection',
    {
      type: 'openSocket',
      params: ({ context }) => ({
        connection: context.connection,
        url: context.session?.url ?? context.gatewayUrl ?? '',
      }),
    },
  ],
  exit: { type: 'dropSocket', params: ({ context }) => ({ connection: context.connection }) },
  initial: 'reaching',
  on: {
    // Of an open connection: `reaching` and `closing` have rows of their own.
    closed: closedBy({
      failTo: '#shard.failed',
      goOnTo: 'waiting',
      onIdentify: ['forgetSession', 'waitAsTold'],
      onResume: ['limitResumes', 'waitAsTold'],
    }),
  },
  states: {
    reaching,
    open: { ...open, states: { session, heartbeat, reading } },
    closing,
  },
});

const start = to('running', 'started', 'startCounting');

export const shardMachine = gated(
  shardSetup.createMachine({
    id: 'shard',
    context: ({ input }) => shardContext(input),
    initial: 'stopped',
    states: {
      stopped: {
        meta: { spec: 'user' },
        description: 'Nothing is open and nothing is awaited. A session kept by detach is resumed at the next start.',
        on: { start },
      },

      running: {
        meta: { spec: 'gateway#connections' },
        initial: 'choosing',
        // Orders, where nothing that could be closed in an orderly way is open: whatever was begun is dropped.
        on: {
          stop: to('stopped', 'stopped', 'forgetSession'),
          detach: to('stopped', 'detached'),
          reconnect: [when('isFresh', to('.choosing', 'renewed', 'forgetSession')), to('.choosing', 'restarted')],
        },
        states: {
          awaitingRoom, // first, which keeps the picture narrow enough for a page
          choosing,
          locating,
          connection,
          waiting: {
            meta: { spec: 'policy#waits' },
            description: 'Until the next try: quick after a connection that had held, longer with every failure.',
            tags: ['degraded'],
            ...timed('reconnect'),
            on: { 'timer.reconnect': to('choosing', 'waited', 'countAttempt') },
          },
        },
      },

      failed: {
        meta: { spec: 'gateway#disconnecting' },
        description: 'Trying again would fail again: the reason needs a person. A start begins anew.',
        tags: ['failing'],
        on: { start },
      },
    },
  }),
);
