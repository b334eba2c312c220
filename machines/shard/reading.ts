/** Whether the socket of an open connection is read: our own backpressure. */
import { to, when } from './rows.js';
import { shardSetup } from './vocabulary.js';

/** The end of a lap ends the pause in it. */
const pauseOver = to('flowing', 'pauseOver');

export const reading = shardSetup.createStateConfig({
  meta: { spec: 'policy#backpressure' },
  description: 'What nobody has taken yet is kept; when it fills the buffer, TCP is to hold the Gateway back.',
  initial: 'flowing',
  states: {
    flowing: {
      meta: { spec: 'policy#backpressure' },
      on: { backlogFull: when('mayPause', to('paused', 'backlogFull')) },
    },
    paused: {
      meta: { spec: 'policy#backpressure' },
      description: 'Our own heartbeats and commands go out. Every lap begins reading.',
      tags: ['paused', 'degraded'],
      entry: { type: 'pauseSocket', params: {} },
      exit: { type: 'resumeSocket', params: {} },
      on: {
        backlogDrained: to('flowing', 'backlogDrained'),
        'timer.firstHeartbeat': pauseOver,
        'timer.heartbeat': pauseOver,
      },
    },
  },
});
