import { LONGEST } from '../trace/redact.js';
import type { ResumeRecord } from './ports.js';

const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;

const isShard = (value: unknown) =>
  Array.isArray(value) && value.length === 2 && value.every(isCount) && value[0] < value[1];

function isWire(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { version, encoding, compress } = value as Record<string, unknown>;
  return isCount(version) && typeof encoding === 'string' && (compress === false || typeof compress === 'string');
}

/** What each field of a record must be, and how that is said. */
const FIELDS: Record<keyof ResumeRecord, readonly [says: string, holds: (value: unknown) => boolean]> = {
  version: ['1', (value) => value === 1],
  sessionId: [
    `a string of at most ${LONGEST.session} characters`,
    (value) => typeof value === 'string' && value !== '' && value.length <= LONGEST.session,
  ],
  resumeUrl: ['a URL or null', (value) => value === null || (typeof value === 'string' && URL.canParse(value))],
  sequence: ['a whole number', isCount],
  shard: ['[id, count]', isShard],
  intents: ['a whole number', isCount],
  wire: ['the version, encoding and compression', isWire],
  gatewayUrl: ['a URL or null', (value) => value == null || (typeof value === 'string' && URL.canParse(value))],
  savedAt: ['a time in ms', (value) => typeof value === 'number' && Number.isFinite(value)],
};

/** What is wrong with something that should be a resume record; null if nothing is. It names fields and shows no value. */
export function problemOfRecord(record: unknown): string | null {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return 'it is not an object';
  for (const [field, [says, holds]] of Object.entries(FIELDS)) {
    if (!holds((record as Record<string, unknown>)[field])) return `${field} is not ${says}`;
  }
  return null;
}
