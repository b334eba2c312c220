import { describe, expect, it } from 'vitest';
import { decodeEtf, EtfError } from '../../../src/wire/etf/decode.js';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const problem = (message: Uint8Array) => {
  try {
    decodeEtf(message);
  } catch (error) {
    if (error instanceof EtfError) return error.message;
    throw error;
  }
  return null;
};

describe('a message that would take far more memory than it has bytes', () => {
  /** A list of so many terms. */
  const listOf = (count: number, term: string) => {
    const header = bytes('83 6c 00000000');
    new DataView(header.buffer).setUint32(2, count);
    return Buffer.concat([header, Buffer.alloc(count * bytes(term).length, bytes(term)), bytes('6a')]);
  };

  it.each([
    ['empty lists', '6a', 999_999],
    ['empty tuples', '68 00', 999_999],
    ['empty maps', '74 00000000', 999_999],
    ['lists of an empty list', '6c 00000001 6a 6a', 499_999],
    ['lists in the form of text', `6b 1000 ${'00'.repeat(0x1000)}`, 1_949],
  ])('is refused with too many %s, which would take fifty times as much memory', (_, term, most) => {
    expect(decodeEtf(listOf(most, term))).toHaveLength(most);
    expect(problem(listOf(most + 1, term))).toMatch(/^too many lists and maps, at byte \d+$/);
  });
});
