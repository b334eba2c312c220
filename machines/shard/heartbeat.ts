/** The heartbeat on an open connection ("Sending Heartbeats"); what tells that the peer is dead stands in overdue.ts. */
import { overdue } from './overdue.js';
import { again, andThen, explained, nextBeat, OPEN, stay, timed, to, when } from './rows.js';
import { arm, disarm, lifeSign, onTraffic, sendHeartbeat, shardSetup } from './vocabulary.js';

const BEATING = `${OPEN}.heartbeat.beating`;

/** What answers a heartbeat. */
const onAck = {
  heartbeatAck: andThen(to('acked', 'acknowledged'), lifeSign),
  ...onTraffic(when('trafficIsLife', andThen(to('acked', 'aliveByTraffic'), lifeSign))),
};

const ackMissing = andThen(to('overdue', 'ackMissing'), ...nextBeat);

const jittering = shardSetup.createStateConfig({
  meta: { spec: 'gateway#sending-heartbeats' },
  description: 'The first heartbeat goes out after a random part of the interval.',
  ...timed('firstHeartbeat'),
  on: { 'timer.firstHeartbeat': to('beating', 'firstHeartbeat') },
});

const beating = shardSetup.createStateConfig({
  meta: { spec: 'gateway#sending-heartbeats' },
  description: "One lap per interval: the timer is the lap's, so a late ACK cannot stretch it.",
  entry: [sendHeartbeat, arm('heartbeat')],
  exit: disarm('heartbeat'),
  initial: 'awaitingAck',
  states: {
    awaitingAck: {
      meta: { spec: 'gateway#heartbeat-interval' },
      on: {
        ...onAck,
        backlogFull: when('mayPause', { target: 'excused' }),
        'timer.heartbeat': ackMissing,
      },
    },
    excused: {
      meta: { spec: 'policy#backpressure' },
      description:
        'Reading was paused before the ACK was there: if it is late, that may be our own doing. The next heartbeat goes out in time.',
      tags: ['degraded'],
      on: {
        ...onAck,
        'timer.heartbeat': andThen(to('catchingUp', 'ackExcused'), ...nextBeat),
      },
    },
    catchingUp: {
      meta: { spec: 'policy#backpressure' },
      description: 'The lap after that: there is no pause before an ACK was read, so that a dead peer is found.',
      tags: ['degraded'],
      on: {
        ...onAck,
        'timer.heartbeat': ackMissing,
      },
    },
    acked: {
      meta: { spec: 'gateway#heartbeat-interval' },
      on: { 'timer.heartbeat': again(BEATING, 'heartbeatDue') },
    },
    overdue,
  },
});

export const heartbeat = shardSetup.createStateConfig({
  meta: { spec: 'gateway#sending-heartbeats' },
  initial: 'jittering',
  on: {
    heartbeatRequested: explained(
      'Answered at once; neither the running timer nor the zombie test knows of it.',
      stay('heartbeatRequested', sendHeartbeat),
    ),
  },
  states: { jittering, beating },
});
