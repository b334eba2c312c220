/** What the Gateway sends, compressed by Node's zlib: at once, message by message, in one context for each connection. */
import * as zlib from 'node:zlib';
import type { Compression } from '../ports/inflate.js';
import { type Compressor, storing } from './compression.js';

/** Compressors that compress; those for zstd store as it is where Node has none (before 22.15). */
export function zlibCompressors(compression: Compression): Compressor {
  if (compression === 'payload') return (message) => zlib.deflateSync(message);
  return compression === 'zlib-stream' ? zlibStream() : (zstdStream() ?? storing(compression));
}

const WINDOW_BYTES = 1 << 15;

/** Each message as raw deflate of its own, with the messages before as its dictionary: the same stream as from one context. */
function zlibStream(): Compressor {
  let dictionary = Buffer.alloc(0);
  let hasBegun = false;
  return (message) => {
    const body = zlib.deflateRawSync(message, {
      ...(dictionary.length === 0 ? {} : { dictionary }),
      finishFlush: zlib.constants.Z_SYNC_FLUSH,
    });
    dictionary = Buffer.concat([dictionary, message]).subarray(-WINDOW_BYTES);
    const header = hasBegun ? [] : [0x78, 0x9c];
    hasBegun = true;
    return Buffer.concat([Buffer.from(header), body]);
  };
}

/** What Node's documentation lists and its types before 22.15 do not. */
const ZSTD_e_flush = 1;
interface ZstdModule {
  readonly createZstdCompress?: () => {
    readonly _handle: {
      writeSync(
        flush: number,
        data: Uint8Array,
        at: number,
        left: number,
        out: Uint8Array,
        to: number,
        room: number,
      ): void;
    };
    readonly _writeState: ArrayLike<number>;
  };
}

/** A frame cannot be put together from parts, so the handle below Node's stream is driven as Node itself drives it. */
function zstdStream(): Compressor | null {
  const stream = (zlib as ZstdModule).createZstdCompress?.();
  if (stream === undefined) return null;
  return (message) => {
    const out = Buffer.alloc(message.length + (message.length >> 7) + 1024); // zstd adds less to what it cannot compress
    stream._handle.writeSync(ZSTD_e_flush, message, 0, message.length, out, 0, out.length);
    return out.subarray(0, out.length - (stream._writeState[0] ?? 0));
  };
}
