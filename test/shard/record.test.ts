import { describe, expect, it } from 'vitest';
import { checkRecord, type Identity, resumeRecord, sessionFrom } from '../../src/shard/record.js';
import { type Check, testEach } from '../support/checks.js';

const WIRE = { version: 10, encoding: 'json', compress: false } as const;
const IDENTITY: Identity = { identify: { shard: [1, 4], intents: 3 }, wire: WIRE };
const TRUST = { gatewayUrl: 'wss://gateway.discord.gg/' };
const RECORD = resumeRecord({ id: 's', url: 'wss://gateway-b.discord.gg/' }, 7, IDENTITY, 1.6);

const failureOf = (record: unknown) => {
  try {
    checkRecord(record);
    return null;
  } catch (error) {
    return (error as Error).message.replace(/^The resume record cannot be used: (.*)\. Leave.*$/, '$1');
  }
};
const startOf = (change: object, identify: object = {}, wire: object = {}) =>
  sessionFrom(
    { ...RECORD, ...change },
    { identify: { ...IDENTITY.identify, ...identify }, wire: { ...WIRE, ...wire } },
    TRUST,
  );
const KEPT = { session: { id: 's', url: 'wss://gateway-b.discord.gg/' }, sequence: 7 };

const NO_WIRE = 'it does not say its version, encoding and compression';
const RECORDS: readonly Check[] = [
  [
    'a record says everything',
    () => RECORD,
    {
      version: 1,
      sessionId: 's',
      resumeUrl: 'wss://gateway-b.discord.gg/',
      sequence: 7,
      shard: [1, 4],
      intents: 3,
      wire: { version: 10, encoding: 'json', compress: false },
      savedAt: 2,
    },
  ],
  ['a record is one', () => failureOf(RECORD), null],
  ['none is one', () => failureOf(null), null],
  ['text is none', () => failureOf('x'), 'it is no object'],
  ['version', () => failureOf({ ...RECORD, version: 2 }), 'its version is 2, not 1'],
  ['id missing', () => failureOf({ ...RECORD, sessionId: undefined }), 'it has no sessionId'],
  ['id empty', () => failureOf({ ...RECORD, sessionId: '' }), 'it has no sessionId'],
  ['sequence 0', () => failureOf({ ...RECORD, sequence: 0 }), null],
  ['sequence -1', () => failureOf({ ...RECORD, sequence: -1 }), 'its sequence is no number'],
  ['sequence missing', () => failureOf({ ...RECORD, sequence: undefined }), 'its sequence is no number'],
  ['URL null', () => failureOf({ ...RECORD, resumeUrl: null }), null],
  ['URL 7', () => failureOf({ ...RECORD, resumeUrl: 7 }), 'its resumeUrl is neither a string nor null'],
  ['shard', () => failureOf({ ...RECORD, shard: 1 }), 'it does not say its shard and intents'],
  ['intents', () => failureOf({ ...RECORD, intents: 'x' }), 'it does not say its shard and intents'],
  ['wire missing', () => failureOf({ ...RECORD, wire: undefined }), NO_WIRE],
  ['wire null', () => failureOf({ ...RECORD, wire: null }), NO_WIRE],
  ['resumed', () => startOf({}), KEPT],
  ['none', () => sessionFrom(null, IDENTITY, TRUST), {}],
  ['without URL', () => startOf({ resumeUrl: null }), { ...KEPT, session: { id: 's', url: null } }],
  ['strange URL', () => startOf({ resumeUrl: 'wss://evil.example' }), { ...KEPT, session: { id: 's', url: null } }],
  ['another id', () => startOf({}, { shard: [0, 4] }), {}],
  ['another count', () => startOf({}, { shard: [1, 5] }), {}],
  ['other intents', () => startOf({}, { intents: 1 }), {}],
  ['another version', () => startOf({}, {}, { version: 9 }), {}],
  ['another encoding', () => startOf({}, {}, { encoding: 'etf' }), {}],
  ['another compression', () => startOf({}, {}, { compress: 'payload' }), {}],
];

describe('a resume record', () => {
  testEach(RECORDS);

  it('that cannot be used is an error with a code of its own', () => {
    expect(() => checkRecord(7)).toThrow(
      expect.objectContaining({ name: 'LocalProtocolError', code: 'ERR_RESUME_RECORD' }),
    );
  });
});
