import { describe, expect, it } from 'vitest';
import { firstInflate } from '../../src/ports/first-inflate.js';
import type { Compression, InflateCallbacks, Inflater } from '../../src/ports/inflate.js';

const CALLBACKS: InflateCallbacks = { inflated() {}, failed() {} };
const NONE: Inflater = { write() {}, close() {} };

/** Ports that note what they are asked. */
function setUp() {
  const lines: string[] = [];
  const maker =
    (name: string, ...supported: readonly Compression[]) =>
    () => {
      lines.push(`make ${name}`);
      return {
        supports: (compression: Compression) => supported.includes(compression),
        open(compression: Compression, { maxBytes }: { maxBytes: number }, callbacks: InflateCallbacks) {
          lines.push(`open ${name} ${compression} ${maxBytes} ${callbacks === CALLBACKS}`);
          return NONE;
        },
      };
    };
  const missing = () => {
    lines.push('make missing');
    throw new Error('not installed');
  };
  return { lines, port: firstInflate([missing, maker('a', 'zlib-stream'), maker('b', 'zlib-stream', 'payload')]) };
}

describe('the first inflate port of several', () => {
  it('is the first that can be made and supports the compression', () => {
    const { lines, port } = setUp();
    expect(port.open('zlib-stream', { maxBytes: 7 }, CALLBACKS)).toBe(NONE);
    expect(port.open('payload', { maxBytes: 8 }, CALLBACKS)).toBe(NONE);
    expect(lines).toEqual([
      'make missing',
      'make a',
      'open a zlib-stream 7 true',
      'make missing',
      'make a',
      'make b',
      'open b payload 8 true',
    ]);
  });

  it('is chosen once for each compression, supported or not', () => {
    const { lines, port } = setUp();
    const ask = () => [port.supports('zlib-stream'), port.supports('payload'), port.supports('zstd-stream')];
    expect(ask()).toEqual([true, true, false]);
    lines.splice(0);
    expect(ask()).toEqual([true, true, false]);
    port.open('payload', { maxBytes: 8 }, CALLBACKS);
    expect(lines).toEqual(['open b payload 8 true']);
  });

  it('is none where none supports it', () => {
    expect(() => setUp().port.open('zstd-stream', { maxBytes: 7 }, CALLBACKS)).toThrow(
      new TypeError('zstd-stream is not supported'),
    );
  });
});
