import { describe, expect, it } from 'vitest';
import { fitsPattern } from '../../../../machines/kit/patterns.js';
import { SHARD_IGNORED } from '../../../../machines/shard/laws/ignored.js';
import type { ShardEvent } from '../../../../machines/shard/vocabulary.js';

/** Why an event does nothing in a state, by the table; empty if the table does not list it. */
const reasons = (event: ShardEvent['type'], state: string) =>
  SHARD_IGNORED.filter(
    (row) =>
      row.events.includes(event) &&
      row.in.some((pattern) => fitsPattern(pattern, state)) &&
      !row.except?.some((pattern) => fitsPattern(pattern, state)),
  ).map(({ because }) => because);

const open = (session: string, heartbeat = 'beating.acked', reading = 'flowing') =>
  `running.connection.open(session.${session} + heartbeat.${heartbeat} + reading.${reading})`;

const STATES = {
  stopped: 'stopped',
  failed: 'failed',
  locating: 'running.locating',
  waiting: 'running.waiting',
  opening: 'running.connection.reaching.opening',
  awaitingHello: 'running.connection.reaching.awaitingHello',
  queuedForIdentify: open('queuedForIdentify', 'jittering'),
  identifying: open('identifying'),
  'identifying and overdue': open('identifying', 'beating.overdue.listening'),
  resuming: open('resuming'),
  ready: open('ready.settled'),
  'ready and awaitingAck': open('ready.settled', 'beating.awaitingAck'),
  'ready and overdue': open('ready.settled', 'beating.overdue.listening'),
  'ready and paused': open('ready.settled', 'beating.excused', 'paused'),
  closing: 'running.connection.closing.reconnecting',
  makingRoom: 'running.connection.closing.makingRoom',
  'awaitingRoom and full': 'running.awaitingRoom.full',
  'awaitingRoom and resting': 'running.awaitingRoom.resting',
  'awaitingRoom and drained': 'running.awaitingRoom.drained',
} as const;
type State = keyof typeof STATES;

describe('the table of what a shard ignores', () => {
  it.each<[ShardEvent['type'], State, string]>([
    ['start', 'waiting', 'it runs already'],
    ['start', 'ready', 'it runs already'],
    ['stop', 'stopped', 'nothing runs; what detach kept stays'],
    ['reconnect', 'failed', 'nothing runs; what detach kept stays'],
    ['located', 'waiting', 'the URL was not asked for'],
    ['locateFailed', 'stopped', 'the URL was not asked for'],
    ['permitGranted', 'identifying', 'no permit was asked for'],
    ['permitRefused', 'locating', 'no permit was asked for'],
    ['opened', 'awaitingHello', 'no handshake is going on'],
    ['opened', 'failed', 'no handshake is going on'],
    ['closed', 'waiting', 'there is no connection'],
    ['dispatch', 'stopped', 'there is no connection'],
    ['undecodable', 'locating', 'there is no connection'],
    ['hello', 'opening', 'nothing comes before the handshake is over'],
    [
      'invalidSession',
      'closing',
      'the connection was given up: what still arrives would be missed anyway, and is replayed',
    ],
    ['heartbeatAck', 'queuedForIdentify', 'no heartbeat awaits it: it answers one that the Gateway had asked for'],
    ['heartbeatAck', 'ready', 'no heartbeat awaits it: it answers one that the Gateway had asked for'],
    ['dispatched', 'identifying', 'dispatches are told in batches while streaming only'],
    ['dispatched', 'awaitingHello', 'dispatches are told in batches while streaming only'],
    ['backlogFull', 'identifying', 'no dispatches are delivered, so that no buffer is filled'],
    ['backlogFull', 'closing', 'no dispatches are delivered, so that no buffer is filled'],
    [
      'backlogFull',
      'ready and overdue',
      'an ACK has to be read first; for what finds no room meanwhile the host has a policy',
    ],
    ['backlogFull', 'ready and paused', 'it is paused already'],
    ['backlogDrained', 'ready', 'nothing is paused, and no room is awaited'],
    ['backlogDrained', 'awaitingRoom and drained', 'nothing is paused, and no room is awaited'],
    ['backlogFull', 'awaitingRoom and full', 'no dispatches are delivered, so that no buffer is filled'],
    ['backlogOverflowed', 'awaitingHello', 'no dispatches are delivered'],
    ['backlogOverflowed', 'makingRoom', 'no dispatches are delivered'],
    ['backlogOverflowed', 'awaitingRoom and full', 'no dispatches are delivered'],
    ['backlogDrained', 'stopped', 'nothing is paused, and no room is awaited'],
  ])('has a reason for %s in %s', (event, state, because) => {
    expect(reasons(event, STATES[state])).toEqual([because]);
  });

  it.each<[ShardEvent['type'], State]>([
    ['start', 'stopped'],
    ['start', 'failed'],
    ['stop', 'waiting'],
    ['detach', 'closing'],
    ['reconnect', 'ready'],
    ['located', 'locating'],
    ['permitGranted', 'queuedForIdentify'],
    ['opened', 'opening'],
    ['closed', 'opening'],
    ['closed', 'closing'],
    ['closed', 'ready'],
    ['hello', 'awaitingHello'],
    ['hello', 'ready'],
    ['heartbeatRequested', 'awaitingHello'],
    ['heartbeatAck', 'awaitingHello'],
    ['heartbeatAck', 'ready and awaitingAck'],
    ['heartbeatAck', 'ready and overdue'],
    ['dispatch', 'identifying'],
    ['dispatched', 'resuming'],
    ['backlogFull', 'resuming'],
    ['backlogFull', 'ready'],
    ['backlogDrained', 'ready and paused'],
    ['backlogDrained', 'makingRoom'],
    ['backlogDrained', 'awaitingRoom and full'],
    ['backlogDrained', 'awaitingRoom and resting'],
    ['backlogOverflowed', 'identifying'],
    ['backlogOverflowed', 'ready'],
    ['backlogOverflowed', 'resuming'],
  ])('does not list %s in %s, where it is handled', (event, state) => {
    expect(reasons(event, STATES[state])).toEqual([]);
  });
});
