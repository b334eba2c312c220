import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ResumeRecord } from '../../src/ports/index.js';
import { checkRecord, continuationOf, type Identity, keptShard, resumeRecord } from '../../src/shard/record.js';
import { type Check, testEach } from '../support/checks.js';

const WIRE = { version: 10, encoding: 'json', compress: false } as const;
const MAIN = 'wss://gateway.discord.gg/';
const IDENTITY: Identity = { identify: { shard: [1, 4], intents: 3 }, wire: WIRE, url: null };
const TRUST = { gatewayUrl: MAIN };
const RECORD = resumeRecord({ id: 's', url: 'wss://gateway-b.discord.gg/' }, 7, IDENTITY, 1.6) as ResumeRecord;

const failureOf = (record: unknown) => {
  try {
    checkRecord(record);
    return null;
  } catch (error) {
    return (error as Error).message.replace(/^The resume record cannot be used: (.*)\. Leave.*$/, '$1');
  }
};
/** What a changed record gives to a shard that is otherwise than the one that it was made by. */
const startOf = (
  change: object,
  other: Partial<Identity['identify']> & Partial<Identity['wire']> & { url?: string } = {},
) => {
  const { shard = [1, 4] as const, intents = 3, url = null, ...wire } = other;
  const identity: Identity = { identify: { shard, intents }, wire: { ...WIRE, ...wire }, url };
  return continuationOf({ ...RECORD, ...change }, identity, TRUST);
};
const leftOut = (difference: string) => ({
  input: {},
  remarks: [`the session to be resumed has ${difference}: a new session begins`],
});
const KEPT = { session: { id: 's', url: 'wss://gateway-b.discord.gg/' }, sequence: 7 };
const UNTRUSTED = 'the resume URL of the session is not to be trusted: it is resumed at the main URL';

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
      gatewayUrl: null,
      savedAt: 2,
    },
  ],
  ['a record is one', () => failureOf(RECORD), null],
  ['of no session there is none', () => resumeRecord(null, 7, IDENTITY, 1), null],
  ['nor of one without a sequence', () => resumeRecord({ id: 's', url: null }, null, IDENTITY, 1), null],
  ['none is one', () => failureOf(null), null],
  ['text is none', () => failureOf('x'), 'it is text: read it with JSON.parse'],
  ['resumed', () => startOf({}), { input: KEPT, remarks: [] }],
  ['none', () => continuationOf(null, IDENTITY, TRUST), { input: {}, remarks: [] }],
  [
    'without URL',
    () => startOf({ resumeUrl: null }),
    { input: { ...KEPT, session: { id: 's', url: null } }, remarks: [] },
  ],
  [
    'strange URL',
    () => startOf({ resumeUrl: 'wss://evil.example' }),
    { input: { ...KEPT, session: { id: 's', url: null } }, remarks: [UNTRUSTED] },
  ],
  ['another id', () => startOf({}, { shard: [0, 4] }), leftOut('another shard (1 of 4 instead of 0 of 4)')],
  ['another count', () => startOf({}, { shard: [1, 5] }), leftOut('another shard (1 of 4 instead of 1 of 5)')],
  ['other intents', () => startOf({}, { intents: 1 }), leftOut('other intents (3 instead of 1)')],
  ['another version', () => startOf({}, { version: 9 }), leftOut('another API version (10 instead of 9)')],
  ['another encoding', () => startOf({}, { encoding: 'etf' }), leftOut('another encoding (json instead of etf)')],
  [
    'another compression',
    () => startOf({}, { compress: 'payload' }),
    leftOut('another compression (false instead of payload)'),
  ],
  ['another Gateway', () => startOf({}, { url: MAIN }), leftOut('another Gateway')],
  ['Gateway not said', () => startOf({ gatewayUrl: undefined }, { url: MAIN }), { input: KEPT, remarks: [] }],
  [
    'the same Gateway with a password',
    () => startOf({ gatewayUrl: MAIN }, { url: 'wss://a:b@gateway.discord.gg/?c=d' }),
    { input: KEPT, remarks: [] },
  ],
  [
    'a record holds no password of a URL',
    () =>
      resumeRecord({ id: 's', url: null }, 7, { ...IDENTITY, url: 'wss://a:b@gateway.discord.gg/?c=d' }, 1)?.gatewayUrl,
    MAIN,
  ],
  ['the same Gateway', () => startOf({ gatewayUrl: MAIN }, { url: MAIN }), { input: KEPT, remarks: [] }],
];

describe('a resume record', () => {
  testEach(RECORDS);

  it.each([
    [null, null],
    ['wss://gateway-b.discord.gg/', '<resume url>'],
  ])('shows no session to people, with the resume URL %s', (resumeUrl, shown) => {
    const record = resumeRecord({ id: 'a session', url: resumeUrl }, 7, IDENTITY, 1.6);
    const text = inspect(record);
    expect(text).not.toMatch(/a session|gateway-b/);
    expect(text).toBe(inspect({ ...record, sessionId: '<session>', resumeUrl: shown }));
  });

  it('that cannot be used is an error with a code of its own', () => {
    expect(() => checkRecord(7)).toThrow(
      expect.objectContaining({ name: 'LocalProtocolError', code: 'ERR_RESUME_RECORD' }),
    );
  });
});

/** A kept shard, and why another one cannot be restored. */
const KEPT_SHARD = { version: 1, running: true, resume: RECORD };
const refusal = (snapshot: unknown) =>
  failureOfKept(snapshot)?.message.replace(/^The snapshot cannot be restored: (.*)\. Give.*$/, '$1');

function failureOfKept(snapshot: unknown): (Error & { code?: string }) | null {
  try {
    keptShard(snapshot);
    return null;
  } catch (error) {
    return error as Error;
  }
}

const SNAPSHOTS: readonly Check[] = [
  ['what was kept is taken', () => keptShard(KEPT_SHARD), KEPT_SHARD],
  ['without a session too', () => refusal({ ...KEPT_SHARD, resume: null }), undefined],
  ['it is an error with a code of its own', () => failureOfKept(null)?.code, 'ERR_SNAPSHOT'],
  ['nothing', () => refusal(null), 'it is not an object'],
  ['text', () => refusal('{}'), 'it is not an object'],
  [
    'a snapshot of the bare chart',
    () => refusal({ status: 'active', value: 'stopped' }),
    'its version is missing, not 1',
  ],
  ['another version', () => refusal({ ...KEPT_SHARD, version: 2 }), 'its version is 2, not 1'],
  ['running or not', () => refusal({ ...KEPT_SHARD, running: 'x' }), 'it does not say whether the shard was running'],
  ['no session', () => refusal({ ...KEPT_SHARD, resume: undefined }), 'of its session, it is not an object'],
  [
    'a broken session',
    () => refusal({ ...KEPT_SHARD, resume: { ...RECORD, sequence: -1 } }),
    'of its session, sequence is not a whole number',
  ],
];

describe('the snapshot of a shard', () => testEach(SNAPSHOTS));
