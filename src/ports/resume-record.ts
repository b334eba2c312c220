import { showing } from '../../machines/kit/showing.js';
import { LONGEST } from '../redact/redact.js';
import type { ResumeRecord } from './store.js';

const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;

const isShard = (value: unknown) =>
  Array.isArray(value) && value.length === 2 && value.every(isCount) && value[0] < value[1];

function isWire(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { version, encoding, compress } = value as Record<string, unknown>;
  return isCount(version) && isName(encoding) && (compress === false || isName(compress));
}

/** As those of encodings and compressions, ours or another version's; it is shown to people. */
const isName = (value: unknown): boolean => typeof value === 'string' && /^[a-z][a-z-]{0,31}$/.test(value);

/** A longer one would not be known as a secret. */
const isUrl = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= LONGEST['resume url'] && URL.canParse(value);

/** What each field of a record must be, and how that is said. */
const FIELDS: Record<keyof ResumeRecord, readonly [says: string, holds: (value: unknown) => boolean]> = {
  version: ['1', (value) => value === 1],
  sessionId: [
    `a string of at most ${LONGEST.session} characters`,
    (value) => typeof value === 'string' && value !== '' && value.length <= LONGEST.session,
  ],
  resumeUrl: [
    `a URL of at most ${LONGEST['resume url']} characters or null`,
    (value) => value === null || isUrl(value),
  ],
  sequence: ['a whole number', isCount],
  shard: ['[id, count]', isShard],
  intents: ['a whole number', isCount],
  wire: ['the version, encoding and compression', isWire],
  gatewayUrl: ['a URL or null', (value) => value == null || isUrl(value)],
  savedAt: ['a time in ms', (value) => typeof value === 'number' && Number.isFinite(value)],
};

/** What is wrong with something that should be a resume record; null if nothing is. It names fields and shows no value. */
export function problemOfRecord(record: unknown): string | null {
  if (typeof record === 'string') return 'it is text: read it with JSON.parse';
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return 'it is not an object';
  if ('then' in record) return 'it is a promise: await it';
  if ('load' in record) return 'it is a store: await its load()';
  for (const [field, [says, holds]] of Object.entries(FIELDS)) {
    if (!holds((record as Record<string, unknown>)[field])) return `${field} is not ${says}`;
  }
  return null;
}

/** Throws a `TypeError` for what is no record, before it is kept. `detach` gives null where there is no session. */
export function demandRecord(record: unknown): void {
  if (record === null) throw new TypeError('there is no record to save: `detach` gives null if there is no session');
  const problem = problemOfRecord(record);
  if (problem !== null) throw new TypeError(`what is to be saved is not a resume record: ${problem}`);
}

/** The same record, of which `util.inspect` and `console.log` do not show the session: every record that we hand out. */
export function discreetRecord<T extends ResumeRecord>(record: T): T {
  return showing(record, summary);
}

function summary(this: ResumeRecord): ResumeRecord {
  return { ...this, sessionId: '<session>', resumeUrl: this.resumeUrl === null ? null : '<resume url>' };
}
