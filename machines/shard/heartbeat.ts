/** The heartbeat on an open connection ("Sending Heartbeats"), and what tells that the peer is dead. */
import { again, andThen, explained, OPEN, reconnect, stay, timed, to, when } from './rows.js';
import { arm, disarm, lifeSign, onTraffic, sendHeartbeat, shardSetup } from './vocabulary.js';

const BEATING = `${OPEN}.heartbeat.beating`;

/** What answers a heartbeat. */
const onAck = {
  heartbeatAck: andThen(to('acked', 'acknowledged'), lifeSign),
  ...onTraffic(when('trafficIsLife', andThen(to('acked', 'aliveByTraffic'), lifeSign))),
};

/** The next heartbeat, on its time, where the ACK of the last is not there yet. */
const nextBeat = [sendHeartbeat, arm('heartbeat')] as const;

const missing = andThen(to('overdue', 'ackMissing'), ...nextBeat);

/** The end of a connection whose peer is dead. */
const zombied = reconnect('zombied');

/** The burst in which a sign of life came is read. */
const burstOver = to(`${BEATING}.awaitingAck`, 'burstOver');

const jittering = shardSetup.createStateConfig({
  meta: { spec: 'gateway#sending-heartbeats' },
  description: 'The first heartbeat goes out after a random part of the interval.',
  ...timed('firstHeartbeat'),
  on: { 'timer.firstHeartbeat': to('beating', 'firstHeartbeat') },
});

const listening = shardSetup.createStateConfig({
  meta: { spec: 'gateway#heartbeat-interval' },
  ...timed('silence'),
  on: {
    ...onTraffic(when('trafficIsLife', andThen(to('alive', 'aliveByTraffic'), lifeSign))),
    'timer.silence': zombied,
    'timer.overdue': zombied,
    'timer.heartbeat': andThen(stay('stillMissing'), ...nextBeat),
  },
});

const alive = shardSetup.createStateConfig({
  meta: { spec: 'policy#zombieTest' },
  description:
    'Where any message counts as life: what is read in this burst does not vouch for the heartbeat that is out.',
  ...timed('silence'),
  on: {
    'timer.silence': burstOver,
    'timer.overdue': burstOver,
    'timer.heartbeat': again(BEATING, 'heartbeatDue'),
  },
});

const overdue = shardSetup.createStateConfig({
  meta: { spec: 'gateway#heartbeat-interval' },
  description:
    'The ACK of the lap before is missing. Heartbeats go on, and what already lies in the buffer is read before the peer is called dead: until the socket was found empty.',
  tags: ['degraded'],
  ...timed('overdue'),
  initial: 'listening',
  on: {
    heartbeatAck: explained(
      'It answers the heartbeat before.',
      andThen(to('awaitingAck', 'acknowledgedLate'), lifeSign),
    ),
  },
  states: { listening, alive },
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
        'timer.heartbeat': missing,
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
        'timer.heartbeat': missing,
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
