/** What a dispatch says of itself before its data. */
export interface Head {
  readonly name: string;
  readonly sequence: number;
  /** Where the data begins, in bytes or, of text, in UTF-16 units: both are the same so far. It ends before the last one. */
  readonly dataAt: number;
}

/**
 * The head of a dispatch in JSON, read without its data; null for whatever does not begin as Discord writes it, which
 * then has to be parsed. Data that is no JSON goes unnoticed here, and so would a second `t`, `s` or `op` after it.
 */
export function headOf(message: string | Uint8Array): Head | null {
  const found = HEAD.exec(typeof message === 'string' ? message : beginning(message));
  if (found === null || !isWhole(message)) return null;
  return { name: found[1] as string, sequence: Number(found[2]), dataAt: found[0].length - 1 };
}

/** Keys in the order in which Discord has been seen to send them, a sequence that a number can hold, and an object as data. */
const HEAD = /^\{"t":"([A-Z0-9_]{1,64})","s":(0|[1-9][0-9]{0,14}),"op":0,"d":\{/;

/** More than the longest head has. */
const HEAD_BYTES = 120;

/** The first bytes as text, a character for each. */
function beginning(bytes: Uint8Array & { latin1Slice?(start: number, end: number): string }): string {
  const end = Math.min(HEAD_BYTES, bytes.length);
  return bytes.latin1Slice?.(0, end) ?? latin1.decode(bytes.subarray(0, end)); // of a Buffer, four times as fast
}

const latin1 = new TextDecoder('latin1');

const CLOSING_BRACE = 0x7d;

/** Whether a message ends where an object within an object ends. */
function isWhole(message: string | Uint8Array): boolean {
  const { length } = message;
  if (typeof message === 'string') return message.endsWith('}}');
  return message[length - 1] === CLOSING_BRACE && message[length - 2] === CLOSING_BRACE;
}
