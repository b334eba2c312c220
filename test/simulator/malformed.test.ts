import { describe, expect, it } from 'vitest';
import { isMalformedKind, MALFORMED, type MalformedFrame, type MalformedKind } from '../../src/simulator/malformed.js';
import { readyData } from '../../src/simulator/payloads.js';
import { messageCreate } from '../../src/simulator/world.js';

const parsed = (kind: MalformedKind, sequence?: number) =>
  JSON.parse((MALFORMED[kind] as MalformedFrame).frame(sequence, SESSION) as string);
const GUILD = '116266106880000001';
const SESSION = { sessionId: 'S1', resumeUrl: 'wss://resume.example' };
const READY = readyData({ ...SESSION, shard: [0, 1], guilds: [GUILD], version: 10 });
/** Whole, as a session would get it. */
const MESSAGE = messageCreate(GUILD, 0, () => 0, true);

describe('MALFORMED', () => {
  it.each([
    ['notJson', '{"op":0,"d":'],
    ['empty', ''],
    ['null', 'null'],
    ['array', '[1,2,3]'],
    ['number', '42'],
    ['string', '"op"'],
    ['helloWithInfinity', '{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":1e999}}'],
    ['binary', Uint8Array.of(0x83, 0x00, 0xff, 0x74)],
    ['corruptCompression', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0xff, 0xff)],
  ] as const)('%s is no payload, or not to the letter', (kind, frame) => {
    expect(MALFORMED[kind].frame()).toEqual(frame);
  });

  it.each([
    ['withoutOpcode', { t: null, s: null, d: {} }],
    ['opcodeAsText', { t: null, s: null, op: '0', d: {} }],
    ['unknownOpcode', { t: null, s: null, op: 99, d: {} }],
    ['clientOpcode', { t: null, s: null, op: 2, d: {} }],
    ['reconnectWithoutData', { t: null, s: null, op: 7 }],
    ['invalidWithoutData', { t: null, s: null, op: 9 }],
    ['invalidWithText', { t: null, s: null, op: 9, d: 'true' }],
    ['ackWithoutSequence', { op: 11 }],
    ['secondHello', { t: null, s: null, op: 10, d: { heartbeat_interval: 60_000 } }],
    ['helloWithoutData', { t: null, s: null, op: 10 }],
    ['helloWithoutInterval', { t: null, s: null, op: 10, d: {} }],
    ['helloWithZero', { t: null, s: null, op: 10, d: { heartbeat_interval: 0 } }],
    ['helloWithNegative', { t: null, s: null, op: 10, d: { heartbeat_interval: -41_250 } }],
    ['helloWithText', { t: null, s: null, op: 10, d: { heartbeat_interval: '41250' } }],
    ['helloWithFraction', { t: null, s: null, op: 10, d: { heartbeat_interval: 0.5 } }],
    ['helloWithAge', { t: null, s: null, op: 10, d: { heartbeat_interval: 1_000_000_000_000 } }],
    ['dispatchWithoutSequence', { t: 'MESSAGE_CREATE', op: 0, d: MESSAGE }],
    ['dispatchWithNull', { t: 'MESSAGE_CREATE', s: null, op: 0, d: MESSAGE }],
    ['dispatchWithZero', { t: 'MESSAGE_CREATE', s: 0, op: 0, d: MESSAGE }],
    ['dispatchWithText', { t: 'MESSAGE_CREATE', s: '7', op: 0, d: MESSAGE }],
  ] as const)('%s is a payload with a flaw, whatever the sequence', (kind, payload) => {
    expect(parsed(kind, 7)).toEqual(payload);
  });

  it.each([
    ['dispatchWithoutType', { d: MESSAGE }],
    ['dispatchWithNumberType', { t: 7, d: MESSAGE }],
    ['dispatchWithoutData', { t: 'MESSAGE_CREATE' }],
    ['dispatchWithArray', { t: 'PRESENCES_REPLACE', d: [] }],
    ['dispatchOfNoRecord', { t: 'SOMETHING_NEW', d: { value: 1 } }],
    ['readyWithoutSession', { t: 'READY', d: { ...READY, session_id: undefined } }],
    ['readyWithoutUrl', { t: 'READY', d: { ...READY, resume_gateway_url: undefined } }],
    ['readyWithForeignUrl', { t: 'READY', d: { ...READY, resume_gateway_url: 'wss://gateway.example' } }],
    ['readyWithoutData', { t: 'READY' }],
  ] as const)('%s is a dispatch with the sequence of the session', (kind, payload) => {
    expect(parsed(kind, 7)).toEqual({ op: 0, s: 7, ...payload });
    expect(parsed(kind)).toEqual({ op: 0, s: 1, ...payload });
  });

  it('dispatchAsPrototype has the names as keys of its own', () => {
    const { t, d } = parsed('dispatchAsPrototype', 7);
    expect([t, Object.keys(d), Object.hasOwn(d, '__proto__')]).toEqual([
      '__proto__',
      ['__proto__', 'constructor'],
      true,
    ]);
  });

  it('dispatchAsEvent is named like an event of a client', () => {
    expect(parsed('dispatchAsEvent', 7)).toEqual({ op: 0, s: 7, t: 'transition', d: {} });
  });

  it('deep is nested a hundred thousand deep, and closed again', () => {
    const frame = MALFORMED.deep.frame(7) as string;
    expect([frame.match(/\[+/)?.[0].length, frame.match(/\]+/)?.[0].length]).toEqual([100_000, 100_000]);
    expect(frame.replace(/\[+\]+/, '0')).toBe('{"t":"MESSAGE_CREATE","s":7,"op":0,"d":0}');
  });

  it('giant is a dispatch of 4 MB of text', () => {
    const { s, t, d } = parsed('giant', 7);
    expect([s, t, d.content.length]).toEqual([7, 'MESSAGE_CREATE', 4 * 1024 * 1024]);
    expect({ ...d, content: MESSAGE.content }).toEqual(MESSAGE);
  });

  it('says of a session what it is not told as an example', () => {
    const { session_id, resume_gateway_url } = JSON.parse(MALFORMED.readyWithForeignUrl.frame()).d;
    expect([session_id, resume_gateway_url]).toEqual(['malformed', 'wss://gateway.example']);
  });

  it('has a clause for each that says what is wrong', () => {
    const says = Object.values(MALFORMED).map((row) => row.says);
    expect(says.filter((clause) => !/^\w.+[^.]$/.test(clause))).toEqual([]);
    expect(new Set(says).size).toBe(says.length);
  });
});

describe('isMalformedKind', () => {
  it.each([
    ['notJson', true],
    ['giant', true],
    ['NOTJSON', false],
    ['toString', false],
    ['__proto__', false],
    ['', false],
  ])('of %o is %o', (name, isKind) => {
    expect(isMalformedKind(name)).toBe(isKind);
  });
});
