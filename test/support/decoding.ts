import { zlibInflate } from '../../adapters/zlib.js';
import { EVERYTHING, type Incoming } from '../../src/wire/decode.js';
import { type DecoderOptions, decoderFor } from '../../src/wire/decoder.js';

/** A decoder, of a plain connection that speaks JSON unless told, and what it hands on. */
export function decoding(options: Partial<DecoderOptions> = {}) {
  const heard: Incoming[] = [];
  const traffic = { frames: 0, bytes: 0, messages: 0, decompressedBytes: 0 };
  const decoder = decoderFor(
    {
      encoding: 'json',
      compress: false,
      maxPayload: 1 << 20,
      inflate: zlibInflate(),
      traffic,
      wanted: EVERYTHING,
      ...options,
    },
    (incoming) => heard.push(incoming),
  );
  return { heard, traffic, decoder };
}
