import { type CauseRow, causeTable } from '../kit/causes.js';

/** A reason for the Gateway's side to move. */
export interface GatewayCauseRow extends CauseRow {
  /** The client knows by it that its session is over. */
  readonly endsSession?: true;
}

/** Why the Gateway's side moved: a row for each reason, in the order of a connection's life; sections as in `CAUSES`, `fault` marks what was ordered to go wrong. */
// biome-ignore format: aligned table
export const GATEWAY_CAUSES = /* @__PURE__ */ causeTable<GatewayCauseRow>()({
  connected:            { spec: 'gateway#connecting',                                         says: 'a client connected' },
  connectedAnew:        { spec: 'gateway#connecting',                                         says: 'the client connected again: what is left of its old connection is dropped' },
  helloSent:            { spec: 'gateway#hello-event',                                        says: 'Hello is sent' },
  beforeHello:          { spec: 'gateway#hello-event',                                        says: 'the client sent something other than Identify or Resume before Hello' },
  notAuthenticated:     { spec: 'gateway#gateway-close-event-codes',                          says: 'the client sent something other than a heartbeat before it identified' },
  authenticationFailed: { spec: 'gateway#gateway-close-event-codes',                          says: 'the token is wrong' },
  shardInvalid:         { spec: 'gateway#gateway-close-event-codes',                          says: 'the shard id and count do not fit together' },
  shardingRequired:     { spec: 'gateway#sharding',                                           says: 'the session would hold too many guilds' },
  versionInvalid:       { spec: 'gateway#gateway-url-query-string-params',                    says: 'the URL asked for a version that does not exist' },
  intentsInvalid:       { spec: 'gateway#gateway-intents',                                    says: 'the intents hold a bit that does not exist' },
  intentsDisallowed:    { spec: 'gateway#privileged-intents',                                 says: 'a privileged intent is not enabled' },
  identifiedTooSoon:    { spec: 'gateway#rate-limiting',                                      says: 'another identify of this lane came within 5 s' },
  identified:           { spec: 'gateway#identifying',                                        says: 'the identify is accepted' },
  alreadyAuthenticated: { spec: 'gateway#gateway-close-event-codes',                          says: 'the client identified or resumed twice on one connection' },
  ready:                { spec: 'gateway#ready-event',                                        says: 'READY is sent: a new session' },
  sessionUnknown:       { spec: 'gateway#resuming',                                           says: 'there is no such session to resume' },
  sequenceUnknown:      { spec: 'gateway#gateway-close-event-codes',                          says: 'the client wants to resume after a dispatch that was never sent' },
  replayLost:           { spec: 'gateway#resuming',                                           says: 'what the client missed is no longer kept' },
  resuming:             { spec: 'gateway#resuming',                                           says: 'the resume is accepted' },
  resumed:              { spec: 'gateway#resuming',                                           says: 'RESUMED is sent: everything missed was replayed' },
  commanded:            { spec: 'gateway#send-events',                                        says: 'a command is taken' },
  heartbeat:            { spec: 'gateway#sending-heartbeats',                                 says: 'a heartbeat came and is acknowledged' },
  heartbeatMissing:     { spec: 'gateway#heartbeat-interval',                                 says: 'no heartbeat came in time' },
  opcodeUnknown:        { spec: 'gateway#gateway-close-event-codes',                          says: 'the client sent an opcode that it must not send' },
  undecodable:          { spec: 'gateway#gateway-close-event-codes',                          says: 'the client sent something that cannot be decoded' },
  tooLarge:             { spec: 'gateway#sending-events',                                     says: 'the client sent a payload over 4096 bytes' },
  tooMany:              { spec: 'gateway#rate-limiting',                                      says: 'the client sent more than 120 payloads within 60 s' },
  heartbeatRequested:   { spec: 'gateway#heartbeat-requests',                                 says: 'a heartbeat is asked for' },
  reconnectRequested:   { spec: 'gateway#reconnect',                                          says: 'the client is asked to reconnect' },
  overstayed:           { spec: 'gateway#reconnect',                                          says: 'the client was asked to reconnect and stayed' },
  sessionInterrupted:   { spec: 'gateway#invalid-session',                                    says: 'Invalid Session, d true: the session may be resumed' },
  sessionInvalidated:   { spec: 'gateway#invalid-session',                 endsSession: true,  says: 'Invalid Session, d false: the session is gone' },
  sessionTaken:         { spec: 'gateway#resuming',                        endsSession: true,  says: 'the session was resumed on another connection' },
  sessionGiven:         { spec: 'gateway#resuming',                                           says: 'the session came over from another connection' },
  sessionExpired:       { spec: 'gateway#disconnecting',                   endsSession: true,  says: 'nobody resumed the session in time' },
  closedByOrder:        { spec: 'user',                                                       says: 'a close was ordered' },
  closeAnswered:        { spec: 'gateway#disconnecting',                                      says: 'our close was answered' },
  closeTimedOut:        { spec: 'gateway#disconnecting',                                      says: 'our close was not answered: the connection is dropped' },
  closedByClient:       { spec: 'gateway#disconnecting',                                      says: 'the client closed, and its session stays' },
  endedByClient:        { spec: 'gateway#initiating-a-disconnect',         endsSession: true,  says: 'the client closed with 1000 or 1001: its session ends' },
  lost:                 { spec: 'gateway#disconnecting',                                      says: 'the connection was lost without a close frame; its session stays' },
  ackWithheld:          { spec: 'fault',                                                      says: 'a heartbeat came and is not acknowledged' },
  helloWithheld:        { spec: 'fault',                                                      says: 'Hello is withheld' },
  readyWithheld:        { spec: 'fault',                                                      says: 'READY is withheld' },
  resumedWithheld:      { spec: 'fault',                                                      says: 'RESUMED is withheld' },
  resumeDropped:        { spec: 'fault',                                                      says: 'the resume was accepted and the connection is dropped all the same' },
  closeIgnored:         { spec: 'fault',                                                      says: 'the client closed and gets no answer' },
  faultBegun:           { spec: 'fault',                                                      says: 'something is to go wrong from now on' },
  faultEnded:           { spec: 'fault',                                                      says: 'everything is answered again' },
  silenced:             { spec: 'fault',                                                      says: 'the connection goes dead: nothing is read or sent any more' },
  dropped:              { spec: 'fault',                                                      says: 'the TCP connection is dropped' },
  malformed:            { spec: 'fault',                                                      says: 'something malformed is sent' },
  sequenceSkipped:      { spec: 'fault',                                                      says: 'sequence numbers are skipped' },
});

/** The name of a reason for the Gateway's side to move. */
export type GatewayCauseName = keyof typeof GATEWAY_CAUSES;

/** Why the Gateway's side moved, as data: a row of `GATEWAY_CAUSES` by name, and what the event told. */
export interface GatewayCause {
  readonly name: GatewayCauseName;
  /** The client's close code, or the one that was ordered; 1006 stands for "lost". */
  readonly closeCode?: number;
  /** The kind of malformed frame, or the opcode the client sent. */
  readonly frame?: string;
}

/** Why the Gateway's side moved, as a sentence, with what the event told. */
export function gatewaySentence({ name, closeCode: code, frame }: GatewayCause): string {
  const details = [code, frame].filter((detail) => detail !== undefined);
  return GATEWAY_CAUSES[name].says + (details.length === 0 ? '' : ` (${details.join(', ')})`);
}
