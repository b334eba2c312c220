/** Whether the client may stay, or has been asked to reconnect ("Reconnect"). */
import { close, stay, timed, to } from './rows.js';
import { gatewaySetup } from './vocabulary.js';

const sendReconnect = { type: 'sendReconnect', params: {} } as const;

export const staying = gatewaySetup.createStateConfig({
  meta: { spec: 'gateway#reconnect' },
  initial: 'welcome',
  states: {
    welcome: {
      meta: { spec: 'gateway#reconnect' },
      on: { requestReconnect: to('overdue', 'reconnectRequested', sendReconnect) },
    },
    overdue: {
      meta: { spec: 'gateway#reconnect' },
      description: 'The client has been asked to leave. If it does not, we close.',
      ...timed('leave'),
      on: {
        requestReconnect: stay('reconnectRequested', sendReconnect),
        'timer.leave': close(1001, 'overstayed'),
      },
    },
  },
});
