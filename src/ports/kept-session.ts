/** What is kept of shards from one process to the next: what it must be. */
import { discreetRecord, problemOfRecord } from './resume-record.js';
import type { KeptIdentifies, KeptSession } from './sessions.js';

const isTime = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** A bot has no more identifies in a day, but for the largest. */
const MOST_IDENTIFIES = 10_000;

const isListOfTimes = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= MOST_IDENTIFIES && value.every(isTime);

/** What is wrong with something that should be kept of a shard; null if nothing is. It shows no value. */
export function problemOfKept(kept: unknown): string | null {
  if (typeof kept !== 'object' || kept === null) return 'it is not an object';
  const { version, shard, resume, identifies, savedAt } = kept as { [K in keyof KeptSession]?: unknown };
  if (version !== 1) return 'version is not 1';
  if (!Array.isArray(shard) || shard.length !== 2 || !shard.every(isCount) || shard[0] >= shard[1]) {
    return 'shard is not [id, count]';
  }
  if (!isTime(savedAt)) return 'savedAt is not a time in ms';
  if (typeof identifies !== 'object' || identifies === null) return 'identifies is not an object';
  const { sent, left, nextAt } = identifies as { [K in keyof KeptIdentifies]?: unknown };
  if (!isListOfTimes(sent)) return 'identifies.sent is not a list of times in ms';
  if (!isCount(left)) return 'identifies.left is not a whole number';
  if (nextAt !== null && !isTime(nextAt)) return 'identifies.nextAt is not a time in ms or null';
  const problem = resume === null ? null : problemOfRecord(resume);
  return problem === null ? null : `of its session, ${problem}`;
}

/** Throws a `TypeError` for what cannot be kept. */
export function demandKept(kept: unknown): void {
  const problem = problemOfKept(kept);
  if (problem !== null) throw new TypeError(`what is to be saved is not what is kept of a shard: ${problem}`);
}

/** A copy, of which `util.inspect` and `console.log` do not show the session. */
export function discreetKept(kept: KeptSession): KeptSession {
  const copy = structuredClone(kept);
  if (copy.resume !== null) discreetRecord(copy.resume);
  return copy;
}

/** What stands for a shard among others of its bot. */
export const nameOfShard = ({ shard: [id, count] }: Pick<KeptSession, 'shard'>): string => `${id} of ${count}`;
