import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { describe, expect, it } from 'vitest';
import type { Compression } from '../../src/ports/inflate.js';
import { type Compressor, createWrapper, storing } from '../../src/simulator/compression.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => new TextEncoder().encode(text);

/** What zlib reads from the messages of one stream that goes on. */
const inflated = (messages: readonly Uint8Array[]) =>
  zlib.inflateSync(Buffer.concat(messages), { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString();

/** What zstd reads from each message of one stream that goes on. */
function unzstd(messages: readonly Uint8Array[]): string[] {
  let chunks: Uint8Array[] = [];
  const stream = new Decompress((chunk) => chunks.push(chunk));
  return messages.map((message) => {
    chunks = [];
    stream.push(message);
    return Buffer.concat(chunks).toString();
  });
}

describe('storing for zlib-stream', () => {
  it('writes a header, then each message as a stored block and the marker', () => {
    const compress = storing('zlib-stream');
    expect(['hi', 'a', ''].map((text) => hex(compress(bytes(text))))).toEqual([
      '7801' + '000200fdff6869' + '000000ffff',
      '000100feff61' + '000000ffff',
      '000000ffff' + '000000ffff',
    ]);
  });

  it.each([
    [65_535, 1],
    [65_536, 2],
    [131_071, 3],
  ])('puts %i bytes into %i blocks', (length, blocks) => {
    expect(storing('zlib-stream')(new Uint8Array(length)).length).toBe(2 + length + 5 * blocks + 5);
  });

  it('is read by zlib, one context for all', () => {
    const compress = storing('zlib-stream');
    const texts = ['{"op":10}', 'é😀'.repeat(50_000), ''];
    expect(inflated(texts.map((text) => compress(bytes(text))))).toBe(texts.join(''));
  });
});

describe('storing for payload compression', () => {
  it('writes each message as a stream of its own, with its checksum', () => {
    const compress = storing('payload');
    const whole = '7801' + '000200fdff6869' + '010000ffff' + '013b00d2';
    expect([hex(compress(bytes('hi'))), hex(compress(bytes('hi')))]).toEqual([whole, whole]);
    expect(hex(compress(bytes('')))).toBe('7801' + '000000ffff' + '010000ffff' + '00000001');
  });

  it('is read by zlib, which checks the checksum', () => {
    const text = '\u00ff\u{10ffff}'.repeat(50_000);
    expect(zlib.inflateSync(storing('payload')(bytes(text))).toString()).toBe(text);
  });
});

describe('storing for zstd-stream', () => {
  it('writes a header, then each message as a raw block that is not the last', () => {
    const compress = storing('zstd-stream');
    expect(['hi', 'a', ''].map((text) => hex(compress(bytes(text))))).toEqual([
      '28b52ffd0038' + '1000006869',
      '08000061',
      '000000',
    ]);
  });

  it.each([
    [131_072, 1],
    [131_073, 2],
    [262_145, 3],
  ])('puts %i bytes into %i blocks', (length, blocks) => {
    expect(storing('zstd-stream')(new Uint8Array(length)).length).toBe(6 + length + 3 * blocks);
  });

  it('is read by zstd message by message', () => {
    const compress = storing('zstd-stream');
    const texts = ['{"op":10}', 'é😀'.repeat(50_000), '{"op":11}'];
    expect(unzstd(texts.map((text) => compress(bytes(text))))).toEqual(texts);
  });
});

describe('createWrapper', () => {
  /** Leaves everything as it is, and notes what compressors it was asked for. */
  const plain = () => {
    const asked: Compression[] = [];
    const compressors = (compression: Compression): Compressor => {
      asked.push(compression);
      return (message) => message;
    };
    return { asked, compressors };
  };
  const textsOf = (parts: readonly Uint8Array[]) => parts.map((part) => Buffer.from(part).toString());

  it.each([
    ['ab', ['ab']],
    ['abc', ['abc']],
    ['abcd', ['abc', 'd']],
    ['abcdef', ['abc', 'def']],
    ['', ['']],
  ])('cuts a message of zlib-stream into parts of at most three bytes: %o', (message, parts) => {
    expect(textsOf(createWrapper('zlib-stream', 3, plain().compressors)(message))).toEqual(parts);
  });

  it.each(['zstd-stream', 'payload'] as const)('leaves a message of %s in one part', (compression) => {
    expect(textsOf(createWrapper(compression, 3, plain().compressors)('abcdefgh'))).toEqual(['abcdefgh']);
  });

  it('takes text as UTF-8, and bytes as they are', () => {
    const wrap = createWrapper('payload', 3, plain().compressors);
    expect([hex(wrap('é')[0]!), hex(wrap(Uint8Array.of(0xff, 0))[0]!)]).toEqual(['c3a9', 'ff00']);
  });

  it('has one compressor for all messages', () => {
    const { asked, compressors } = plain();
    const wrap = createWrapper('zlib-stream', 100, compressors);
    for (const message of ['a', 'b', 'c']) wrap(message);
    expect(asked).toEqual(['zlib-stream']);
  });
});
