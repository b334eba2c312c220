/** An open connection, but for what goes on side by side on it: session.ts, heartbeat.ts, staying.ts, answers.ts. */
import { answerClose, closeAsOrdered, closeWith, LISTENING, stay, to, when } from './rows.js';
import { type GatewayContext, type GatewayEvent, gatewaySetup } from './vocabulary.js';

const sendRaw = {
  type: 'sendRaw',
  params: ({ context, event }: { readonly context: GatewayContext; readonly event: GatewayEvent }) => ({
    kind: event.type === 'fault.malformed' ? event.kind : '',
    sequence: context.session?.sequence ?? 0,
  }),
} as const;

export const open = gatewaySetup.createStateConfig({
  meta: { spec: 'gateway#connection-lifecycle' },
  description: 'The session, the heartbeat, a request to leave and what goes wrong, side by side.',
  type: 'parallel',
  on: {
    // Disconnecting: 1000 and 1001 end the session, everything else leaves it.
    closed: [
      when('isLost', to(LISTENING, 'lost')),
      when('endsSession', to(LISTENING, 'endedByClient', 'forgetSession', answerClose)),
      to(LISTENING, 'closedByClient', answerClose),
    ],
    // Gateway Close Event Codes, as far as they hold at any time; the others stand where they are earned.
    'received.unknownOpcode': to('closing', 'opcodeUnknown', closeWith(4001)),
    'received.undecodable': to('closing', 'undecodable', closeWith(4002)),
    'received.tooLarge': to('closing', 'tooLarge', closeWith(4002)),
    'received.tooMany': to('closing', 'tooMany', closeWith(4008)),
    closeWith: [
      when('orderEndsSession', to('closing', 'closedByOrder', 'forgetSession', closeAsOrdered)),
      to('closing', 'closedByOrder', closeAsOrdered),
    ],
    requestHeartbeat: stay('heartbeatRequested', { type: 'sendHeartbeatRequest', params: {} }),
    'fault.goSilent': to('silent', 'silenced'),
    'fault.malformed': stay('malformed', 'numberRaw', sendRaw),
  },
});
