import { demandGiven, type Rule, withMethods } from '../machines/kit/shape.js';
import type { InflateCallbacks, InflateOptions, InflatePort, Inflater } from '../src/ports/index.js';
import { GrowingBytes, tooLarge } from '../src/wire/bytes.js';

/** As much as is used of the npm package `fzstd`. */
export interface Fzstd {
  readonly Decompress: new (ondata: (data: Uint8Array) => void) => { push(data: Uint8Array): void };
}

/**
 * Inflaters for `zstd-stream` on the npm package `fzstd`, for browsers and for Node before 22.15:
 * `import * as fzstd from 'fzstd'` and `inflate: fzstdInflate(fzstd)`. Synchronous, in five times the time that Node's
 * own needs.
 */
export function fzstdInflate(fzstd: Fzstd): InflatePort {
  demandGiven('fzstd', fzstd, FZSTD);
  return {
    supports: (compression) => compression === 'zstd-stream',
    open: (_compression, options, callbacks) => new FzstdInflater(fzstd, options, callbacks),
  };
}

const FZSTD: Rule = {
  says: "the package, as by import * as fzstd from 'fzstd'",
  holds: withMethods('Decompress').holds,
};

/** RFC 8878, 3.1.1.1.2: decoders are to support windows of 8 MB; beyond that a window counts like a message. */
const LEAST_WINDOW = 8 << 20;

/** What `fzstd` keeps to itself: pieces that it has not used yet, and how long they are. */
interface Notes {
  readonly c?: unknown[];
  readonly l?: number;
}

class FzstdInflater implements Inflater {
  readonly #stream: InstanceType<Fzstd['Decompress']> & Notes;
  readonly #message = new GrowingBytes();
  #isOver = false;
  /** The one that goes on in the next message; null between frames. */
  #frame: Frame | null = null;

  constructor(
    { Decompress }: Fzstd,
    private readonly options: InflateOptions,
    private readonly callbacks: InflateCallbacks,
  ) {
    this.#stream = new Decompress((chunk) => this.#take(chunk));
  }

  write(data: Uint8Array, isEnd: boolean): void {
    if (this.#isOver) return;
    try {
      this.#checkWindows(data);
      this.#stream.push(data);
      forget(this.#stream);
      if (isEnd && hasRest(this.#stream)) throw new RangeError('a message is cut short');
    } catch (error) {
      this.close();
      this.callbacks.failed((error as Error).message);
      return;
    }
    if (isEnd) this.callbacks.inflated(this.#message.take());
  }

  close(): void {
    this.#isOver = true;
    this.#message.take();
  }

  #take(chunk: Uint8Array): void {
    const { maxBytes } = this.options;
    if (this.#message.length + chunk.length > maxBytes) {
      throw new RangeError(tooLarge(maxBytes));
    }
    this.#message.add(chunk);
  }

  /**
   * `fzstd` reserves the window of every frame as soon as it reads the header, so what a message asks for is added up
   * before it is pushed. A message consists of whole blocks, and each says how long it is.
   */
  #checkWindows(data: Uint8Array): void {
    let left = Math.max(this.options.maxBytes, LEAST_WINDOW);
    let at = 0;
    while (at < data.length) {
      if (this.#frame === null) {
        this.#frame = frameOf(data.subarray(at));
        at += this.#frame.headerBytes;
        left -= this.#frame.window;
        if (left < 0) throw new RangeError('the window is too large');
      }
      const block = blockOf(data.subarray(at));
      at += block.bytes;
      if (!block.isLast) continue;
      at += this.#frame.hasChecksum ? 4 : 0;
      this.#frame = null;
    }
    if (at > data.length) throw new RangeError('a message is cut short');
  }
}

/** What the header of a frame says. */
interface Frame {
  readonly headerBytes: number;
  readonly window: number;
  readonly hasChecksum: boolean;
}

/** RFC 8878, 3.1.1. Skippable frames, which Discord has no use for, are none. */
function frameOf(bytes: Uint8Array): Frame {
  if (littleEndian(bytes.subarray(0, 4)) !== 0xfd2fb528) throw new RangeError('this is no zstd frame');
  const [descriptor = 0, window = 0] = bytes.subarray(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeAt = (isSingleSegment ? 5 : 6) + ((1 << (descriptor & 3)) >> 1);
  const sizeBytes = descriptor >> 6 === 0 ? Number(isSingleSegment) : 1 << (descriptor >> 6);
  return {
    headerBytes: sizeAt + sizeBytes,
    window: isSingleSegment
      ? littleEndian(bytes.subarray(sizeAt, sizeAt + sizeBytes))
      : 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8),
    hasChecksum: (descriptor & 4) !== 0,
  };
}

/** RFC 8878, 3.1.1.2. */
function blockOf(bytes: Uint8Array): { readonly bytes: number; readonly isLast: boolean } {
  const header = littleEndian(bytes.subarray(0, 3));
  const isRepeatedByte = ((header >> 1) & 3) === 1;
  return { bytes: 3 + (isRepeatedByte ? 1 : header >> 3), isLast: (header & 1) === 1 };
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((number, byte) => number * 256 + byte, 0);
}

/**
 * After each push `fzstd` (0.1.1) notes the rest, and while there never is one it forgets none of these notes, each of
 * which holds a message.
 */
function forget(stream: Notes): void {
  if (stream.l === 0 && Array.isArray(stream.c)) stream.c.length = 0;
}

/** Whether it waits for more of a block. */
function hasRest({ l }: Notes): boolean {
  return l !== undefined && l > 0;
}
