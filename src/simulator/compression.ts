/**
 * Transport compression without compressing: both formats can hold data as it is, in blocks of one stream that never
 * ends. A client has to do all the same ("Transport Compression"), and nothing of a platform is needed here.
 */
import type { GatewayCompression } from '../../machines/protocol/url.js';

/** Turns the messages of one connection into binary ones, in order; one may come in several parts. */
export type Compressor = (message: string | Uint8Array) => readonly Uint8Array[];

/** A compressor for one connection. Only `zlib-stream` allows parts: there a marker tells where a message ends. */
export function createCompressor(compression: GatewayCompression, partBytes: number): Compressor {
  const compress = compressorOf(compression);
  return compression === 'zlib-stream'
    ? (message) => chunks(compress(message), partBytes)
    : (message) => [compress(message)];
}

function compressorOf(compression: GatewayCompression): (message: string | Uint8Array) => Uint8Array {
  const [header, blocks] = compression === 'zlib-stream' ? [ZLIB_HEADER, zlibBlocks] : [ZSTD_HEADER, zstdBlocks];
  let begun = false;
  return (message) => {
    const parts = blocks(typeof message === 'string' ? utf8.encode(message) : message);
    if (begun) return joined(parts);
    begun = true;
    return joined([header, ...parts]);
  };
}

const utf8 = new TextEncoder();

/** RFC 1950: deflate, 32 KB window. */
const ZLIB_HEADER = Uint8Array.of(0x78, 0x01);

/** RFC 1951: stored blocks of at most 65,535 bytes, and an empty one that ends in the marker 00 00 ff ff. */
function zlibBlocks(data: Uint8Array): Uint8Array[] {
  const stored = (block: Uint8Array) => [
    Uint8Array.of(0, block.length & 0xff, block.length >> 8, ~block.length & 0xff, (~block.length >> 8) & 0xff),
    block,
  ];
  return [...chunks(data, 0xffff).flatMap(stored), ...stored(new Uint8Array())];
}

/** RFC 8878: magic number, no content size, no checksum, a window of 128 KB. */
const ZSTD_HEADER = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38);

/** RFC 8878: raw blocks of at most 128 KB, none of them the last. */
function zstdBlocks(data: Uint8Array): Uint8Array[] {
  return chunks(data, 0x20000).flatMap((block) => {
    const header = block.length << 3;
    return [Uint8Array.of(header & 0xff, (header >> 8) & 0xff, (header >> 16) & 0xff), block];
  });
}

function chunks(data: Uint8Array, size: number): Uint8Array[] {
  const count = Math.max(1, Math.ceil(data.length / size));
  return Array.from({ length: count }, (_, n) => data.subarray(n * size, (n + 1) * size));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
