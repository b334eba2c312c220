/** The heartbeats that the Gateway expects of a client ("Sending Heartbeats"). */
import { again, CLOSING, closeUnheard, timed, to, when } from './rows.js';
import { gatewaySetup, reporting } from './vocabulary.js';

const begins = { guard: 'givesHello', target: 'expected' } as const;
const readsOn = [{ guard: 'isGreeting', target: 'unexpected' }, { target: 'expected' }] as const;

const expected = gatewaySetup.createStateConfig({
  meta: { spec: 'gateway#sending-heartbeats' },
  description: 'One has to come within the interval and some grace.',
  ...timed('heartbeat'),
  on: {
    'received.heartbeat': [
      when('swallowsAcks', again('expected', 'ackWithheld')),
      again('expected', 'heartbeat', { type: 'sendAck', params: {} }),
    ],
    'timer.heartbeat': [
      when('silenceEndsSession', to(CLOSING, 'heartbeatMissing', 'forgetSession', closeUnheard)),
      to(CLOSING, 'heartbeatMissing', closeUnheard),
    ],
    'fault.stopReading': 'unread',
  },
});

export const heartbeat = gatewaySetup.createStateConfig({
  meta: { spec: 'gateway#sending-heartbeats' },
  initial: 'unexpected',
  states: {
    unexpected: {
      meta: { spec: 'gateway#sending-heartbeats' },
      description: 'Until Hello has named the interval.',
      on: {
        'timer.hello': begins,
        'received.identify': begins,
        'received.resume': begins,
        'fault.stopReading': 'unread',
      },
    },
    expected,
    unread: {
      meta: { spec: 'fault' },
      description: 'Nothing is read, so nothing can be expected.',
      entry: [{ type: 'stopReading', params: {} }, reporting('faultBegun')],
      exit: [{ type: 'startReading', params: {} }, reporting('faultEnded')],
      on: {
        'fault.startReading': readsOn,
        'fault.end': readsOn,
      },
    },
  },
});
