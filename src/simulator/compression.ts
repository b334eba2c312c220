/**
 * Compression of what the Gateway sends ("Transport Compression", "Payload Compression"). Here without compressing: both
 * formats can hold data as it is, in blocks of one stream that never ends. A client has to do all the same, and nothing
 * of a platform is needed; on Node, zlib-compression.ts really compresses.
 */

import type { Compression } from '../ports/inflate.js';
import { joined } from '../wire/bytes.js';

/** Turns the messages of one connection into what is sent for each. */
export type Compressor = (message: Uint8Array) => Uint8Array;

/** Makes the compressor of a new connection. */
export type Compressors = (compression: Compression) => Compressor;

/** Turns the messages of one connection into binary ones, in order; one may come in several parts. */
export type Wrapper = (message: string | Uint8Array) => readonly Uint8Array[];

/** Messages below this are not worth compressing by themselves: Discord leaves some plain. In bytes of text. */
export const LEAST_PAYLOAD = 200;

/** A wrapper for one connection. Only `zlib-stream` allows parts: there a marker shows where a message ends. */
export function createWrapper(compression: Compression, partBytes: number, compressors: Compressors): Wrapper {
  const compress = compressors(compression);
  return compression === 'zlib-stream'
    ? (message) => chunks(compress(bytesOf(message)), partBytes)
    : (message) => [compress(bytesOf(message))];
}

const utf8 = new TextEncoder();
const bytesOf = (message: string | Uint8Array) => (typeof message === 'string' ? utf8.encode(message) : message);

/** Compressors that store data as it is. */
export function storing(compression: Compression): Compressor {
  if (compression === 'payload') return zlibWhole;
  const [header, blocks] = compression === 'zlib-stream' ? [ZLIB_HEADER, zlibBlocks] : [ZSTD_HEADER, zstdBlocks];
  let begun = false;
  return (message) => {
    const parts = blocks(message);
    if (begun) return joined(parts);
    begun = true;
    return joined([header, ...parts]);
  };
}

/** RFC 1950: deflate, 32 KB window. */
const ZLIB_HEADER = Uint8Array.of(0x78, 0x01);

/** RFC 1951: stored blocks of at most 65,535 bytes, and an empty one that ends in the marker 00 00 ff ff. */
function zlibBlocks(data: Uint8Array): Uint8Array[] {
  return [...chunks(data, 0xffff).flatMap((block) => stored(block)), ...stored(new Uint8Array())];
}

/** RFC 1950: the same, with a last block that is empty and the checksum. */
function zlibWhole(data: Uint8Array): Uint8Array {
  const blocks = chunks(data, 0xffff).flatMap((block) => stored(block));
  return joined([ZLIB_HEADER, ...blocks, ...stored(new Uint8Array(), true), adler32(data)]);
}

function stored(block: Uint8Array, isLast = false): Uint8Array[] {
  const { length } = block;
  return [Uint8Array.of(isLast ? 1 : 0, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff), block];
}

/** RFC 1950, 2.2. */
function adler32(data: Uint8Array): Uint8Array {
  let [a, b] = [1, 0];
  for (const byte of data) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return Uint8Array.of(b >> 8, b & 0xff, a >> 8, a & 0xff);
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
