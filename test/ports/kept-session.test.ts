/** What is kept of a shard, and what is not fit for it. */
import { inspect } from 'node:util';
import { describe } from 'vitest';
import type { KeptSession } from '../../src/ports/index.js';
import { demandKept, discreetKept, nameOfShard, problemOfKept } from '../../src/ports/kept-session.js';
import { type Check, failureOf, testEach } from '../support/checks.js';

const KEPT: KeptSession = {
  version: 1,
  shard: [3, 16],
  resume: {
    version: 1,
    sessionId: 'the-session',
    resumeUrl: 'wss://resume.example',
    sequence: 7,
    shard: [3, 16],
    intents: 1,
    wire: { version: 10, encoding: 'json', compress: false },
    savedAt: 5,
  },
  identifies: { sent: [1, 2.5], left: 8, nextAt: 9 },
  savedAt: 5,
};
const changed = (changes: object) => problemOfKept({ ...KEPT, ...changes });
const identifies = (changes: object) => changed({ identifies: { ...KEPT.identifies, ...changes } });

const CHECKS: readonly Check[] = [
  [
    'is fit',
    () => [problemOfKept(KEPT), changed({ resume: null }), identifies({ nextAt: null, sent: [] })],
    [null, null, null],
  ],
  ['is an object', () => [problemOfKept(null), problemOfKept('x')], ['it is not an object', 'it is not an object']],
  ['has a version', () => changed({ version: 2 }), 'version is not 1'],
  [
    'is of a shard',
    () => [[3, 3], [0], [-1, 2], [0.5, 2], 'x', [0, 1, 2]].map((shard) => changed({ shard })),
    Array.from({ length: 6 }, () => 'shard is not [id, count]'),
  ],
  [
    'says when it was saved',
    () => [changed({ savedAt: '5' }), changed({ savedAt: Number.NaN })],
    ['savedAt is not a time in ms', 'savedAt is not a time in ms'],
  ],
  [
    'has identifies',
    () => [changed({ identifies: null }), changed({ identifies: 1 })],
    ['identifies is not an object', 'identifies is not an object'],
  ],
  [
    'says when they were sent, each of a day at most',
    () => [
      identifies({ sent: 'x' }),
      identifies({ sent: ['x'] }),
      identifies({ sent: Array.from({ length: 10_001 }, () => 1) }),
      identifies({ sent: Array.from({ length: 10_000 }, () => 1) }),
    ],
    [...Array.from({ length: 3 }, () => 'identifies.sent is not a list of times in ms'), null],
  ],
  [
    'says how many are left',
    () => [identifies({ left: -1 }), identifies({ left: 1.5 })],
    ['identifies.left is not a whole number', 'identifies.left is not a whole number'],
  ],
  ['says when there is one more', () => identifies({ nextAt: 'x' }), 'identifies.nextAt is not a time in ms or null'],
  [
    'has a session that may be resumed, and names what is wrong with it without showing it',
    () => changed({ resume: { ...KEPT.resume, sequence: 'secret' } }),
    'of its session, sequence is not a whole number',
  ],
  [
    'is refused by those that keep it',
    () => [failureOf(() => demandKept(KEPT)), failureOf(() => demandKept({}))],
    [null, 'TypeError: what is to be saved is not what is kept of a shard: version is not 1'],
  ],
  ['is named after its shard', () => nameOfShard(KEPT), '3 of 16'],
  [
    'is a copy when it is loaded, which shows no session',
    () => {
      const copy = discreetKept(KEPT);
      const shown = inspect([copy, discreetKept({ ...KEPT, resume: null })], { depth: 9 });
      return [JSON.stringify(copy) === JSON.stringify(KEPT), copy === KEPT, /the-session|resume\.example/.test(shown)];
    },
    [true, false, false],
  ],
];

describe('what is kept of a shard', () => testEach(CHECKS));
