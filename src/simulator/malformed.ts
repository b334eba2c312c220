import { Opcode } from '../../machines/protocol/opcodes.js';
import { type ReadyFacts, readyData } from './payloads.js';
import { guildsOf, messageCreate } from './world.js';

/** A frame that is not what it should be, but whole in everything that it is not named after. */
export interface MalformedFrame {
  /** What is wrong with it, as a clause. */
  readonly says: string;
  /** Text as a string, binary as bytes. A dispatch has `sequence` as its `s`, READY what it said of the session. */
  frame(sequence?: number, session?: Partial<ReadyFacts>): string | Uint8Array;
}

const text = (frame: string) => () => frame;
const bytes =
  (...frame: readonly number[]) =>
  (): Uint8Array =>
    Uint8Array.from(frame);
const hello = (d: unknown) => () => JSON.stringify({ t: null, s: null, op: Opcode.Hello, d });
const dispatch =
  (payload: object) =>
  (sequence = 1) =>
    JSON.stringify({ t: undefined, s: sequence, op: Opcode.Dispatch, ...payload });

const [GUILD = ''] = guildsOf([0, 1], 1);
const MESSAGE = { t: 'MESSAGE_CREATE', d: messageCreate(GUILD, 0, () => 0, true) };
/** Undefined values are left out. */
const message = (changes: object) => dispatch({ ...MESSAGE, ...changes });

const SESSION: ReadyFacts = {
  sessionId: 'malformed',
  resumeUrl: 'wss://gateway-us-east1-b.discord.gg',
  shard: [0, 1],
  guilds: [GUILD],
  version: 10,
};
const ready =
  (changes: object) =>
  (sequence = 1, session: Partial<ReadyFacts> = {}) =>
    dispatch({ t: 'READY', d: { ...readyData({ ...SESSION, ...session }), ...changes } })(sequence);

const GIANT_CHARACTERS = 4 * 2 ** 20;

/** Everything a client must survive, by name ("Payload Structure", and what has been seen or can be feared). */
// biome-ignore format: aligned table
export const MALFORMED = {
  notJson:                { says: 'text that is not JSON',                    frame: text('{"op":0,"d":') },
  empty:                  { says: 'an empty text message',                    frame: text('') },
  null:                   { says: 'null instead of a payload',                frame: text('null') },
  array:                  { says: 'an array instead of a payload',            frame: text('[1,2,3]') },
  number:                 { says: 'a number instead of a payload',            frame: text('42') },
  string:                 { says: 'a string instead of a payload',            frame: text('"op"') },
  binary:                 { says: 'a binary message, in JSON without compression', frame: bytes(0x83, 0x00, 0xff, 0x74) },
  corruptCompression:     { says: 'bytes that corrupt a compressed stream',   frame: bytes(0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0xff, 0xff) },
  withoutOpcode:          { says: 'a payload without an opcode',              frame: text('{"t":null,"s":null,"d":{}}') },
  opcodeAsText:           { says: 'a payload with text as its opcode',        frame: text('{"t":null,"s":null,"op":"0","d":{}}') },
  unknownOpcode:          { says: 'an opcode nobody knows',                   frame: text('{"t":null,"s":null,"op":99,"d":{}}') },
  clientOpcode:           { says: 'an opcode that only clients send',         frame: text('{"t":null,"s":null,"op":2,"d":{}}') },
  reconnectWithoutData:   { says: 'Reconnect without d',                      frame: text('{"t":null,"s":null,"op":7}') },
  invalidWithoutData:     { says: 'Invalid Session without d',                frame: text('{"t":null,"s":null,"op":9}') },
  invalidWithText:        { says: 'Invalid Session with text as its d',       frame: text('{"t":null,"s":null,"op":9,"d":"true"}') },
  ackWithoutSequence:     { says: 'a Heartbeat ACK without s, t and d',       frame: text('{"op":11}') },
  secondHello:            { says: 'another Hello',                            frame: hello({ heartbeat_interval: 60_000 }) },
  helloWithoutData:       { says: 'Hello without d',                          frame: text('{"t":null,"s":null,"op":10}') },
  helloWithoutInterval:   { says: 'Hello without an interval',                frame: hello({}) },
  helloWithZero:          { says: 'Hello with an interval of 0',              frame: hello({ heartbeat_interval: 0 }) },
  helloWithNegative:      { says: 'Hello with a negative interval',           frame: hello({ heartbeat_interval: -41_250 }) },
  helloWithText:          { says: 'Hello with an interval that is no number', frame: hello({ heartbeat_interval: '41250' }) },
  helloWithFraction:      { says: 'Hello with an interval below 1 ms',        frame: hello({ heartbeat_interval: 0.5 }) },
  helloWithAge:           { says: 'Hello with an interval of 30 years',       frame: hello({ heartbeat_interval: 1e12 }) },
  helloWithInfinity:      { says: 'Hello with an interval that overflows',    frame: text('{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":1e999}}') },
  dispatchWithoutSequence: { says: 'a dispatch without s',                    frame: message({ s: undefined }) },
  dispatchWithNull:       { says: 'a dispatch with null as its s',            frame: message({ s: null }) },
  dispatchWithZero:       { says: 'a dispatch with 0 as its s',               frame: message({ s: 0 }) },
  dispatchRepeated:       { says: 'a dispatch with the s of the one before',  frame: (sequence = 1) => message({})(sequence - 1) },
  dispatchFromBefore:     { says: 'a dispatch with a lower s than the one before', frame: (sequence = 1) => message({})(Math.max(0, sequence - 2)) },
  dispatchAhead:          { says: 'a dispatch whose s the session has not reached', frame: (sequence = 1) => message({})(sequence + 1_000) },
  dispatchThatLeaps:      { says: 'a dispatch whose s no session reaches',    frame: (sequence = 1) => message({})(sequence + 2 ** 40) },
  dispatchWithText:       { says: 'a dispatch with text as its s',            frame: (sequence = 1) => message({ s: `${sequence}` })() },
  dispatchWithoutType:    { says: 'a dispatch without t',                     frame: message({ t: undefined }) },
  dispatchWithNumberType: { says: 'a dispatch with a number as its t',        frame: message({ t: 7 }) },
  dispatchWithoutData:    { says: 'a dispatch without d',                     frame: message({ d: undefined }) },
  dispatchWithArray:      { says: 'a dispatch with an array as its d, which does reach bots', frame: dispatch({ t: 'PRESENCES_REPLACE', d: [] }) },
  dispatchOfNoRecord:     { says: 'a dispatch of a type nobody knows',        frame: dispatch({ t: 'SOMETHING_NEW', d: { value: 1 } }) },
  dispatchAsPrototype:    { says: 'a dispatch whose type and data name parts of every object', frame: dispatch({ t: '__proto__', d: JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') }) },
  dispatchAsEvent:        { says: 'a dispatch named like an event of a client', frame: dispatch({ t: 'transition', d: {} }) },
  readyWithoutSession:    { says: 'READY without a session id',               frame: ready({ session_id: undefined }) },
  readyWithoutUrl:        { says: 'READY without a resume URL',               frame: ready({ resume_gateway_url: undefined }) },
  readyWithForeignUrl:    { says: 'READY with a resume URL that is nobody\'s',  frame: ready({ resume_gateway_url: 'wss://gateway.example' }) },
  readyWithoutData:       { says: 'READY without d',                          frame: dispatch({ t: 'READY' }) },
  deep:                   { says: 'JSON nested a hundred thousand deep',      frame: (sequence = 1) => `{"t":"MESSAGE_CREATE","s":${sequence},"op":0,"d":${'['.repeat(100_000)}${']'.repeat(100_000)}}` },
  giant:                  { says: 'a dispatch of 4 MB',                       frame: dispatchOfSize(GIANT_CHARACTERS) },
} as const satisfies Record<string, MalformedFrame>;

/** The name of a malformed frame. */
export type MalformedKind = keyof typeof MALFORMED;

/** Whether there is a malformed frame of that name. */
export const isMalformedKind = (name: string): name is MalformedKind => Object.hasOwn(MALFORMED, name);

/** Built when it is needed. */
function dispatchOfSize(characters: number) {
  return (sequence = 1) => message({ d: { ...MESSAGE.d, content: 'x'.repeat(characters) } })(sequence);
}
