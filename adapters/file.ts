import { randomUUID } from 'node:crypto';
import { constants, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { demandGiven, isFileName } from '../machines/kit/shape.js';
import type { KeptSession, ResumeRecord, SessionsPort, StorePort } from '../src/ports/index.js';
import { demandKept, discreetKept, nameOfShard, problemOfKept } from '../src/ports/kept-session.js';
import { demandRecord, discreetRecord, problemOfRecord } from '../src/ports/resume-record.js';

/** A file does not hold what is kept of shards; the message says why. */
export class StoreFileError extends Error {
  override readonly name = 'StoreFileError';
  readonly code = 'ERR_STORE_FILE';
  constructor(
    readonly path: string,
    readonly problem: string,
    what = 'a resume record',
  ) {
    super(`${path} is not ${what}: ${problem}`);
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

const A_FILE = 'a file of sessions';

/** What a file of sessions holds. */
interface SessionsFile {
  readonly version: 1;
  readonly sessions: readonly KeptSession[];
}

/** A shard of another count that nothing was heard of for so long counts no more, in ms: its session is gone, and its day. */
const OLD_MS = 24 * 60 * 60 * 1000;

/**
 * Keeps the sessions of all shards of one bot in a file that its owner alone may read, for one process at a time. It is
 * written beside it and renamed; what is saved while that goes on is written together. Whatever is left when the process
 * exits is written then. `load` rejects with a `StoreFileError` if the file holds anything else; the next save replaces it.
 */
export function fileSessions(path: string): SessionsPort {
  demandGiven('path', path, isFileName);
  const place = resolve(path);
  return new FileSessions(place);
}

class FileSessions implements SessionsPort {
  readonly #path: string;
  /** Null until the file was read. */
  #kept: Map<string, KeptSession> | null = null;
  #before: Promise<unknown> = Promise.resolve();
  /** The write that takes what is saved from now on; null where there is none yet. */
  #next: Promise<void> | null = null;
  /** What is to be saved and is not yet known to be on the disk. */
  #unwritten = new Map<string, KeptSession>();

  constructor(path: string) {
    this.#path = path;
  }

  load(): Promise<readonly KeptSession[]> {
    return this.#inTurn(async () => {
      const kept = await this.#read();
      return [...new Map([...kept, ...this.#unwritten]).values()].map(discreetKept);
    });
  }

  async save(kept: KeptSession): Promise<void> {
    demandKept(kept);
    this.#unwritten.set(nameOfShard(kept), structuredClone(kept));
    atExit(this);
    this.#next ??= this.#inTurn(() => this.#write());
    return this.#next;
  }

  /** Writes what is left, before the process is gone. */
  writeNow(): void {
    if (this.#unwritten.size === 0 || this.#kept === null) return;
    const beside = besides(this.#path);
    try {
      rmSync(beside, { force: true });
      writeFileSync(beside, this.#text(this.#unwritten), { mode: 0o600, flag: 'wx' });
      renameSync(beside, this.#path);
    } catch {
      // There is nobody left to be told.
    }
  }

  /** One at a time, in the order of the calls. */
  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const done = this.#before.then(job, job);
    this.#before = done;
    return done;
  }

  async #read(): Promise<Map<string, KeptSession>> {
    this.#kept ??= new Map((await loadSessions(this.#path)).map((kept) => [nameOfShard(kept), kept]));
    return this.#kept;
  }

  async #write(): Promise<void> {
    this.#next = null;
    if (this.#kept === null) await this.#read().catch(() => this.#replace());
    const written = new Map(this.#unwritten);
    await replaceFile(this.#path, besides(this.#path), this.#text(written));
    for (const [name, kept] of written) {
      this.#kept?.set(name, kept);
      if (this.#unwritten.get(name) === kept) this.#unwritten.delete(name);
    }
  }

  /** What the file holds is no use to anybody. */
  #replace(): void {
    this.#kept = new Map();
  }

  #text(added: ReadonlyMap<string, KeptSession>): string {
    const all = [...new Map([...(this.#kept ?? []), ...added]).values()];
    const now = Math.max(...all.map(({ savedAt }) => savedAt));
    const [, count] = [...added.values()].at(-1)?.shard ?? [0, 0];
    const sessions = all.filter(({ shard, savedAt }) => shard[1] === count || savedAt > now - OLD_MS);
    return `${JSON.stringify({ version: 1, sessions } satisfies SessionsFile)}\n`;
  }
}

/** One name, so that processes that are killed while they write leave one file and not many. */
const besides = (path: string): string => `${path}.tmp`;

/** The files that something is on its way to; null until there is one. */
let unwritten: Set<FileSessions> | null = null;

function atExit(file: FileSessions): void {
  if (unwritten === null) {
    const files = new Set<FileSessions>();
    unwritten = files;
    process.on('exit', () => {
      for (const each of files) each.writeNow();
    });
  }
  unwritten.add(file);
}

async function loadSessions(path: string): Promise<readonly KeptSession[]> {
  const file = await open(path, constants.O_RDONLY | NO_WAIT).catch(unlessMissing);
  if (file === null) return [];
  const text = await textOf(path, file, MOST_SESSIONS_BYTES).finally(() => file.close());
  const { version, sessions } = (json(path, text, A_FILE) ?? {}) as { [K in keyof SessionsFile]?: unknown };
  if (version !== 1 || !Array.isArray(sessions)) throw new StoreFileError(path, 'it holds none of version 1', A_FILE);
  for (const [i, each] of sessions.entries()) {
    const problem = problemOfKept(each);
    if (problem !== null) throw new StoreFileError(path, `of entry ${i}, ${problem}`, A_FILE);
  }
  return sessions;
}

async function load(path: string): Promise<ResumeRecord | null> {
  const file = await open(path, constants.O_RDONLY | NO_WAIT).catch(unlessMissing);
  return file === null ? null : parse(path, await textOf(path, file).finally(() => file.close()));
}

/** A pipe that nobody writes to would be waited for, and a device may never end. */
async function textOf(path: string, file: FileHandle, most = MOST_BYTES): Promise<string> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new StoreFileError(path, 'it is no file');
  if (stats.size > most) throw new StoreFileError(path, `it has more than ${most} bytes`);
  return file.readFile('utf8');
}

/** No record comes near. */
const MOST_BYTES = 64 * 1024;
/** Nor do the sessions of the largest bots. */
const MOST_SESSIONS_BYTES = 64 * 1024 * 1024;
/** Not on Windows, which has no such pipes among its files. */
const NO_WAIT = constants.O_NONBLOCK ?? 0;

async function save(path: string, text: string): Promise<void> {
  await replaceFile(path, `${path}.${randomUUID()}.tmp`, text);
}

/** A reader finds the old file or the new one, and never half of one. */
async function replaceFile(path: string, beside: string, text: string): Promise<void> {
  try {
    await rm(beside, { force: true });
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
  const record = json(path, text);
  const problem = problemOfRecord(record);
  if (problem !== null) throw new StoreFileError(path, problem);
  return discreetRecord(record as ResumeRecord);
}

function json(path: string, text: string, what?: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new StoreFileError(path, 'it is not JSON', what);
  }
}
