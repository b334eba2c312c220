import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  write,
  writeSync,
} from 'node:fs';
import { extname, resolve } from 'node:path';
import { demandGiven, demandShape, type Fields, isFileName, wholeNumber } from '../machines/kit/shape.js';
import type { TraceSink } from '../src/ports/index.js';

/** How much a trace may take. */
export interface TraceFileOptions {
  /** The size at which a new file begins, in bytes: 16 MiB unless told. */
  readonly maxBytes?: number;
  /** How many files are kept, the one that is written among them: 4 unless told. */
  readonly files?: number;
}

const ABOVE_0 = wholeNumber('a whole number above 0', 1);
const OPTIONS: Fields = { fields: { maxBytes: ABOVE_0, files: ABOVE_0 } };

/** Lines wait so long for others, in ms: what a killed process had not written is lost. */
const HELD_MS = 1_000;
/** Lines wait for no others once there are so many, in bytes. */
const HELD_BYTES = 64 * 1024;
/** No more is held for a disk that is too slow, in bytes. */
const MOST_HELD_BYTES = 16 * 1024 * 1024;
/** After an error a new file is tried after so long, in ms. */
const RETRY_MS = 60_000;

/**
 * Writes a trace to a new file that its owner alone may read. Once it is full it becomes an older one, `trace.1.jsonl`
 * beside `trace.jsonl`, and so does a trace that lies there from before. A link, and a file that is no trace, stays as it
 * is: nothing is written then. Lines are on their way to the disk within a second, while the
 * shard goes on; whatever is left when the process exits is written then. What goes wrong with the disk becomes a
 * warning of the shard, and is tried again a minute later with a new file.
 */
export function traceFile(path: string, options: TraceFileOptions = {}): TraceSink {
  demandGiven('path', path, isFileName);
  demandShape('', options, OPTIONS);
  const { maxBytes = 16 * 1024 * 1024, files = 4 } = options;
  return new TraceFile(resolve(path), maxBytes, files);
}

const shared = new Map<string, WeakRef<TraceSink>>();
const collected = new FinalizationRegistry<string>((place) => {
  if (shared.get(place)?.deref() === undefined) shared.delete(place);
});

/** The same, but one for all who name one path, as long as anybody uses it. */
export function sharedTraceFile(path: string): TraceSink {
  demandGiven('record', path, isFileName);
  const place = resolve(path);
  const found = shared.get(place)?.deref();
  if (found !== undefined) return found;
  const sink = traceFile(place);
  shared.set(place, new WeakRef(sink));
  collected.register(sink, place);
  return sink;
}

/** Lines on their way to one file. */
interface Batch {
  /** Whether a new file begins with them. */
  readonly anew: boolean;
  readonly lines: string[];
}

class TraceFile implements TraceSink {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #files: number;
  /** What is not on the disk, in order; the first is being written while `#writing` is set. */
  #batches: Batch[] = [{ anew: true, lines: [] }];
  #heldBytes = 0;
  /** Of the file, with all that is on its way there. */
  #size = 0;
  #file: number | null = null;
  /** The files that were begun here and are kept, the newest first. */
  #own: readonly string[] = [];
  #inode: number | null = null;
  /** Where the next bytes go. Every write says so, so that one which was under way at the exit can be done again. */
  #position = 0;
  #writing: Buffer | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failedAt: number | null = null;
  /** Lines since the last whole file that did not get to the disk. */
  #lost = 0;
  #isFailing = false;
  /** Nothing is to come for a while: the file is closed once all is written. */
  #isSettled = false;
  #onError: (error: unknown) => void = () => {};

  constructor(path: string, maxBytes: number, files: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#files = files;
  }

  get isFull(): boolean {
    return this.#failedAt === null ? this.#size >= this.#maxBytes : performance.now() - this.#failedAt >= RETRY_MS;
  }

  write(line: string): void {
    if (this.#failedAt !== null) {
      this.#lost += 1;
      return;
    }
    const bytes = Buffer.byteLength(line) + 1;
    this.#size += bytes;
    this.#heldBytes += bytes;
    this.#batches.at(-1)?.lines.push(line);
    this.#isSettled = false;
    keep(this);
    if (this.#heldBytes > MOST_HELD_BYTES) this.#fail(new Error(`the disk is too slow for ${this.#path}`));
    else if (this.#heldBytes >= HELD_BYTES) this.#begin();
    else this.#timer ??= setTimeout(() => this.#begin(), HELD_MS).unref();
  }

  rotate(): number {
    const lost = this.#lost;
    this.#lost = 0;
    this.#failedAt = null;
    this.#size = 0;
    this.#batches.push({ anew: true, lines: [] });
    return lost;
  }

  settle(): void {
    this.#isSettled = true;
    this.#begin();
  }

  onError(listener: (error: unknown) => void): void {
    this.#onError = listener;
  }

  /** Writes all that is left, before the process is gone. */
  writeNow(): void {
    try {
      this.#writeAgain();
      for (let bytes = this.#next(); bytes !== null; bytes = this.#next()) this.#writeSync(bytes);
    } catch {
      // There is nobody left to be told.
    }
  }

  /** Writes what is there, one piece after the other. */
  #begin(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#writing !== null) return;
    try {
      const bytes = this.#next();
      if (bytes === null) this.#rest();
      else this.#write(bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  #write(bytes: Buffer): void {
    this.#writing = bytes;
    write(this.#file ?? -1, bytes, 0, bytes.length, this.#position, (error, written) => {
      this.#writing = null;
      if (error) return this.#fail(error);
      this.#isFailing = false;
      this.#position += written;
      if (written < bytes.length) this.#write(bytes.subarray(written));
      else this.#begin();
    });
  }

  #writeAgain(): void {
    if (this.#writing !== null) this.#writeSync(this.#writing);
    this.#writing = null;
  }

  #writeSync(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; ) {
      const written = writeSync(this.#file ?? -1, bytes, from, bytes.length - from, this.#position);
      from += written;
      this.#position += written;
    }
  }

  /** What has to be written next, its file open; null if there is nothing. */
  #next(): Buffer | null {
    while (this.#batches.length > 1 && this.#batches[0]?.lines.length === 0) this.#batches.shift();
    const [batch] = this.#batches;
    if (batch === undefined || batch.lines.length === 0) return null;
    const bytes = Buffer.from(`${batch.lines.join('\n')}\n`);
    this.#batches[0] = { anew: false, lines: [] };
    this.#heldBytes -= bytes.length;
    if (batch.anew) this.#openAnew();
    else this.#file ??= this.#reopen();
    return bytes;
  }

  #openAnew(): void {
    this.#close();
    makeRoom(this.#path, this.#files, this.#own);
    this.#file = openSync(this.#path, 'wx', 0o600); // which follows no link
    const stats = fstatSync(this.#file);
    this.#inode = stats.ino;
    this.#own = [identityOf(stats), ...this.#own].slice(0, this.#files);
    this.#position = 0;
  }

  #reopen(): number {
    const file = openSync(this.#path, constants.O_WRONLY | NO_LINK);
    const { size, ino } = fstatSync(file);
    if (size === this.#position && ino === this.#inode) return file;
    closeSync(file);
    throw new Error(`${this.#path} was changed by somebody else`);
  }

  #rest(): void {
    unwritten?.delete(this);
    if (this.#isSettled) this.#close();
  }

  #close(): void {
    const file = this.#file;
    this.#file = null;
    if (file !== null) closeSync(file);
  }

  #fail(error: unknown): void {
    this.#failedAt = performance.now();
    this.#lost += 1 + this.#batches.reduce((sum, { lines }) => sum + lines.length, 0);
    this.#batches = [{ anew: true, lines: [] }];
    this.#heldBytes = 0;
    unwritten?.delete(this);
    try {
      if (this.#writing === null) this.#close();
    } catch {
      // It is the same error once more.
    }
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#onError(error);
  }
}

/** The files that something is on its way to; null until there is one. */
let unwritten: Set<TraceFile> | null = null;

/** Sees to it that nothing is lost when the process exits. */
function keep(file: TraceFile): void {
  if (unwritten === null) {
    const files = new Set<TraceFile>();
    unwritten = files;
    process.on('exit', () => {
      for (const each of files) each.writeNow();
    });
  }
  unwritten.add(file);
}

/**
 * Makes each file an older one as far as there is none yet; where there are all, the oldest is no more. An empty one, which
 * is what a full disk leaves, takes no place of theirs.
 */
function makeRoom(path: string, files: number, own: readonly string[]): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() && stats.size === 0) {
    rmSync(path);
    return;
  }
  const ending = extname(path);
  const older = Array.from(
    { length: files - 1 },
    (_, i) => `${path.slice(0, path.length - ending.length)}.${i + 1}${ending}`,
  );
  const names = [path, ...older];
  const free = names.findIndex((name) => lstatSync(name, { throwIfNoEntry: false }) === undefined);
  const moved = names.slice(0, free === -1 ? files : free);
  for (const name of moved) demandTrace(name, own);
  for (const [i, name] of [...moved.entries()].reverse()) {
    const next = names[i + 1];
    if (next === undefined) rmSync(name);
    else renameSync(name, next);
  }
}

/** Throws for anything that was not written here or begins as a trace: it is somebody's, and stays as and where it is. */
function demandTrace(path: string, own: readonly string[]): void {
  const stats = demandFile(path);
  if (stats.size === 0 || own.includes(identityOf(stats))) return;
  const file = openSync(path, constants.O_RDONLY | NO_LINK);
  const head = Buffer.alloc(HEAD_BYTES);
  try {
    readSync(file, head, 0, HEAD_BYTES, 0);
  } finally {
    closeSync(file);
  }
  if (!HEADER.test(head.toString())) throw new Error(`${path} is no trace: it stays, and the trace needs another name`);
}

/** The number of an inode is given again once its file is gone. */
function identityOf({ ino, birthtimeMs }: Stats): string {
  return `${ino} ${birthtimeMs}`;
}

/** A link is none, wherever it leads. */
function demandFile(path: string): Stats {
  const stats = lstatSync(path);
  if (stats.isFile()) return stats;
  throw new Error(`${path} is no file: to write a trace elsewhere, give a function that takes its lines`);
}

/** What every trace begins with, of whatever version. */
const HEADER = /^\{"type":"header",.*"format":\d+,"gatechart":"/;
const HEAD_BYTES = 512;

/** Not on Windows, where only administrators make links. */
const NO_LINK = constants.O_NOFOLLOW ?? 0;
