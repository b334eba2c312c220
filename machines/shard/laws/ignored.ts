import type { IgnoredRow } from '../../kit/invariants.js';
import type { ShardEvent } from '../vocabulary.js';
import { PAYLOAD_EVENTS } from './payload-events.js';

const MESSAGES = [...PAYLOAD_EVENTS, 'dispatched', 'unknownOpcode', 'malformed', 'undecodable'] as const;
const NO_SOCKET = ['stopped', 'failed', 'running.locating', 'running.waiting', 'running.awaitingRoom.*'];
const OPEN = 'running.connection.open';

/** What the shard chart ignores, state by state, and why. What is in no row is handled. */
// biome-ignore format: aligned table
export const SHARD_IGNORED: readonly IgnoredRow<ShardEvent['type']>[] = [
  { events: ['start'],                          in: ['running.*'], because: 'it runs already' },
  { events: ['stop', 'detach', 'reconnect'],    in: ['stopped', 'failed'], because: 'nothing runs; what detach kept stays' },
  { events: ['located', 'locateFailed'],        in: ['*'], except: ['running.locating'], because: 'the URL was not asked for' },
  { events: ['permitGranted', 'permitRefused'], in: ['*'], except: [`${OPEN}(session.queuedForIdentify *`], because: 'no permit was asked for' },
  { events: ['opened'],                         in: ['*'], except: ['running.connection.reaching.opening'], because: 'no handshake is going on' },
  { events: ['closed'],                         in: NO_SOCKET, because: 'there is no connection' },
  { events: MESSAGES,                           in: NO_SOCKET, because: 'there is no connection' },
  { events: MESSAGES,                           in: ['running.connection.reaching.opening'], because: 'nothing comes before the handshake is over' },
  { events: MESSAGES,                           in: ['running.connection.closing.*'], because: 'the connection was given up: what still arrives would be missed anyway, and is replayed' },
  { events: ['heartbeatAck'],                   in: [`${OPEN}(*jittering *`, `${OPEN}(*acked *`], because: 'no heartbeat awaits it: it answers one that the Gateway had asked for' },
  { events: ['dispatched'],                     in: ['running.connection.reaching.awaitingHello', `${OPEN}(session.queuedForIdentify *`, `${OPEN}(session.identifying *`], because: 'dispatches are told in batches while streaming only' },
  { events: ['backlogFull'],                    in: [...NO_SOCKET, 'running.connection.reaching.*', 'running.connection.closing.*', `${OPEN}(session.queuedForIdentify *`, `${OPEN}(session.identifying *`], because: 'no dispatches are delivered, so that no buffer is filled' },
  { events: ['backlogFull'],                    in: [`${OPEN}(*catchingUp *`, `${OPEN}(*overdue.*`], because: 'an ACK has to be read first; for what finds no room meanwhile the host has a policy' },
  { events: ['backlogFull'],                    in: [`${OPEN}(*reading.paused*`], because: 'it is paused already' },
  { events: ['backlogDrained'],                 in: ['*'], except: [`${OPEN}(*reading.paused*`, 'running.connection.closing.makingRoom', 'running.awaitingRoom.resting', 'running.awaitingRoom.full'], because: 'nothing is paused, and no room is awaited' },
  { events: ['backlogOverflowed'],              in: [...NO_SOCKET, 'running.connection.reaching.*', 'running.connection.closing.*'], because: 'no dispatches are delivered' },
];
