import * as zlib from 'node:zlib';
import * as fzstd from 'fzstd';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { fzstdInflate } from '../../adapters/fzstd.js';
import { zlibInflate } from '../../adapters/zlib.js';
import { firstInflate } from '../../src/ports/first-inflate.js';
import type { Compression, InflatePort } from '../../src/ports/index.js';

describe('the zlib of a runtime that is made in another way', () => {
  let warn: MockInstance<typeof process.emitWarning>;
  beforeEach(() => {
    warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  });
  afterEach(() => warn.mockRestore());

  /** A stream like Node's whose handle is changed. */
  const changed = (change: (handle: object) => object) => ({
    ...zlib,
    createInflate: (options: zlib.ZlibOptions) => {
      const stream = zlib.createInflate(options) as unknown as { _handle: object };
      stream._handle = change(stream._handle);
      return stream;
    },
  });

  it.each([
    ['has no handle', changed(() => ({}))],
    ['gives nothing', changed(() => ({ writeSync() {} }))],
    [
      'throws',
      changed(() => ({
        writeSync() {
          throw new Error('not here');
        },
      })),
    ],
  ])('is not used if it %s, and a warning says so once', (_, odd) => {
    const port = zlibInflate(odd);
    expect(port.supports('zlib-stream')).toBe(false);
    expect(port.supports('zlib-stream')).toBe(false);
    expect(warn.mock.calls).toEqual([
      ['gatechart cannot use the zlib-stream decompressor of this runtime; it can in Node 20 to 26'],
    ]);
  });

  it('is not missed where it never was: zstd before Node 22.15', () => {
    const { createInflate, inflateSync } = zlib;
    expect(zlibInflate({ createInflate, inflateSync }).supports('zstd-stream')).toBe(false);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('the first of several ports', () => {
  const port = (...compressions: readonly Compression[]): InflatePort => ({
    supports: (compression) => compressions.includes(compression),
    open: () => ({ write() {}, close() {}, from: compressions[0] }),
  });
  const missing = () => {
    throw new Error("Cannot find module 'fzstd'");
  };

  it('that supports a compression is taken, and what cannot be made is passed over', () => {
    const first = firstInflate([missing, () => port('payload'), () => port('zlib-stream', 'payload')]);
    expect((['payload', 'zlib-stream', 'zstd-stream'] as const).map((one) => first.supports(one))).toEqual([
      true,
      true,
      false,
    ]);
    const nobody = { inflated() {}, failed() {} };
    const opened = (compression: Compression) => first.open(compression, { maxBytes: 1 }, nobody);
    expect(opened('payload')).toMatchObject({ from: 'payload' });
    expect(opened('zlib-stream')).toMatchObject({ from: 'zlib-stream' });
    expect(() => opened('zstd-stream')).toThrow('zstd-stream is not supported');
  });
});

describe('fzstd', () => {
  const open = (maxBytes = 1 << 20) => {
    const told: string[] = [];
    const inflater = fzstdInflate(fzstd).open(
      'zstd-stream',
      { maxBytes },
      { inflated: (bytes) => told.push(`${bytes.length}`), failed: (problem) => told.push(problem) },
    );
    return { told, write: (hex: string) => inflater.write(Buffer.from(hex, 'hex'), true) };
  };
  const block = '02001000'.repeat(4); // 4 times 128 KB

  it.each([
    ['8 MB, as every decoder has to take it', '28b52ffd0068', '524288'],
    ['more than 8 MB', '28b52ffd0069', 'the window is too large'],
    ['the whole of a frame whose size is told: 16 MB', '28b52ffda000000001', 'the window is too large'],
  ])('reserves no window beyond its limit: %s', (_, header, expected) => {
    const { told, write } = open();
    write(header + block);
    expect(told).toEqual([expected]);
  });

  const end = '010000'; // an empty block, the last of its frame

  it.each([
    ['a second frame in the same message', [`28b52ffd0068${block}${end}28b52ffd0069${block}`]],
    ['a second frame in a message of its own', [`28b52ffd0068${block}${end}`, `28b52ffd0069${block}`]],
    ['a second frame behind a checksum', [`28b52ffd0468${block}${end}00000000`, `28b52ffd0069${block}`]],
    ['frames that are each small enough', [`28b52ffd0060${end}`.repeat(3)]],
  ])('reserves no window beyond its limit for %s', (_, messages) => {
    const { told, write } = open();
    for (const message of messages) write(message);
    expect(told.at(-1)).toBe('the window is too large');
  });

  it('reads the frames of a stream one after the other', () => {
    const { told, write } = open();
    for (let n = 0; n < 3; n += 1) write(`28b52ffd0068${block}${end}`);
    expect(told).toEqual(['524288', '524288', '524288']);
  });

  it.each([
    ['no frame', '2ab52ffd0068'],
    ['a skippable frame', '502a4d1800000010'],
  ])('refuses %s', (_, header) => {
    const { told, write } = open();
    write(header + block);
    expect(told).toEqual(['this is no zstd frame']);
  });

  it('gives a message of many tiny blocks as a whole', () => {
    const message = Buffer.from(`28b52ffd0038${'0a000061'.repeat(20_000)}`, 'hex'); // each is one repeated byte
    let pieces = 0;
    class Watched extends fzstd.Decompress {
      constructor(ondata: (data: Uint8Array) => void) {
        super((data) => {
          pieces += 1;
          ondata(data);
        });
      }
    }
    const told: number[] = [];
    const inflater = fzstdInflate({ Decompress: Watched }).open(
      'zstd-stream',
      { maxBytes: 1 << 20 },
      { inflated: (bytes) => told.push(bytes.length), failed() {} },
    );
    inflater.write(message, true);
    expect({ pieces, told }).toEqual({ pieces: 20_000, told: [20_000] });
  });

  it('takes a window as large as a message may be', () => {
    const { told, write } = open(16 << 20);
    write(`28b52ffd0070${block}`);
    expect(told).toEqual(['524288']);
  });

  it('keeps nothing of messages that were given', () => {
    const streams: object[] = [];
    class Watched extends fzstd.Decompress {
      constructor(ondata: (data: Uint8Array) => void) {
        super(ondata);
        streams.push(this);
      }
    }
    const inflater = fzstdInflate({ Decompress: Watched }).open(
      'zstd-stream',
      { maxBytes: 1 << 20 },
      { inflated() {}, failed() {} },
    );
    inflater.write(Buffer.from(`28b52ffd0038${block}`, 'hex'), true);
    for (let n = 0; n < 100; n += 1) inflater.write(Buffer.from(block, 'hex'), true);
    expect(streams).toMatchObject([{ c: [], l: 0 }]);
  });
});
