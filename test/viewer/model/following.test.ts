import { describe, expect, it } from 'vitest';
import { SHARD_LAYOUTS } from '../../../src/diagram/index.js';
import { changedState, viewWith } from '../../../src/viewer/model/following.js';

const OPEN = 'running.connection.open';
const open = (session: string, heartbeat = 'beating.acked', reading = 'flowing') =>
  `${OPEN}(session.${session} + heartbeat.${heartbeat} + reading.${reading})`;

describe('a chart that follows', () => {
  it.each([
    ['', 'stopped', 'shard.stopped'],
    ['stopped', 'running.locating', 'shard.running.locating'],
    ['running.locating', 'running.connection.reaching.opening', 'shard.running.connection.reaching.opening'],
    [
      'running.connection.reaching.awaitingHello',
      open('identifying', 'jittering'),
      `shard.${OPEN}.session.identifying`,
    ],
    [open('identifying'), open('ready.settling'), `shard.${OPEN}.session.ready.settling`],
    [open('ready.settled'), open('ready.settled', 'beating.awaitingAck'), undefined],
    [
      open('ready.settled'),
      open('ready.settled', 'beating.overdue.listening'),
      `shard.${OPEN}.heartbeat.beating.overdue.listening`,
    ],
    [open('ready.settled'), open('ready.settled', 'beating.acked', 'paused'), `shard.${OPEN}.reading.paused`],
    [open('ready.settled'), open('ready.settled'), undefined],
    [open('ready.settled'), 'running.waiting', 'shard.running.waiting'],
  ])('from %s to %s looks at %s', (before, after, id) => expect(changedState('shard', before, after)).toBe(id));

  it.each([
    ['overview', 'shard.running.waiting', 'overview'],
    ['session', 'shard.running.waiting', 'overview'],
    ['overview', 'shard.running.connection.reaching.opening', 'reaching'],
    ['overview', `shard.${OPEN}.session.identifying`, 'session'],
    ['session', `shard.${OPEN}.heartbeat.beating.overdue.listening`, 'heartbeat'],
    ['whole', `shard.${OPEN}.session.identifying`, 'whole'],
    ['overview', 'shard.nowhere', undefined],
    ['overview', undefined, undefined],
  ])('with %s open finds %s in %s', (view, id, found) => expect(viewWith(SHARD_LAYOUTS, view, id)).toBe(found));
});
