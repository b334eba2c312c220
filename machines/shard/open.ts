/** A connection from Hello on, but for what goes on side by side on it: session.ts, heartbeat.ts, reading.ts. */
import { closeEndingSession, closeKeepingSession, explained, to, when } from './rows.js';
import { shardSetup, waitFor } from './vocabulary.js';

/** Siblings, by their names within the connection. */
const [RECONNECTING, STOPPING] = ['closing.reconnecting', 'closing.stopping'];

export const open = shardSetup.createStateConfig({
  meta: { spec: 'gateway#connection-lifecycle' },
  description: 'From Hello on: the session, the heartbeat and how the socket is read, side by side.',
  type: 'parallel',
  on: {
    reconnectRequested: explained(
      'Reconnect and resume; the close must not end the session.',
      to(RECONNECTING, 'reconnectRequested', closeKeepingSession, waitFor('retry')),
    ),
    invalidSession: [
      when('mayResume', to(RECONNECTING, 'sessionInterrupted', closeKeepingSession, waitFor('invalidSession'))),
      explained(
        'A new connection to the main URL, and a new session.',
        to(RECONNECTING, 'sessionInvalidated', 'forgetSession', closeEndingSession, waitFor('invalidSession')),
      ),
    ],
    undecodable: explained(
      'Whatever was not understood is replayed; to stay would be to be deaf.',
      to(RECONNECTING, 'undecodable', closeKeepingSession, waitFor('retry')),
    ),
    stop: to(STOPPING, 'stopped', 'forgetSession', closeEndingSession),
    detach: to(STOPPING, 'detached', closeKeepingSession),
    reconnect: [
      when('isFresh', to(RECONNECTING, 'renewed', 'forgetSession', closeEndingSession, waitFor('order'))),
      to(RECONNECTING, 'restarted', closeKeepingSession, waitFor('order')),
    ],
  },
});
