/** A connection until Hello ("Connecting", "Hello Event"). */
import {
  closedBy,
  closeEndingSession,
  closeKeepingSession,
  explained,
  OPEN,
  reconnect,
  STOPPING,
  stay,
  timed,
  to,
  WAITING,
  when,
} from './rows.js';
import { shardSetup, waitFor } from './vocabulary.js';

const opening = shardSetup.createStateConfig({
  meta: { spec: 'gateway#connecting' },
  description: 'The WebSocket handshake. A stop in this state has no open connection to close with 1000.',
  ...timed('open'),
  on: {
    opened: to('awaitingHello', 'opened'),
    'timer.open': to(WAITING, 'openTimedOut', 'forgetUrl', waitFor('retry')),
  },
});

const awaitingHello = shardSetup.createStateConfig({
  meta: { spec: 'gateway#hello-event' },
  description: 'Nothing is sent before Hello.',
  ...timed('hello'),
  on: {
    hello: [
      when('hasSession', to(`${OPEN}.session.resuming`, 'helloBeforeResume', 'takeInterval')),
      explained(
        'Not even the sequence of a session that could not be resumed is left.',
        to(`${OPEN}.session.queuedForIdentify`, 'helloBeforeIdentify', 'takeInterval', 'forgetSession'),
      ),
    ],
    reconnectRequested: explained(
      'Op 7 may come before or instead of Hello, and says nothing of the URL.',
      reconnect('reconnectRequested'),
    ),
    undecodable: reconnect('undecodable', 'forgetUrl'),
    'timer.hello': reconnect('helloTimedOut', 'forgetUrl'),
    stop: to(STOPPING, 'stopped', 'forgetSession', closeEndingSession),
    detach: to(STOPPING, 'detached', closeKeepingSession),
    heartbeatRequested: stay('unexpected'),
    heartbeatAck: stay('unexpected'),
    invalidSession: stay('unexpected'),
    ready: stay('unexpected'),
    resumed: stay('unexpected'),
    dispatch: stay('unexpected'),
    malformed: stay('malformed'),
    unknownOpcode: stay('unknownOpcode'),
  },
});

export const reaching = shardSetup.createStateConfig({
  meta: { spec: 'gateway#connecting' },
  description: 'Until Hello. A failure here costs the URL, not the session.',
  tags: ['degraded'],
  initial: 'opening',
  on: {
    closed: closedBy({
      failTo: '#shard.failed',
      goOnTo: WAITING,
      onIdentify: ['forgetUrl', 'forgetSession', 'waitAsTold'],
      onResume: ['forgetUrl', 'waitAsTold'],
      says: 'No resume was tried here.', // so that none is counted
    }),
  },
  states: { opening, awaitingHello },
});
