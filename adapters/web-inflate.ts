import type { InflateCallbacks, InflateOptions, InflatePort, Inflater } from '../src/ports/index.js';
import { joined, tooLarge } from '../src/wire/bytes.js';

/**
 * Inflaters on the standard `DecompressionStream`, for browsers: `zlib-stream` and payload compression, not zstd.
 * Asynchronous: a message follows some tasks after it was written. It relies on a stream giving out whatever a write
 * completes before that write is settled, as the Compression Standard has it; the streams of Node do not.
 */
export function webInflate(): InflatePort {
  return {
    supports: (compression) => compression !== 'zstd-stream' && typeof DecompressionStream === 'function',
    open: (compression, options, callbacks) => new WebInflater(compression === 'payload', options, callbacks),
  };
}

/**
 * Bytes that are written at once. A stream gives out all that a write makes of them before it can be stopped, and deflate
 * makes 1032 of 1 at most.
 */
const SLICE_BYTES = 4096;

class WebInflater implements Inflater {
  #isOver = false;
  #stream: Stream | null = null;
  /** The last thing to do. */
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly isPayload: boolean,
    private readonly options: InflateOptions,
    private readonly callbacks: InflateCallbacks,
  ) {}

  write(data: Uint8Array, isEnd: boolean): void {
    this.#last = this.#last.then(() => this.#write(data, isEnd)).catch((error) => this.#fail(error));
  }

  close(): void {
    this.#isOver = true;
    this.#stream?.end();
  }

  async #write(data: Uint8Array, isEnd: boolean): Promise<void> {
    if (this.#isOver) return;
    this.#stream ??= new Stream(this.options.maxBytes);
    const stream = this.#stream;
    for (let at = 0; at < data.length; at += SLICE_BYTES) await stream.take(data.subarray(at, at + SLICE_BYTES));
    if (!isEnd) return;
    if (this.isPayload) {
      await stream.finish();
      this.#stream = null;
    }
    if (!this.#isOver) this.callbacks.inflated(stream.give());
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.close();
    this.callbacks.failed(error instanceof Error ? error.message : 'the stream is broken');
  }
}

/** One compressed stream, and what it has given out since the last message. */
class Stream {
  readonly #writer: WritableStreamDefaultWriter<BufferSource>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #reading: Promise<void>;
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(private readonly maxBytes: number) {
    const { readable, writable } = new DecompressionStream('deflate');
    this.#writer = writable.getWriter();
    this.#reader = readable.getReader();
    this.#reading = this.#read();
    for (const settled of [this.#reading, this.#writer.closed, this.#reader.closed]) settled.catch(() => {}); // told by writes
  }

  /** Takes a slice, and all that comes of it. Rejects if it is corrupt or there is too much. */
  async take(slice: Uint8Array): Promise<void> {
    await this.#writer.write(slice as Uint8Array<ArrayBuffer>);
    for (let before = -1; before !== this.#length; ) {
      before = this.#length;
      await nextTask(); // what the write has queued for reading is read by then
    }
    this.#demandRoom();
  }

  /** The end of a stream that is one message. Rejects if something is missing. */
  async finish(): Promise<void> {
    await this.#writer.close();
    await this.#reading;
    this.#demandRoom();
  }

  /** The message so far. */
  give(): Uint8Array {
    const message = joined(this.#chunks);
    this.#chunks = [];
    this.#length = 0;
    return message;
  }

  #demandRoom(): void {
    if (this.#length > this.maxBytes) throw new RangeError(tooLarge(this.maxBytes));
  }

  end(): void {
    this.#writer.abort().catch(() => {});
    this.#reader.cancel().catch(() => {});
  }

  async #read(): Promise<void> {
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done) return;
      this.#chunks.push(value);
      this.#length += value.length;
    }
  }
}

/** In Cloudflare Workers a message to oneself comes before what a stream has given. */
const IS_WORKERS = globalThis.navigator?.userAgent === 'Cloudflare-Workers';

/** Unlike a timer, a message to oneself is not held back by 4 ms. */
function nextTask(): Promise<void> {
  if (IS_WORKERS) return new Promise((resolve) => setTimeout(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
