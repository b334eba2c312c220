/**
 * A zstd-stream as Node makes it, for runtimes that cannot: `node test/support/zstd-stream.ts` on Node from 22.18 on
 * prints test/wire/fixtures/zstd-stream.json.
 */
import * as zlib from 'node:zlib';

const WORDS = 'the of a bot that was not here when they said it had come with its own words and numbers'.split(' ');

/** Text of some length, always the same. */
function words(length: number, seed: number): string {
  let text = '';
  for (let n = seed; text.length < length; n = (n * 1_103_515_245 + 12_345) % 2 ** 31) {
    text += `${WORDS[(n >> 8) % WORDS.length]} ${n % 97 === 0 ? 'é😀' : ''}`;
  }
  return text.slice(0, length);
}

/** The messages of the stream: small, large, larger than a block of 128 KB. */
export const ZSTD_MESSAGES: readonly string[] = [
  60, 40, 300, 1_000, 30_000, 300, 40, 150_000, 200, 1_000, 2_000, 40,
].map((length, n) => JSON.stringify({ t: 'A', s: n, op: 0, d: words(length, n) }));

interface Zstd {
  readonly createZstdCompress: () => zlib.Zlib &
    NodeJS.ReadWriteStream & { flush(kind: number, done: () => void): void };
  readonly constants: { readonly ZSTD_e_flush: number };
}

if (process.argv[1] === import.meta.filename) {
  const { createZstdCompress, constants } = zlib as unknown as Zstd;
  const stream = createZstdCompress();
  const frames: string[] = [];
  let frame: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => frame.push(chunk));
  for (const message of ZSTD_MESSAGES) {
    frame = [];
    stream.write(message);
    await new Promise<void>((resolve) => stream.flush(constants.ZSTD_e_flush, resolve));
    frames.push(Buffer.concat(frame).toString('base64'));
  }
  process.stdout.write(`${JSON.stringify(frames, null, 1)}\n`);
}
