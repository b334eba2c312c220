/**
 * The Gateway's side, as one client may observe it, over one connection after another: the mirror of shard/chart.ts, in the
 * order of Discord's documentation. Hello, the checks of Identify, READY, the replay of a resume, every close code for
 * the fault that earns it, and what may go wrong on the way, as events (`fault.swallowAcks`).
 *
 * A seat for one client: the Gateway is `listening`, perhaps with a session that waits to be resumed, or has a
 * `connection`. Who serves many clients runs a chart for each connection, and moves a session that is resumed elsewhere
 * as data (`release` there, `adopt` here). Whether a token matches, intents exist or 120 payloads have been exceeded
 * only the host can tell: it says so in the event. Like the shard chart this one holds no I/O, and `connected` gives
 * the number that every later event of the connection carries. Each part of an open connection has a file of its name.
 */
import { gated } from '../kit/gate.js';
import { answers } from './answers.js';
import { heartbeat } from './heartbeat.js';
import { open } from './open.js';
import { again, dropTcp, explained, LISTENING, stay, timed, to, unanswered, when } from './rows.js';
import { session } from './session.js';
import { staying } from './staying.js';
import { gatewayContext, gatewaySetup } from './vocabulary.js';

/** Between connections, perhaps with a session that waits to be resumed. */
const listening = gatewaySetup.createStateConfig({
  meta: { spec: 'gateway#connecting' },
  description: 'No connection.',
  initial: 'looking',
  on: {
    connected: to('connection', 'connected', 'numberConnection'),
  },
  states: {
    looking: {
      meta: { spec: 'gateway#disconnecting' },
      description: 'Left at once.',
      always: [{ guard: 'hasSession', target: 'keeping' }, { target: 'empty' }],
    },
    empty: {
      meta: { spec: 'gateway#connecting' },
      description: 'There is nothing to resume.',
      on: { adopt: to('keeping', 'sessionGiven', 'takeSession') },
    },
    keeping: {
      meta: { spec: 'gateway#resuming' },
      description: 'The session waits to be resumed, for a few minutes; what is dispatched meanwhile is kept for it.',
      ...timed('retention'),
      on: {
        'timer.retention': to('empty', 'sessionExpired', 'forgetSession'),
        release: to('empty', 'sessionTaken', 'forgetSession'),
        invalidateSession: to('empty', 'sessionInvalidated', 'forgetSession'),
      },
    },
  },
});

/** One WebSocket: open, closing after a close of ours, or dead. */
const connection = gatewaySetup.createStateConfig({
  meta: { spec: 'gateway#connection-lifecycle' },
  description: 'A WebSocket, from its handshake until it is closed, lost or dropped.',
  initial: 'open',
  on: {
    connected: explained(
      'A client may be back before the loss of its old connection shows.',
      again('connection', 'connectedAnew', dropTcp, 'numberConnection'),
    ),
    'fault.dropTcp': to('listening', 'dropped', dropTcp),
  },
  states: {
    open: { ...open, states: { session, heartbeat, stay: staying, answers } },
    closing: {
      meta: { spec: 'gateway#disconnecting' },
      description: 'Our close frame is out. A client that does not answer it is dropped.',
      ...timed('close'),
      on: {
        closed: to(LISTENING, 'closeAnswered'),
        'timer.close': to(LISTENING, 'closeTimedOut', dropTcp),
      },
    },
    silent: {
      meta: { spec: 'fault' },
      description: 'As if the other side had lost its power. Only TCP tells when the client is gone.',
      on: { closed: unanswered },
    },
  },
});

export const gatewayMachine = gated(
  gatewaySetup.createMachine({
    id: 'gateway',
    context: ({ input }) => gatewayContext(input),
    initial: 'listening',
    meta: { spec: 'gateway#resuming' },
    // Wherever its client is: what happens is kept for the session, and another connection may take it away.
    on: {
      dispatch: {
        guard: 'hasSession',
        actions: ['keepDispatch'],
        description: 'It is kept, to be replayed when the session is resumed.',
      },
      'fault.skipSequence': when('hasSession', stay('sequenceSkipped', 'skipSequence')),
      release: when('hasSession', stay('sessionTaken', 'forgetSession')),
    },
    states: { listening, connection },
  }),
);
