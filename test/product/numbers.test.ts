import { describe, expect, it } from 'vitest';
import { Numbers } from '../../src/product/numbers.js';

describe('an array of numbers that grows', () => {
  it('keeps what was pushed, in order, past its first piece', () => {
    const numbers = new Numbers();
    const count = 40_000;
    for (let at = 0; at < count; at += 1) numbers.push(at * 3);
    expect(numbers.length).toBe(count);
    expect([0, 1, 16_383, 16_384, 39_999].map((at) => numbers.at(at))).toEqual([0, 3, 49_149, 49_152, 119_997]);
  });

  it('has room for 32 bits in each', () => {
    const numbers = new Numbers();
    numbers.push(2 ** 32 - 1);
    expect(numbers.at(0)).toBe(2 ** 32 - 1);
  });
});
