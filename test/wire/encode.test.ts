import { describe, expect, it } from 'vitest';
import { encode, isTooLarge } from '../../src/wire/encode.js';
import { type Check, testEach } from '../support/checks.js';

const MESSAGES: readonly Check[] = [
  ['a heartbeat in ETF', () => Array.from(encode(1, null, 'etf') as Uint8Array).length, 26],
  ['a heartbeat in JSON', () => encode(1, null), '{"op":1,"d":null}'],
  ['4096 bytes of ETF', () => isTooLarge(new Uint8Array(4096)), false],
  ['4097 bytes of ETF', () => isTooLarge(new Uint8Array(4097)), true],
];

/** Texts, and whether they are over 4096 bytes of UTF-8. */
const SIZES: readonly (readonly [text: string, isTooLarge: boolean])[] = [
  ['a'.repeat(1_400), false],
  ['a'.repeat(4_096), false],
  ['a'.repeat(4_097), true],
  ['€'.repeat(1_365), false],
  ['€'.repeat(1_366), true],
];

describe('a payload', () => testEach(MESSAGES));

describe('the limit of 4096 bytes', () => {
  it.each(SIZES)('%#: is exceeded by text by its bytes of UTF-8, not by its characters', (text, expected) => {
    expect(isTooLarge(text)).toBe(expected);
  });
});
