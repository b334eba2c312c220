/**
 * What the words of the shard chart mean, for people: a row for each event, timer, effect, thing remembered and guard of
 * vocabulary.ts. Tools load it, a bot never.
 */
import type { WordsOf } from '../kit/words.js';
import { CLOSE_CODES } from '../protocol/close-codes.js';
import type { Policy } from './policy.js';
import type { ShardEffects, ShardEvent, shardSetup, Timer } from './vocabulary.js';

const codes = (recovery: string): string =>
  Object.entries(CLOSE_CODES)
    .filter(([, row]) => row.recovery === recovery)
    .map(([code]) => code)
    .join(', ');

// biome-ignore format: aligned tables
export const SHARD_WORDS = {
  events: {
    start:              { says: 'An order: connect, and stay connected.', short: 'start is ordered' },
    stop:               { says: 'An order: end the session and go offline. Legal in every state.', short: 'stop is ordered' },
    detach:             { says: 'An order: leave, and keep the session so that it can be resumed, perhaps by another process.', short: 'detach is ordered' },
    reconnect:          { says: 'An order: leave the connection or the wait for the next one, and connect at once; *fresh* asks for a new session.', short: 'a reconnect is ordered' },
    located:            { says: 'Get Gateway Bot answered: the Gateway URL is known.', short: 'the Gateway URL is known' },
    locateFailed:       { says: 'Get Gateway Bot failed: 401, 429, another answer, or none at all.', short: 'the Gateway URL cannot be had' },
    permitGranted:      { says: 'An Identify is permitted: one per 5 s and lane, and so many a day.', short: 'the identify is permitted' },
    permitRefused:      { says: 'An Identify is refused: for good, or until the limit is reset.', short: 'the identify is refused' },
    opened:             { says: 'The WebSocket handshake is over.', short: 'the WebSocket is open' },
    closed:             { says: 'The connection is closed, with a code: by Discord, by an answer to our close, or because it was lost (1006).', short: 'the connection closes' },
    hello:              { says: 'Op 10, the first message of a connection. It names the heartbeat interval.', short: 'Hello (op 10)' },
    heartbeatAck:       { says: 'Op 11: Discord received a heartbeat.', short: 'Heartbeat ACK (op 11)' },
    heartbeatRequested: { says: 'Op 1: Discord wants a heartbeat now.', short: 'the Gateway asks for a heartbeat (op 1)' },
    reconnectRequested: { says: 'Op 7: Discord asks us to reconnect and resume.', short: 'the Gateway asks to reconnect (op 7)' },
    invalidSession:     { says: 'Op 9: the session is gone, or with `d: true` may be resumed on a new connection.', short: 'Invalid Session (op 9)' },
    ready:              { says: 'The dispatch READY, which answers Identify, and a Resume that came too late: a new session.', short: 'READY' },
    resumed:            { says: 'The dispatch RESUMED: everything that was missed has been replayed.', short: 'RESUMED' },
    dispatch:           { says: 'Op 0: any other dispatch.', short: 'a dispatch' },
    dispatched:         { says: 'Several dispatches told at once: while dispatches stream in, the host delivers them directly and tells the chart once for each burst.', short: 'several dispatches' },
    unknownOpcode:      { says: 'A message with an opcode that is not documented.', short: 'a message with an unknown opcode' },
    malformed:          { says: 'A message that cannot be understood: no JSON, no object, or a Hello whose interval makes no sense.', short: 'a message that cannot be understood' },
    backlogFull:        { says: 'Dispatches that nobody has taken yet fill the buffer.', short: 'dispatches that nobody took fill the buffer' },
    backlogDrained:     { says: 'There is room in the buffer again.', short: 'there is room in the buffer again' },
    backlogOverflowed:  { says: 'A dispatch finds no room in the buffer, and reading cannot be paused. It comes with the last sequence that found room.', short: 'a dispatch finds no room' },
    lifeSign:           { says: 'Within a step, from the heartbeat to the session: the Gateway has answered.', short: 'a sign of life' },
    undecodable:        { says: 'Bytes after which nothing on this connection can be understood, such as broken compression.', short: 'bytes after which nothing can be understood' },
  },
  timers: {
    locate:         { says: 'Get Gateway Bot did not answer.', awaits: 'answer with the Gateway URL' },
    open:           { says: 'The WebSocket did not open.', awaits: 'the WebSocket to open' },
    hello:          { says: 'Hello did not come.', awaits: 'Hello' },
    permit:         { says: 'No answer to the request for a permit yet: it is said, and waited on.', awaits: 'permit to identify' },
    ready:          { says: 'READY did not come after Identify.', awaits: 'READY' },
    resumed:        { says: 'Nothing came, neither a replayed dispatch nor RESUMED.', awaits: 'a replayed dispatch, or RESUMED' },
    replay:         { says: 'The replay did not end, whatever came.', awaits: 'the end of the replay' },
    settle:         { says: 'The connection was ready for this long: it counts as good with the next sign of life.', awaits: 'good with the next ACK' },
    firstHeartbeat: { says: 'The first heartbeat is due, after a random part of the interval.', awaits: 'first heartbeat' },
    heartbeat:      { says: 'The next heartbeat is due.', awaits: 'next heartbeat' },
    silence:        { says: 'An ACK is missing, and the socket has been found empty.', awaits: 'all is read, or it is a zombie' },
    overdue:        { says: 'An ACK is missing, and however much there is to be read, this was long enough.', awaits: 'the ACK, at the latest' },
    close:          { says: 'Our close frame was not answered.', awaits: 'answer to our close' },
    reconnect:      { says: 'The wait before the next try is over.', awaits: 'next try' },
    room:           { says: 'The shard has been away from the Gateway for as long as it may, whatever room there is.', awaits: 'room in the buffer' },
  },
  effects: {
    locateGateway: { says: 'Looks up the Gateway URL (Get Gateway Bot, or a fixed one).', does: 'looks up the Gateway URL' },
    cancelLocate:  { says: 'Gives that request up.', does: 'gives up looking for the Gateway URL' },
    openSocket:    { says: 'Opens a WebSocket. The host adds version, encoding and compression to the URL.', does: 'opens a WebSocket' },
    sendHeartbeat: { says: 'Sends op 1 with the last sequence received.', does: 'sends a heartbeat' },
    requestPermit: { says: 'Asks whether we may identify.', does: 'asks for a permit to identify' },
    cancelPermit:  { says: 'Gives that request up. Without effect once the permit is granted.', does: 'gives up asking for a permit' },
    sendIdentify:  { says: 'Sends op 2. The host adds token, intents, presence and properties.', does: 'sends Identify' },
    sendResume:    { says: 'Sends op 6. The host adds the token.', does: 'sends Resume' },
    closeSocket:   { says: 'Sends a close frame: 1000 ends the session, the code of the policy (4900) keeps it.', does: 'closes' },
    pauseSocket:   { says: 'Stops reading from the WebSocket, so that TCP holds the Gateway back.', does: 'stops reading' },
    resumeSocket:  { says: 'Reads on.', does: 'reads on' },
    dropSocket:    { says: 'Drops the connection, whatever state it is in. Nothing arrives from it after that.', does: 'lets go of the socket' },
    report:        { says: 'Tells the cause: as `transition` if the state changed, else as `notice`.', does: 'tells the cause' },
  },
  memory: {
    numberConnection: { says: 'Gives the connection a number. What arrives from another one is void.' },
    numberRequest:    { says: 'Gives the question a number. An answer to another one is void.' },
    takeGatewayUrl:   { says: 'Keeps the main Gateway URL.' },
    takeInterval:     { says: 'Keeps the heartbeat interval.' },
    takeSession:      { says: 'Keeps the session that READY began: its id, its resume URL and the sequence.' },
    takeSequence:     { says: 'Keeps the sequence received. It never goes back within a session.' },
    goBack:           { says: 'Goes back to the last sequence that found room: what came after it is to be replayed.' },
    forgetUrl:        { says: "Forgets the URL that failed: the session's own, else the main one. The session stays." },
    forgetSession:    { says: 'Forgets the session: the next connection identifies.' },
    startCounting:    { says: 'Sets all counts of failures back.' },
    countResume:      { says: 'Counts a resume; it is forgiven with the first dispatch that was not there before.' },
    countAttempt:     { says: 'Counts a try; the back-off grows with it.' },
    limitResumes:     { says: 'Leaves no resume if as many as the close code allows have brought nothing.' },
    forgiveResumes:   { says: 'Sets the count of failed resumes back: the session lives.' },
    forgive:          { says: 'Sets all counts back: the connection has held.' },
    waitFor:          { says: 'Chooses how long `waiting` waits.' },
    waitAsTold:       { says: 'Waits as the close code or `retryAfter` says.' },
    waitAsCrossed:    { says: 'The same for a close that crossed ours, if its code asks for a wait.' },
    remember:         { says: 'Keeps the cause.' },
  },
  guards: {
    hasSession:         { says: 'there is a session to resume', short: 'if there is a session' },
    hasResumeUrl:       { says: 'there is a session, and it named a URL that has not failed', short: 'if the session has a URL of its own' },
    knowsGateway:       { says: 'the main Gateway URL is known', short: 'if the Gateway URL is known' },
    cannotResume:       { says: 'there is a session, and as many resumes in a row brought nothing as the policy allows, or there is no sequence to resume from', short: 'if the session could not be resumed too often, or has no sequence' },
    isNew:              { says: 'it has a number, and that is above all that were received in the session', short: 'if its number is new' },
    isNumbered:         { says: 'it has a number', short: 'if it has a number' },
    isUnauthorized:     { says: 'Discord answered 401', short: 'if the token was refused (401)' },
    isRefusedForGood:   { says: 'no later try would be permitted', short: 'if it is refused for good' },
    isFresh:            { says: 'a new session was ordered', short: 'with a new session' },
    mayResume:          { says: '`d` is true, there is a session, and the policy resumes it', short: 'if d is true and there is a session' },
    trafficIsLife:      { says: "the policy lets any message count as a sign of life (`zombieTest: 'anyTraffic'`)", short: 'if the policy takes any message for life' },
    isPaused:           { says: 'reading is paused', short: 'while reading is paused' },
    mayPause:           { says: 'dispatches are handed on, and no ACK has to be read first', short: 'while dispatches come and no ACK has to be read first' },
    forbidsReconnect:   { says: "the code's recovery is *stop*", short: `with ${codes('stop')}` },
    demandsIdentify:    { says: "the code's recovery is *identify*", short: `with ${codes('identify')}` },
    crossesForGood:     { says: 'the code is not ours, and its recovery is *stop*', short: `with ${codes('stop')}, crossing our close` },
    crossesForIdentify: { says: 'the code is not ours, and its recovery is *identify*', short: `with ${codes('identify')}, crossing our close` },
  },
} as const satisfies WordsOf<typeof shardSetup, ShardEvent['type'], Timer, ShardEffects>;

/** The numbers and choices of the policy, by path. */
type PolicyPath =
  | `deadlines.${keyof Policy['deadlines']}`
  | `waits.${keyof Policy['waits']}`
  | Exclude<keyof Policy, 'deadlines' | 'waits'>;

/** What each of them decides. */
// biome-ignore format: aligned table
export const POLICY_WORDS: Readonly<Record<PolicyPath, string>> = {
  'deadlines.locate':        'for an answer to Get Gateway Bot',
  'deadlines.open':          'for the WebSocket handshake',
  'deadlines.hello':         'for the first message of a connection',
  'deadlines.permit':        'for the permit to identify; reported when it passes, then waited for again',
  'deadlines.ready':         'for READY: long, since each retry costs one Identify of the day',
  'deadlines.resumed':       'without a replayed dispatch or RESUMED',
  'deadlines.close':         'for the answer to our close frame',
  'deadlines.silence':       'at least, once an ACK is missing; then until the socket is found empty, since the ACK may lie in a buffer',
  'deadlines.overdue':       'at most, once an ACK is missing, however much there is to be read',
  'deadlines.room':          'at most away from the Gateway, however full the buffer is',
  'waits.quick':             'the first retry after a connection that had held',
  'waits.backoff':           'every other retry: `base` × `factor`ⁿ, at most `cap`, of which the second half is left to chance; n counts the tries since a connection last held. No other wait is shorter than that once a try has failed',
  'waits.invalidSession':    'after Invalid Session',
  'waits.cooldown':          'after close code 4008',
  resumeBudget:              'resumes in a row that may bring nothing, not one dispatch that was not there before, until the session is dropped',
  stability:                 'heartbeat intervals after which a connection counts as good with the next sign of life, and failures are forgiven',
  zombieTest:                'what proves that Discord hears us: its ACK alone, or any message (`anyTraffic`)',
  closeCode:                 "our close code when the session is to survive; within 3000-4999, but none of Discord's 4000-4016",
  heartbeatInterval:         'heartbeat intervals taken for sane; a Hello outside is malformed',
  invalidSession:            'what Invalid Session with `d: true` leads to: `resume`, or `identify`',
  resumeAt:                  'where a session is resumed: at the URL that READY names, or at the `main` one, as behind a proxy',
  closeCodes:                'rows that replace or complete those of the close codes',
};
