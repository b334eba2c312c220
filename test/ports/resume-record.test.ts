import { describe } from 'vitest';
import { memoryStore } from '../../src/ports/memory-store.js';
import { problemOfRecord } from '../../src/ports/resume-record.js';
import { type Check, testEach } from '../support/checks.js';

const WIRE = { version: 10, encoding: 'json', compress: false };
const RECORD = {
  version: 1,
  sessionId: 's',
  resumeUrl: 'wss://gateway-b.discord.gg/',
  sequence: 7,
  shard: [1, 4],
  intents: 3,
  wire: WIRE,
  gatewayUrl: null,
  savedAt: 2,
};

const NO_WIRE = 'wire is not the version, encoding and compression';
/** What is wrong with it, in words. */
const RECORDS: readonly Check[] = [
  ['a record', () => problemOfRecord(RECORD), null],
  ['text is none', () => problemOfRecord('x'), 'it is text: read it with JSON.parse'],
  ['a promise is none', () => problemOfRecord(Promise.resolve()), 'it is a promise: await it'],
  ['a store is none', () => problemOfRecord(memoryStore()), 'it is a store: await its load()'],
  ['a list is none', () => problemOfRecord([RECORD]), 'it is not an object'],
  ['version', () => problemOfRecord({ ...RECORD, version: 2 }), 'version is not 1'],
  [
    'id missing',
    () => problemOfRecord({ ...RECORD, sessionId: undefined }),
    'sessionId is not a string of at most 1024 characters',
  ],
  [
    'id empty',
    () => problemOfRecord({ ...RECORD, sessionId: '' }),
    'sessionId is not a string of at most 1024 characters',
  ],
  ['sequence 0', () => problemOfRecord({ ...RECORD, sequence: 0 }), null],
  ['sequence -1', () => problemOfRecord({ ...RECORD, sequence: -1 }), 'sequence is not a whole number'],
  ['sequence missing', () => problemOfRecord({ ...RECORD, sequence: undefined }), 'sequence is not a whole number'],
  [
    'URL without end',
    () => problemOfRecord({ ...RECORD, resumeUrl: `wss://gateway.discord.gg/${'a'.repeat(2048)}` }),
    'resumeUrl is not a URL of at most 2048 characters or null',
  ],
  ['URL null', () => problemOfRecord({ ...RECORD, resumeUrl: null }), null],
  [
    'URL 7',
    () => problemOfRecord({ ...RECORD, resumeUrl: 7 }),
    'resumeUrl is not a URL of at most 2048 characters or null',
  ],
  [
    'URL x',
    () => problemOfRecord({ ...RECORD, resumeUrl: 'x' }),
    'resumeUrl is not a URL of at most 2048 characters or null',
  ],
  ['shard 1', () => problemOfRecord({ ...RECORD, shard: 1 }), 'shard is not [id, count]'],
  ['shard [4, 4]', () => problemOfRecord({ ...RECORD, shard: [4, 4] }), 'shard is not [id, count]'],
  ['shard [0]', () => problemOfRecord({ ...RECORD, shard: [0] }), 'shard is not [id, count]'],
  ['shard of words', () => problemOfRecord({ ...RECORD, shard: ['0', '1'] }), 'shard is not [id, count]'],
  ['intents', () => problemOfRecord({ ...RECORD, intents: 'x' }), 'intents is not a whole number'],
  ['wire missing', () => problemOfRecord({ ...RECORD, wire: undefined }), NO_WIRE],
  ['wire null', () => problemOfRecord({ ...RECORD, wire: null }), NO_WIRE],
  ['wire without a version', () => problemOfRecord({ ...RECORD, wire: { ...WIRE, version: 'x' } }), NO_WIRE],
  ['wire without an encoding', () => problemOfRecord({ ...RECORD, wire: { ...WIRE, encoding: 1 } }), NO_WIRE],
  ['wire without a compression', () => problemOfRecord({ ...RECORD, wire: { ...WIRE, compress: true } }), NO_WIRE],
  ['wire with one', () => problemOfRecord({ ...RECORD, wire: { ...WIRE, compress: 'payload' } }), null],
  ['Gateway missing', () => problemOfRecord({ ...RECORD, gatewayUrl: undefined }), null],
  ['Gateway 7', () => problemOfRecord({ ...RECORD, gatewayUrl: 7 }), 'gatewayUrl is not a URL or null'],
  ['Gateway x', () => problemOfRecord({ ...RECORD, gatewayUrl: 'x' }), 'gatewayUrl is not a URL or null'],
  ['time', () => problemOfRecord({ ...RECORD, savedAt: Number.NaN }), 'savedAt is not a time in ms'],
];

describe('a resume record', () => testEach(RECORDS));
