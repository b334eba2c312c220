import type { InflateCallbacks, InflateOptions, InflatePort, Inflater } from '../src/host/ports.js';
import { joined } from '../src/wire/bytes.js';

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
  return {
    supports: (compression) => compression === 'zstd-stream',
    open: (_compression, options, callbacks) => new FzstdInflater(fzstd, options, callbacks),
  };
}

/** RFC 8878, 3.1.1.1.2: decoders are to support windows of 8 MB; beyond that a window counts like a message. */
const LEAST_WINDOW = 8 << 20;

/** What `fzstd` keeps to itself: pieces that it has not used yet, and how long they are. */
interface Notes {
  readonly c?: unknown[];
  readonly l?: number;
}

class FzstdInflater implements Inflater {
  readonly #stream: InstanceType<Fzstd['Decompress']> & Notes;
  #isOver = false;
  #hasBegun = false;
  #chunks: Uint8Array[] = [];
  #length = 0;

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
      if (!this.#hasBegun) this.#checkWindow(data);
      this.#stream.push(data);
      forget(this.#stream);
      if (isEnd && hasRest(this.#stream)) throw new RangeError('a message is cut short');
    } catch (error) {
      this.close();
      this.callbacks.failed((error as Error).message);
      return;
    }
    if (!isEnd) return;
    const message = joined(this.#chunks);
    this.#chunks = [];
    this.#length = 0;
    this.callbacks.inflated(message);
  }

  close(): void {
    this.#isOver = true;
    this.#chunks = [];
  }

  #take(chunk: Uint8Array): void {
    const { maxBytes } = this.options;
    this.#length += chunk.length;
    if (this.#length > maxBytes) throw new RangeError(`a message is larger than ${maxBytes} bytes`);
    this.#chunks.push(chunk);
  }

  /** Before `fzstd` reserves it, which it does at once. */
  #checkWindow(data: Uint8Array): void {
    this.#hasBegun = true;
    if (windowOf(data) > Math.max(this.options.maxBytes, LEAST_WINDOW)) throw new RangeError('the window is too large');
  }
}

/** The window size of a frame, in bytes (RFC 8878, 3.1.1.1). */
function windowOf(frame: Uint8Array): number {
  const [descriptor = 0, window = 0] = frame.subarray(4);
  if ((descriptor & 0x20) === 0) return 2 ** (10 + (window >> 3)) * (1 + (window & 7) / 8);
  const at = 5 + ((1 << (descriptor & 3)) >> 1);
  return frame.subarray(at, at + (1 << (descriptor >> 6))).reduceRight((size, byte) => size * 256 + byte, 0);
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
