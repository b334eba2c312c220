import type { GatewayEncoding } from '../../machines/protocol/url.js';
import { decodeEtf } from '../wire/etf/index.js';
import { discordEtf } from './etf.js';
import { isRecord } from './log.js';

/** How the payloads of a connection look on the wire ("Encoding and Compression"). */
export interface Encoding {
  /** A payload for the client, given as JSON; what is no JSON stays as it is. */
  write(json: string): string | Uint8Array;
  /** A message of the client as JSON; null if it cannot be decoded. Never throws. */
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
    write: (json) => json,
    read: (data) => (typeof data === 'string' ? data : textOf(data)), // some clients send JSON in binary messages
  },
  etf: {
    write(json) {
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
