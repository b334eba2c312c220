/** Which of its answers the Gateway leaves out, as ordered. */
import { to, unanswered } from './rows.js';
import { gatewaySetup } from './vocabulary.js';

export const answers = gatewaySetup.createStateConfig({
  meta: { spec: 'fault' },
  description: 'Which of its answers the Gateway leaves out.',
  initial: 'complete',
  on: {
    'fault.withholdHello': to('.withoutHello', 'faultBegun'),
    'fault.withholdReady': to('.withoutReady', 'faultBegun'),
    'fault.withholdResumed': to('.withoutResumed', 'faultBegun'),
    'fault.swallowAcks': to('.withoutAcks', 'faultBegun'),
    'fault.resumeThenDrop': to('.withoutReplay', 'faultBegun'),
    'fault.ignoreClose': to('.withoutClose', 'faultBegun'),
    'fault.end': to('.complete', 'faultEnded'),
  },
  states: {
    complete: { meta: { spec: 'gateway#connection-lifecycle' } },
    withoutHello: { meta: { spec: 'fault' } },
    withoutReady: { meta: { spec: 'fault' } },
    withoutResumed: { meta: { spec: 'fault' } },
    withoutAcks: { meta: { spec: 'fault' } },
    withoutReplay: { meta: { spec: 'fault' } },
    withoutClose: {
      meta: { spec: 'fault' },
      description: 'The client may send nothing after its close frame, but will still be sent to.',
      on: { closed: unanswered },
    },
  },
});
