import { type CommandOpcode, type Commands, type GatewayEncoding, LIMITS } from '../../machines/client.js';
import { encodeEtf } from './etf/index.js';

/** A payload to send, JSON as text and ETF as bytes ("Payload Structure": only `op` and `d` are needed). */
export function encode<Op extends CommandOpcode>(
  op: Op,
  d: Commands[Op],
  encoding: GatewayEncoding = 'json',
): string | Uint8Array {
  return encoding === 'etf' ? encodeEtf({ op, d }) : JSON.stringify({ op, d });
}

/** Whether a message is over the limit of Discord ("Sending Events"), of text in bytes of UTF-8. */
export function isTooLarge(message: string | Uint8Array): boolean {
  if (typeof message !== 'string') return message.length > LIMITS.payloadBytes;
  // No UTF-16 unit takes more than 3 bytes: most messages need no counting.
  return message.length * 3 > LIMITS.payloadBytes && utf8.encode(message).length > LIMITS.payloadBytes;
}

const utf8 = new TextEncoder();
