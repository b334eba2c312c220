/** Times in words. */
import { describe, expect, it } from 'vitest';
import { roughly, spanInWords } from '../../../machines/kit/durations.js';

describe('a span of time', () => {
  it.each([
    [250, '250 ms'],
    [1_500, '1500 ms'],
    [60_000, '1 min'],
    [[0, 500], '0 to 500 ms'],
    [[5_000, 10_000], '5 to 10 s'],
    [[500, 5_000], '500 ms to 5 s'],
    [[7, 7], '7 ms'],
  ] as const)('%j is said as %j', (span, words) => {
    expect(spanInWords(span)).toBe(words);
  });
});

describe('a measured time', () => {
  it.each([
    [0, '0 ms'],
    [250, '250 ms'],
    [999, '999 ms'],
    [1_000, '1.0 s'],
    [1_500, '1.5 s'],
    [10_000, '10 s'],
    [41_250, '41 s'],
    [60_000, '1 min 0 s'],
    [125_000, '2 min 5 s'],
    [-250, '−250 ms'],
  ])('is rounded: %d is %s', (ms, words) => {
    expect(roughly(ms)).toBe(words);
  });
});
