import { type CauseRow, causeTable } from '../kit/causes.js';

/** A reason for the shard to move. */
export interface ShardCauseRow extends CauseRow {
  /** It explains how the shard is, its `health`; the others are but steps on the way. */
  readonly explains?: true;
  /** After it the shard has no session. */
  readonly endsSession?: true;
}

/**
 * Why the shard moved: a row for each reason, in the order of a connection's life.
 * Section names are the anchors of Discord's Gateway documentation; `policy` marks our own choices, `user` orders.
 */
// biome-ignore format: aligned table
export const CAUSES = /* @__PURE__ */ causeTable<ShardCauseRow>()({
  started:              { spec: 'user',                                                                 says: 'start was ordered' },
  stopped:              { spec: 'user',                              explains: true,  endsSession: true,  says: 'stop was ordered: the session ends' },
  detached:             { spec: 'user',                              explains: true,                     says: 'detach was ordered: the session stays' },
  restarted:            { spec: 'user',                              explains: true,                     says: 'a reconnect was ordered' },
  renewed:              { spec: 'user',                              explains: true,  endsSession: true,  says: 'a reconnect with a new session was ordered' },
  stoppingAlready:      { spec: 'user',                                                                 says: 'a reconnect was ordered while the shard ends: ignored' },
  resumesSpent:         { spec: 'policy#resumeBudget',               explains: true,  endsSession: true,  says: 'the session could not be resumed and is dropped' },
  gatewayUnknown:       { spec: 'gateway#connecting',                                                   says: 'look up the Gateway URL' },
  gatewayKnown:         { spec: 'gateway#connecting',                                                   says: 'connect to the main Gateway URL' },
  resumeUrlKnown:       { spec: 'gateway#resuming',                                                     says: 'connect to the URL of the session' },
  located:              { spec: 'gateway#connecting',                                                   says: 'the Gateway URL is known' },
  unauthorized:         { spec: 'gateway#get-gateway-bot',           explains: true,  endsSession: true,  says: 'Discord refused the token (401)' },
  locateFailed:         { spec: 'gateway#get-gateway-bot',           explains: true,                     says: 'the Gateway URL could not be had' },
  locateTimedOut:       { spec: 'policy#deadlines.locate',           explains: true,                     says: 'the Gateway URL was not found in time' },
  opened:               { spec: 'gateway#connecting',                                                   says: 'the WebSocket is open' },
  openTimedOut:         { spec: 'policy#deadlines.open',             explains: true,                     says: 'the WebSocket did not open in time' },
  helloTimedOut:        { spec: 'policy#deadlines.hello',            explains: true,                     says: 'Hello did not come in time' },
  helloBeforeIdentify:  { spec: 'gateway#hello-event',                               endsSession: true,  says: 'Hello, and no session: an identify has to be permitted' },
  helloBeforeResume:    { spec: 'gateway#resuming',                                                     says: 'Hello, and a session: resume it' },
  stillQueued:          { spec: 'gateway#rate-limiting',             explains: true,                     says: 'still waiting for the permit to identify' },
  permitted:            { spec: 'gateway#identifying',                                                  says: 'the identify is permitted' },
  permitDelayed:        { spec: 'gateway#session-start-limit-object', explains: true,                     says: 'no identify is left: wait for the limit to be reset' },
  permitRefused:        { spec: 'gateway#session-start-limit-object', explains: true,                     says: 'the identify is refused for good' },
  ready:                { spec: 'gateway#ready-event',                                                  says: 'READY: a new session' },
  readyInstead:         { spec: 'gateway#resuming',                  explains: true,                     says: 'READY in answer to Resume: a new session' },
  readyTimedOut:        { spec: 'policy#deadlines.ready',            explains: true,                     says: 'READY did not come in time' },
  resumed:              { spec: 'gateway#resuming',                                                     says: 'RESUMED: everything missed was replayed' },
  resumeTimedOut:       { spec: 'policy#deadlines.resumed',          explains: true,                     says: 'the replay fell silent before RESUMED' },
  replayTimedOut:       { spec: 'policy#deadlines.ready',            explains: true,                     says: 'the replay did not end' },
  repeated:             { spec: 'gateway#resuming',                                                     says: 'a dispatch that was there before, by its number, is not delivered' },
  unnumbered:           { spec: 'gateway#payload-structure',                                            says: 'a dispatch without a number is delivered: a resume would not bring it again' },
  longEnough:           { spec: 'policy#stability',                                                     says: 'the session has been ready for long enough: it counts as good once the Gateway answers' },
  settled:              { spec: 'policy#stability',                                                     says: 'the Gateway has answered since: failures are forgiven' },
  firstHeartbeat:       { spec: 'gateway#sending-heartbeats',                                           says: 'the jitter is over: first heartbeat' },
  heartbeatDue:         { spec: 'gateway#sending-heartbeats',                                           says: 'the Gateway has answered since the last heartbeat: send the next' },
  acknowledged:         { spec: 'gateway#heartbeat-interval',                                           says: 'the heartbeat was acknowledged' },
  aliveByTraffic:       { spec: 'policy#zombieTest',                                                    says: 'a message came: taken as a sign of life' },
  ackMissing:           { spec: 'gateway#heartbeat-interval',        explains: true,                     says: 'the next heartbeat goes out and the last was not acknowledged: read what lies in the buffer first' },
  stillMissing:         { spec: 'gateway#heartbeat-interval',                                           says: 'the next heartbeat goes out while what lies in the buffer is read' },
  burstOver:            { spec: 'policy#zombieTest',                                                    says: 'all that had arrived is read: a sign of life from now on answers the heartbeat that is out' },
  acknowledgedLate:     { spec: 'gateway#heartbeat-interval',                                           says: 'the ACK had only been waiting to be read' },
  zombied:              { spec: 'gateway#heartbeat-interval',        explains: true,                     says: 'no ACK: the connection is a zombie' },
  ackExcused:           { spec: 'policy#backpressure',               explains: true,                     says: 'the ACK may be late because reading was paused: read on until one is there' },
  backlogFull:          { spec: 'policy#backpressure',               explains: true,                     says: 'what is not delivered yet fills the buffer: reading is paused' },
  backlogDrained:       { spec: 'policy#backpressure',                                                  says: 'there is room in the buffer: read on' },
  pauseOver:            { spec: 'policy#backpressure',                                                  says: 'a heartbeat is due: the pause is over' },
  backlogOverflowed:    { spec: 'policy#backpressure',               explains: true,                     says: 'a dispatch finds no room, and reading cannot be paused: leave until there is room, and have it replayed' },
  overflowedForGood:    { spec: 'policy#backpressure',                                                  says: 'a dispatch finds no room, and no resume would bring it again: there is no session' },
  rested:               { spec: 'policy#waits',                                                         says: 'the wait is over, but the buffer is still full: wait for room' },
  roomTimedOut:         { spec: 'policy#deadlines.room',                                                says: 'the session must not be left for longer, whatever room there is' },
  replayPaused:         { spec: 'policy#backpressure',                                                  says: 'the replay is silent because reading is paused: wait on' },
  heartbeatRequested:   { spec: 'gateway#heartbeat-requests',                                           says: 'the Gateway asked for a heartbeat' },
  reconnectRequested:   { spec: 'gateway#reconnect',                 explains: true,                     says: 'the Gateway asked us to reconnect' },
  sessionInterrupted:   { spec: 'gateway#invalid-session',           explains: true,                     says: 'Invalid Session, d true: the session may be resumed' },
  sessionInvalidated:   { spec: 'gateway#invalid-session',           explains: true,  endsSession: true,  says: 'Invalid Session: the session is gone' },
  closedForResume:      { spec: 'gateway#disconnecting',             explains: true,                     says: 'the connection closed: the session is resumed, if there is one' },
  closedForIdentify:    { spec: 'gateway#disconnecting',             explains: true,  endsSession: true,  says: 'the connection closed: the next session will be a new one' },
  closedForGood:        { spec: 'gateway#disconnecting',             explains: true,  endsSession: true,  says: 'the connection closed with a code that forbids reconnecting' },
  closeAnswered:        { spec: 'policy#deadlines.close',                                               says: 'our close was answered' },
  closeTimedOut:        { spec: 'policy#deadlines.close',                                               says: 'our close was not answered: the socket is dropped' },
  waited:               { spec: 'policy#waits',                                                         says: 'the wait is over: try again' },
  unexpected:           { spec: 'gateway#payload-structure',                                            says: 'a message that has no place here was ignored' },
  malformed:            { spec: 'gateway#payload-structure',                                            says: 'a message that cannot be understood was ignored' },
  undecodable:          { spec: 'gateway#encoding-and-compression',  explains: true,                     says: 'the connection brought something after which nothing on it can be understood' },
  unknownOpcode:        { spec: 'gateway#gateway-events',                                               says: 'a message with an unknown opcode was ignored' },
});

/** The name of a reason to move. */
export type CauseName = keyof typeof CAUSES;

/** Why the shard moved, as data: a row of `CAUSES` by name, and what the event told. */
export interface Cause {
  readonly name: CauseName;
  /** The code a connection closed with; 1005 and 1006 stand for "none" and "lost", as in RFC 6455. */
  readonly closeCode?: number;
  /** What the peer, the locator or the permit gave as its reason. */
  readonly reason?: string;
  /** The HTTP status that refused the WebSocket, or with which Get Gateway Bot was answered. */
  readonly httpStatus?: number;
  /** What the system says of a connection that did not come about, such as ENOTFOUND or CERT_HAS_EXPIRED. */
  readonly systemCode?: string;
  /** Milliseconds after which another try makes sense. */
  readonly retryAfter?: number;
  /** The type of a frame that had no place, or the opcode that is unknown. */
  readonly frame?: string;
}
