import type { GatewayEncoding } from '../../machines/protocol/url.js';
import { decodeEtf } from '../wire/etf/index.js';
import { discordEtf } from './etf.js';
import { isRecord } from './log.js';
import type { Payload } from './payloads.js';

/** How the payloads of a connection look on the wire ("Encoding and Compression"). */
export interface Encoding {
  /** A payload for the client. */
  write(payload: Payload): string | Uint8Array;
  /** A malformed frame for the client, which is kept as JSON; text that holds no payload stays as it is. */
  translate(json: string): string | Uint8Array;
  /** A message of the client as JSON, which the log shows; null if it cannot be decoded. Never throws. */
  read(data: string | Uint8Array): string | null;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(data: Uint8Array): string | null {
  try {
    return utf8.decode(data);
  } catch {
    return null;
  }
}

export const ENCODINGS: Readonly<Record<GatewayEncoding, Encoding>> = {
  json: {
    write: (payload) => JSON.stringify(payload),
    translate: (json) => json,
    read: (data) => (typeof data === 'string' ? data : textOf(data)), // some clients send JSON in binary messages
  },
  etf: {
    write(payload) {
      try {
        return discordEtf(payload);
      } catch {
        return JSON.stringify(payload); // it nests deeper than can be written
      }
    },
    translate(json) {
      try {
        const payload: unknown = JSON.parse(json);
        return isRecord(payload) ? discordEtf(payload) : json;
      } catch {
        return json;
      }
    },
    read(data) {
      if (typeof data === 'string') return null;
      try {
        return JSON.stringify(decodeEtf(data, { binaryKeys: true }));
      } catch {
        return null;
      }
    },
  },
};
