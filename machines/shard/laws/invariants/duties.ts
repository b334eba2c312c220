/** What has to be done. */

import type { ShardEffects, ShardEvent } from '../../vocabulary.js';
import { endsPause, isLive, leavesForRoom, mayPause, type ShardEdge, type ShardSeen } from '../observer.js';
import { type ShardInvariant, unless } from './steps.js';

/** What an event demands at once, and which states of affairs make it do so. */
interface Duty {
  readonly spec: string;
  readonly says: string;
  readonly on: readonly ShardEvent['type'][];
  readonly when: (seen: ShardSeen, move: ShardEdge) => boolean;
  readonly does: readonly (keyof ShardEffects)[];
}

const always = () => true;
const connected = (seen: ShardSeen) => seen.socket === 'greeting' || seen.socket === 'open';

// biome-ignore format: a table
const DUTIES: readonly Duty[] = [
  { spec: 'gateway#connecting', says: 'A start, and the end of a wait, lead to a connection or to the question for its URL',
    on: ['start', 'timer.reconnect', 'located'], when: ({ away }) => away !== 'full', does: ['openSocket', 'locateGateway'] },
  { spec: 'user', says: 'An ordered reconnect begins at once where no connection is open',
    on: ['reconnect'], when: (seen) => seen.run === 'running' && (!isLive(seen) || seen.socket !== 'open') && seen.socket !== 'closing',
    does: ['openSocket', 'locateGateway'] },
  { spec: 'user', says: 'An ordered reconnect closes the open connection',
    on: ['reconnect'], when: (seen) => seen.socket === 'open', does: ['closeSocket'] },
  { spec: 'gateway#resuming', says: 'Where there is a session, Hello is answered with Resume',
    on: ['hello'], when: (seen, { from }) => seen.socket === 'greeting' && from.snapshot.context.session !== null, does: ['sendResume'] },
  { spec: 'gateway#rate-limiting', says: 'Where there is no session, a permit is asked for after Hello',
    on: ['hello'], when: (seen, { from }) => seen.socket === 'greeting' && from.snapshot.context.session === null, does: ['requestPermit'] },
  { spec: 'gateway#identifying', says: 'Once permitted, Identify goes out',
    on: ['permitGranted'], when: always, does: ['sendIdentify'] },
  { spec: 'gateway#session-start-limit-object', says: 'No connection is kept open on which no identify is permitted',
    on: ['permitRefused'], when: always, does: ['closeSocket'] },
  { spec: 'gateway#heartbeat-requests', says: 'A requested heartbeat is sent at once',
    on: ['heartbeatRequested'], when: (seen) => seen.socket === 'open', does: ['sendHeartbeat'] },
  { spec: 'gateway#reconnect', says: 'After Reconnect the connection is closed, before Hello as well',
    on: ['reconnectRequested'], when: connected, does: ['closeSocket'] },
  { spec: 'gateway#invalid-session', says: 'After Invalid Session the connection is closed',
    on: ['invalidSession'], when: (seen) => seen.socket === 'open', does: ['closeSocket'] },
  { spec: 'gateway#encoding-and-compression', says: 'After what makes all that follows unintelligible the connection is closed, before Hello as well',
    on: ['undecodable'], when: connected, does: ['closeSocket'] },
  { spec: 'policy#backpressure', says: 'When the buffer is full reading is paused, unless an ACK has to be read first',
    on: ['backlogFull'], when: mayPause, does: ['pauseSocket'] },
  { spec: 'policy#backpressure', says: 'Reading goes on when there is room again, and with every lap',
    on: ['backlogDrained', 'timer.heartbeat', 'timer.firstHeartbeat'], when: (seen, { event }) => endsPause(seen, event), does: ['resumeSocket'] },
  { spec: 'policy#backpressure', says: 'When a dispatch finds no room the connection is left, if a resume would bring it again',
    on: ['backlogOverflowed'], when: (seen, { from }) => leavesForRoom(seen, from.snapshot.context), does: ['closeSocket'] },
  { spec: 'policy#deadlines', says: 'An open connection whose deadline has passed is closed, but not for the silence of a replay that is not read',
    on: ['timer.hello', 'timer.ready', 'timer.resumed'], when: ({ paused }) => !paused, does: ['closeSocket'] },
  { spec: 'policy#deadlines.ready', says: 'A replay that does not end is broken off, read or not',
    on: ['timer.replay'], when: always, does: ['closeSocket'] },
  { spec: 'gateway#disconnecting', says: 'What has closed, did not open or does not answer our close is dropped',
    on: ['closed', 'timer.open', 'timer.close'], when: always, does: ['dropSocket'] },
  { spec: 'gateway#initiating-a-disconnect', says: 'A stop and a detach close an open connection',
    on: ['stop', 'detach'], when: connected, does: ['closeSocket'] },
  { spec: 'gateway#initiating-a-disconnect', says: 'A stop and a detach drop a connection that is not open yet',
    on: ['stop', 'detach'], when: (seen) => seen.socket === 'opening', does: ['dropSocket'] },
];

/** What each event demands at once. */
export const duties: readonly ShardInvariant[] = DUTIES.map(({ spec, says, on, when, does }) => ({
  spec,
  says,
  step: (move, before) => {
    if (!on.includes(move.event.type) || !when(before, move)) return null;
    const done = move.instructions.filter(({ type }) => (does as readonly string[]).includes(type)).length;
    return unless(done === 1, `${does.join(' or ')} happens ${done} times instead of once`);
  },
}));
