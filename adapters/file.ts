import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm, writeFile } from 'node:fs/promises';
import { demandGiven, isFileName } from '../machines/kit/shape.js';
import type { ResumeRecord, StorePort } from '../src/ports/index.js';
import { demandRecord, discreetRecord, problemOfRecord } from '../src/ports/resume-record.js';

/** A file does not hold a resume record; the message says why. `clear` removes it, or delete it. */
export class StoreFileError extends Error {
  override readonly name = 'StoreFileError';
  readonly code = 'ERR_STORE_FILE';
  constructor(
    readonly path: string,
    readonly problem: string,
  ) {
    super(`${path} is not a resume record: ${problem}`);
  }
}

/**
 * Keeps a resume record in a file that its owner alone may read. Written beside it and renamed, so that a reader finds
 * the old record or the new one and never half of one. `load` rejects with a `StoreFileError` if the file holds
 * anything else.
 */
export function fileStore(path: string): StorePort {
  demandGiven('path', path, isFileName);
  let before: Promise<unknown> = Promise.resolve();
  /** One at a time, in the order of the calls: otherwise the older of two records could be the one that stays. */
  const inTurn = <T>(job: () => Promise<T>): Promise<T> => {
    const done = before.then(job, job);
    before = done;
    return done;
  };
  return {
    load: () => inTurn(() => load(path)),
    async save(record) {
      demandRecord(record);
      const text = `${JSON.stringify(record, null, 2)}\n`;
      return inTurn(() => save(path, text));
    },
    clear: () => inTurn(() => rm(path, { force: true })),
  };
}

async function load(path: string): Promise<ResumeRecord | null> {
  const file = await open(path, constants.O_RDONLY | NO_WAIT).catch(unlessMissing);
  return file === null ? null : parse(path, await textOf(path, file).finally(() => file.close()));
}

/** A pipe that nobody writes to would be waited for, and a device may never end. */
async function textOf(path: string, file: FileHandle): Promise<string> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new StoreFileError(path, 'it is no file');
  if (stats.size > MOST_BYTES) throw new StoreFileError(path, `it has more than ${MOST_BYTES} bytes`);
  return file.readFile('utf8');
}

/** No record comes near. */
const MOST_BYTES = 64 * 1024;
/** Not on Windows, which has no such pipes among its files. */
const NO_WAIT = constants.O_NONBLOCK ?? 0;

async function save(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(beside, text, { mode: 0o600, flag: 'wx', flush: true });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

function unlessMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function parse(path: string, text: string): ResumeRecord {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    throw new StoreFileError(path, 'it is not JSON');
  }
  const problem = problemOfRecord(record);
  if (problem !== null) throw new StoreFileError(path, problem);
  return discreetRecord(record as ResumeRecord);
}
