import { type CommandOpcode, type Commands, LIMITS } from '../../machines/index.js';

/** A payload to send, as JSON text ("Payload Structure": only `op` and `d` are needed). */
export function encode<Op extends CommandOpcode>(op: Op, d: Commands[Op]): string {
  return JSON.stringify({ op, d });
}

/** Whether a text message is over the limit of Discord ("Sending Events"), in bytes of UTF-8. */
export function isTooLarge(text: string): boolean {
  // No UTF-16 unit takes more than 3 bytes: most messages need no counting.
  return text.length * 3 > LIMITS.payloadBytes && utf8.encode(text).length > LIMITS.payloadBytes;
}

const utf8 = new TextEncoder();
