const CONNECT = 'opened > hello';
const IDENTIFY = 'permitGranted > ready';
const BEGIN = `start > located > ${CONNECT} > ${IDENTIFY}`;
const ACKED = 'timer.heartbeat > heartbeatAck';
const SETTLE = 'timer.firstHeartbeat > timer.settle > heartbeatAck';
const LOST = 'closed (1006) > timer.reconnect';
const CLOSED = 'timer.close > timer.reconnect';
const UNREACHED = 'located > closed (1006) > timer.reconnect';

const times = (count: number, events: string): string => Array.from({ length: count }, () => events).join(' > ');

/**
 * Lives of a shard that are longer than the shortest way to anything: what a client remembers over several connections
 * shows only there. Events by the names that the abstraction gives them; what is due to come of each is the chart's to say.
 */
export const STORIES: Readonly<Record<string, string>> = {
  'waits grow with each failure, up to their cap, and a start begins again': `start > ${times(8, UNREACHED)} > stop > start > ${times(2, UNREACHED)}`,
  'a connection that has held forgives failures, one that has not does not': `start > ${times(3, UNREACHED)} > located > ${CONNECT} > ${IDENTIFY} > ${LOST} > ${CONNECT} > resumed > ${SETTLE} > ${LOST} > ${CONNECT} > resumed > ${LOST} > ${CONNECT} > resumed > closed (4008) > timer.reconnect > ${CONNECT}`,
  'invalid sessions one after the other wait longer each time': `${BEGIN} > ${times(5, `invalidSession (false) > ${CLOSED} > ${CONNECT} > permitGranted > ready`)}`,
  'a new session has sequences of its own': `${BEGIN} > dispatch (jump) > heartbeatRequested > invalidSession (false) > ${CLOSED} > ${CONNECT} > heartbeatRequested > permitGranted > heartbeatRequested > ready > heartbeatRequested > dispatch > timer.firstHeartbeat > ${LOST} > ${CONNECT} > resumed > heartbeatRequested`,
  'the sequence of a long session only grows': `${BEGIN} > dispatch > dispatch (jump) > dispatch (earlier) > heartbeatRequested > dispatch (repeated) > heartbeatRequested > dispatch (no number) > heartbeatRequested > ${LOST} > ${CONNECT} > dispatch (earlier) > dispatch > resumed (earlier) > heartbeatRequested > dispatch > ${LOST} > ${CONNECT} > resumed > timer.firstHeartbeat`,
  'resumes in a row are counted, and what they bring forgives them': `${BEGIN} > ${LOST} > ${CONNECT} > dispatch > ${LOST} > ${CONNECT} > resumed > dispatch > ${LOST} > ${CONNECT} > heartbeatRequested`,
  'each connection beats at its own interval': `${BEGIN} > timer.firstHeartbeat > heartbeatAck > ${times(3, ACKED)} > hello > ${ACKED} > ${LOST} > ${CONNECT} > timer.firstHeartbeat > heartbeatAck > resumed > ${ACKED} > heartbeatRequested > ${ACKED} > ${LOST} > ${CONNECT} > timer.firstHeartbeat > heartbeatAck > ${ACKED}`,
  'a requested heartbeat and its ACK change neither the beat nor the zombie test': `${BEGIN} > heartbeatRequested > timer.firstHeartbeat > heartbeatAck > heartbeatRequested > ${ACKED} > heartbeatRequested > timer.heartbeat > heartbeatRequested > timer.heartbeat > heartbeatAck > timer.heartbeat > timer.heartbeat > timer.silence > timer.close > timer.reconnect > ${CONNECT} > resumed > timer.firstHeartbeat > heartbeatAck > timer.heartbeat`,
  'a permit that is delayed is asked for again': `start > located > ${CONNECT} > timer.permit > permitRefused (until later) > ${CLOSED} > ${CONNECT} > permitRefused (until later) > closed (1006) > timer.reconnect > ${CONNECT} > permitRefused (for good) > timer.close > start > ${CONNECT} > ${IDENTIFY}`,
  'what is detached is resumed at the next start': `${BEGIN} > dispatch (jump) > detach > timer.close > start > ${CONNECT} > resumed > dispatch > stop > timer.close > start > ${CONNECT} > permitGranted`,
  'we are told how long to wait': `start > locateFailed (rateLimited) > timer.reconnect > locateFailed (unavailable) > timer.reconnect > located > closed (HTTP 429) > timer.reconnect > located > ${CONNECT} > ${IDENTIFY} > ${SETTLE} > closed (4008) > timer.reconnect > ${CONNECT} > invalidSession (false) > closed (4008) > timer.reconnect > ${CONNECT}`,
  'a code that allows one resume is tried once': `${BEGIN} > dispatch > closed (1000) > timer.reconnect > ${CONNECT} > closed (1000) > timer.reconnect > ${CONNECT} > permitGranted`,
  'orders come while the connection closes': `${BEGIN} > dispatch > reconnect > reconnect (fresh) > timer.close > timer.reconnect > ${CONNECT} > ${IDENTIFY} > reconnect > stop > timer.close > start > ${CONNECT} > ${IDENTIFY} > invalidSession (true) > detach > timer.close > start > ${CONNECT}`,
  'a session is moved by Reconnect from connection to connection': `${BEGIN} > ${times(3, `dispatch > reconnectRequested > closed (1000) > timer.reconnect > ${CONNECT} > dispatch > resumed > dispatch (jump)`)} > timer.firstHeartbeat`,
};

/** The same where a session is resumed at the URL that READY names. */
export const STORIES_OF_RESUME_URLS: Readonly<Record<string, string>> = {
  'a resume URL that leads nowhere costs the URL, not the session': `${BEGIN} > dispatch > ${LOST} > closed (1006) > timer.reconnect > ${CONNECT} > resumed > heartbeatRequested > ${LOST} > closed (1006) > timer.reconnect > located > ${CONNECT}`,
};
