/** A heartbeat that is overdue: whether the peer is dead ("Heartbeat Interval", zombied connections). */
import { again, andThen, explained, nextBeat, OPEN, reconnect, stay, timed, to, when } from './rows.js';
import { lifeSign, onTraffic, shardSetup } from './vocabulary.js';

const BEATING = `${OPEN}.heartbeat.beating`;

/** The end of a connection whose peer is dead. */
const zombied = reconnect('zombied');

/** The burst in which a sign of life came is read. */
const burstOver = to(`${BEATING}.awaitingAck`, 'burstOver');

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

export const overdue = shardSetup.createStateConfig({
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
