import { demandGiven, type Rule, withMethods } from '../machines/kit/shape.js';
import type { InflateCallbacks, InflateOptions, InflatePort, Inflater } from '../src/ports/index.js';
import { tooLarge } from '../src/wire/bytes.js';

/** As much as is used of the npm package `zlib-sync`. */
export interface ZlibSync {
  readonly Inflate: new () => {
    readonly result: Uint8Array | string | null;
    readonly err: number;
    readonly msg: string | null;
    push(data: Uint8Array, flush: number): void;
  };
  readonly Z_SYNC_FLUSH: number;
}

/** Inflaters for `zlib-stream` on the npm package `zlib-sync`. No faster than what Node has built in. */
export function zlibSyncInflate(zlibSync: ZlibSync): InflatePort {
  demandGiven('zlibSync', zlibSync, ZLIB_SYNC);
  return {
    supports: (compression) => compression === 'zlib-stream',
    open: (_compression, options, callbacks) => new ZlibSyncInflater(zlibSync, options, callbacks),
  };
}

const ZLIB_SYNC: Rule = {
  says: "the package, as by import zlibSync from 'zlib-sync'",
  holds: withMethods('Inflate').holds,
};

/** Bytes that are pushed at once: `zlib-sync` takes the memory for all that comes of them, 1032 of 1 at most. */
const SLICE_BYTES = 4096;

class ZlibSyncInflater implements Inflater {
  readonly #stream;
  readonly #flush: number;
  #isOver = false;
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(
    { Inflate, Z_SYNC_FLUSH }: ZlibSync,
    private readonly options: InflateOptions,
    private readonly callbacks: InflateCallbacks,
  ) {
    this.#stream = new Inflate();
    this.#flush = Z_SYNC_FLUSH;
  }

  write(data: Uint8Array, isEnd: boolean): void {
    if (this.#isOver) return;
    for (let at = 0; at < data.length; at += SLICE_BYTES) {
      const problem = this.#push(
        Buffer.from(data.buffer, data.byteOffset + at, Math.min(SLICE_BYTES, data.length - at)),
      );
      if (problem === null) continue;
      this.close();
      this.callbacks.failed(problem);
      return;
    }
    if (!isEnd) return;
    const message = Buffer.concat(this.#chunks, this.#length);
    this.#chunks = [];
    this.#length = 0;
    this.callbacks.inflated(message);
  }

  close(): void {
    this.#isOver = true;
    this.#chunks = [];
  }

  /** Returns what is wrong, or null. */
  #push(slice: Buffer): string | null {
    this.#stream.push(slice, this.#flush);
    const { err, msg, result } = this.#stream;
    if (err < 0) return msg ?? `zlib says ${err}`;
    if (result instanceof Uint8Array) this.#chunks.push(result);
    this.#length += result?.length ?? 0;
    return this.#length > this.options.maxBytes ? tooLarge(this.options.maxBytes) : null;
  }
}
