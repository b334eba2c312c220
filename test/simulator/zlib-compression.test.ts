import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { describe, expect, it } from 'vitest';
import { zlibCompressors } from '../../src/simulator/zlib-compression.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const hex = (message: Uint8Array) => Buffer.from(message).toString('hex');

/** Three messages of the documentation's shape, two alike. */
const TEXTS = [
  '{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}',
  '{"t":null,"s":null,"op":11,"d":null}',
  '{"t":null,"s":null,"op":11,"d":null}',
];

/** Text that deflate cannot shorten by repetition alone. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state >> 16;
  });
}

/** What zlib reads from the messages so far of one stream that goes on. */
const inflated = (messages: readonly Uint8Array[]) =>
  zlib.inflateSync(Buffer.concat(messages), { finishFlush: zlib.constants.Z_SYNC_FLUSH });

describe('zlib-stream', () => {
  it('begins with a header of zlib, and each message ends in the marker', () => {
    const compress = zlibCompressors('zlib-stream');
    const messages = TEXTS.map((text) => hex(compress(bytes(text))));
    expect(messages.map((message) => message.slice(-8))).toEqual(['0000ffff', '0000ffff', '0000ffff']);
    expect(messages.map((message) => message.startsWith('78'))).toEqual([true, false, false]);
  });

  it('can be read after each message', () => {
    const compress = zlibCompressors('zlib-stream');
    const messages = TEXTS.map((text) => compress(bytes(text)));
    const readings = messages.map((_, n) => inflated(messages.slice(0, n + 1)).toString());
    expect(readings).toEqual(TEXTS.map((_, n) => TEXTS.slice(0, n + 1).join('')));
  });

  it('has one context: what came before makes a message short', () => {
    const compress = zlibCompressors('zlib-stream');
    const [first, , third] = [noise(2_000), bytes('between'), noise(2_000)].map((part) => compress(part).length);
    expect(first).toBeGreaterThan(2_000);
    expect(third).toBeLessThan(50);
  });

  it.each([
    ['as long as the window', 32_768],
    ['longer than the window', 100_000],
  ])('can be read after messages %s', (_, length) => {
    const compress = zlibCompressors('zlib-stream');
    const parts = [noise(length), bytes('short'), noise(length), new Uint8Array(), noise(10)];
    expect(inflated(parts.map((part) => compress(part))).equals(Buffer.concat(parts))).toBe(true);
  });

  it('has another context for each connection', () => {
    const [first, second] = [zlibCompressors('zlib-stream'), zlibCompressors('zlib-stream')];
    first(noise(2_000));
    expect(inflated([second(bytes('alone'))]).toString()).toBe('alone');
  });
});

describe('payload compression', () => {
  it('makes of each message a stream of its own', () => {
    const compress = zlibCompressors('payload');
    const messages = TEXTS.map((text) => compress(bytes(text)));
    expect(messages.map((message) => zlib.inflateSync(message).toString())).toEqual(TEXTS);
    expect(compress(noise(2_000))).toEqual(compress(noise(2_000)));
  });

  it('makes text shorter', () => {
    expect(zlibCompressors('payload')(new Uint8Array(10_000)).length).toBeLessThan(100);
  });
});

describe('zstd-stream', () => {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: unknown };

  it('compresses messages in one context where Node has zstd, and stores them as they are where it has none', () => {
    const compress = zlibCompressors('zstd-stream');
    const [first, second] = [compress(noise(2_000)), compress(noise(2_000))];
    expect(hex(first).startsWith('28b52ffd')).toBe(true);
    if (createZstdDecompress === undefined) expect(second.length).toBe(3 + 2_000);
    else expect(second.length).toBeLessThan(50);
  });

  it('can be read by zstd message by message, whatever Node has', () => {
    const compress = zlibCompressors('zstd-stream');
    let chunks: Uint8Array[] = [];
    const stream = new Decompress((chunk) => chunks.push(chunk));
    const parts = [noise(60), noise(200_000), bytes('last')];
    const isRead = parts.map((part) => {
      chunks = [];
      stream.push(compress(part));
      return Buffer.concat(chunks).equals(part);
    });
    expect(isRead).toEqual([true, true, true]);
  });
});
