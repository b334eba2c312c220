import * as nodeZlib from 'node:zlib';
import { demandGiven, withMethods } from '../machines/kit/shape.js';
import type { Compression, InflateCallbacks, InflateOptions, InflatePort, Inflater } from '../src/ports/index.js';
import { tooLarge } from '../src/wire/bytes.js';

/**
 * Inflaters on the zlib that is built into Node, Bun and Deno, zstd included where it is there: Node from 22.15 on.
 *
 * They are synchronous; asynchronous zlib streams cost three times the CPU. As there is no public way to inflate part of
 * a stream synchronously, the handle below Node's stream is driven as Node itself drives it. It is the same in Node 20
 * to 26, Bun and Deno, and `supports` tries it on a stream whose content is known before it says yes.
 */
export function zlibInflate(zlib: Zlib = nodeZlib): InflatePort {
  demandGiven('zlib', zlib, withMethods('createInflate', 'inflateSync'));
  const streams = streamsOf(zlib);
  const tried = new Map<Compression, boolean>();
  return {
    supports(compression) {
      if (compression === 'payload') return true;
      const isSupported = tried.get(compression) ?? tryOut(compression, streams[compression]);
      tried.set(compression, isSupported);
      return isSupported;
    },
    open: (compression, options, callbacks) =>
      compression === 'payload'
        ? new PayloadInflater(zlib, options, callbacks)
        : new StreamInflater(streams[compression], options, callbacks),
  };
}

/** The module `node:zlib`, as far as it is used; zstd came with Node 22.15. */
export interface Zlib {
  createInflate(options: { chunkSize: number }): unknown;
  createZstdDecompress?(options: { chunkSize: number; params: Readonly<Record<number, number>> }): unknown;
  inflateSync(data: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
}

/** What Node's streams drive: input and output by offset and length, and what is left of either in `_writeState`. */
interface Driven {
  readonly _handle: {
    onerror: (message: string) => void;
    writeSync(
      flush: number,
      data: Uint8Array,
      at: number,
      left: number,
      out: Uint8Array,
      to: number,
      room: number,
    ): void;
  };
  readonly _writeState: ArrayLike<number>;
  on(event: 'error', listener: () => void): void;
  close(): void;
}

type Streamed = Exclude<Compression, 'payload'>;

interface Stream {
  readonly flush: number;
  /** Null where the platform has none. */
  readonly create: ((maxBytes: number) => Driven) | null;
  /** Messages that each say `PROBED`, the second by pointing to the first where the format can. */
  readonly probe: readonly string[];
}

const PROBED = 'gatechart';

/** What Node's documentation lists and its types before 22.15 do not. */
const ZSTD_e_continue = 0;
const ZSTD_d_windowLogMax = 100;
const { Z_SYNC_FLUSH, Z_MIN_CHUNK } = nodeZlib.constants;

/** For the stream's own output buffer, which is never used. */
const chunkSize = Z_MIN_CHUNK;

/** RFC 8878, 3.1.1.1.2: decoders are to support windows of 8 MB. Beyond that a window counts like a message. */
const LEAST_WINDOW_LOG = 23;
const MOST_WINDOW_LOG = 27;

function streamsOf({ createInflate, createZstdDecompress }: Zlib): Readonly<Record<Streamed, Stream>> {
  return {
    'zlib-stream': {
      flush: Z_SYNC_FLUSH,
      create: () => createInflate({ chunkSize }) as Driven,
      probe: ['789c4a4f2c494dce482c2a01000000ffff', '4a873100000000ffff'],
    },
    'zstd-stream': {
      flush: ZSTD_e_continue,
      create:
        createZstdDecompress === undefined
          ? null
          : (maxBytes) => {
              const log = Math.min(Math.max(Math.floor(Math.log2(maxBytes)), LEAST_WINDOW_LOG), MOST_WINDOW_LOG);
              return createZstdDecompress({ chunkSize, params: { [ZSTD_d_windowLogMax]: log } }) as Driven;
            },
      probe: ['28b52ffd0058480000676174656368617274', '480000676174656368617274'],
    },
  };
}

/** Whether a stream gives what it should, each message at once, and tells of nonsense. Says so where it should and does not. */
function tryOut(compression: Streamed, stream: Stream): boolean {
  if (stream.create === null) return false;
  const told: string[] = [];
  try {
    const inflater = new StreamInflater(
      stream,
      { maxBytes: 1024 },
      { inflated: (bytes) => told.push(Buffer.from(bytes).toString()), failed: () => told.push('failed') },
    );
    for (const hex of stream.probe) inflater.write(Buffer.from(hex, 'hex'), true);
    inflater.write(Buffer.alloc(16, 0xff), true);
  } catch {
    // what is missing shows below
  }
  if (told.join() === `${PROBED},${PROBED},failed`) return true;
  process.emitWarning(`gatechart cannot use the ${compression} decompressor of this runtime; it can in Node 20 to 26`);
  return false;
}

/** One stream for all messages. */
class StreamInflater implements Inflater {
  readonly #driven: Driven;
  readonly #flush: number;
  readonly #maxBytes: number;
  readonly #callbacks: InflateCallbacks;
  #isOver = false;
  #error: string | null = null;
  /** What a message has given so far; between messages there is none. */
  #output: Buffer | null = null;
  #length = 0;

  constructor({ create, flush }: Stream, { maxBytes }: InflateOptions, callbacks: InflateCallbacks) {
    if (create === null) throw new TypeError('this runtime has no such stream');
    this.#driven = create(maxBytes);
    this.#driven._handle.onerror = (message) => {
      this.#error = message;
    };
    this.#driven.on('error', ignore); // without a listener it would be thrown
    this.#flush = flush;
    this.#maxBytes = maxBytes;
    this.#callbacks = callbacks;
  }

  write(data: Uint8Array, isEnd: boolean): void {
    if (this.#isOver) return;
    const problem = this.#inflate(data);
    if (problem !== null) {
      this.close();
      this.#callbacks.failed(problem);
    } else if (isEnd && this.#output !== null) {
      const output = this.#output;
      const message = output.subarray(0, this.#length);
      this.#output = null;
      this.#length = 0;
      this.#callbacks.inflated(message);
      giveBack(output);
    }
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#output !== null) giveBack(this.#output);
    this.#output = null;
    this.#driven.close();
  }

  /** Returns what is wrong, or null. */
  #inflate(data: Uint8Array): string | null {
    const { _handle: handle, _writeState: state } = this.#driven;
    let output = this.#output ?? takeOutput();
    let at = 0;
    let left = data.length;
    for (;;) {
      this.#output = output;
      const room = Math.min(output.length, this.#maxBytes + 1) - this.#length;
      try {
        handle.writeSync(this.#flush, data, at, left, output, this.#length, room);
      } catch (error) {
        this.#error = (error as Error).message; // Deno
      }
      if (this.#error !== null) return this.#error;
      const roomLeft = state[0] ?? 0;
      const inputLeft = state[1] ?? 0;
      const hasMoved = inputLeft < left || roomLeft < room;
      at += left - inputLeft;
      left = inputLeft;
      this.#length += room - roomLeft;
      if (this.#length > this.#maxBytes) return tooLarge(this.#maxBytes);
      if (roomLeft === 0) output = grown(output);
      else if (left === 0) return null;
      else if (!hasMoved) return 'the stream has ended';
    }
  }
}

/** A stream for each message. */
class PayloadInflater implements Inflater {
  #isOver = false;

  constructor(
    private readonly zlib: Zlib,
    private readonly options: InflateOptions,
    private readonly callbacks: InflateCallbacks,
  ) {}

  write(data: Uint8Array): void {
    if (this.#isOver) return;
    let message: Uint8Array;
    try {
      message = this.zlib.inflateSync(data, { maxOutputLength: this.options.maxBytes });
    } catch (error) {
      this.#isOver = true;
      const { code, message: says } = error as NodeJS.ErrnoException;
      this.callbacks.failed(code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(this.options.maxBytes) : says);
      return;
    }
    this.callbacks.inflated(message);
  }

  close(): void {
    this.#isOver = true;
  }
}

function ignore(): void {}

// Output: one buffer serves all connections, as a message is inflated and handed on in one go; a message in parts keeps
// it to itself until it is whole. It is Node's own kind of bytes, since of those text is made fastest.

const USUAL_BYTES = 1 << 16;
/** A larger one is not kept. */
const MOST_KEPT_BYTES = 1 << 20;
let spare: Buffer | null = null;

function takeOutput(): Buffer {
  const taken = spare ?? Buffer.allocUnsafeSlow(USUAL_BYTES);
  spare = null;
  return taken;
}

function giveBack(output: Buffer): void {
  if (output.length <= MOST_KEPT_BYTES) spare = output;
}

function grown(output: Buffer): Buffer {
  const larger = Buffer.allocUnsafeSlow(2 * output.length);
  larger.set(output);
  return larger;
}
