import { describe, expect, it } from 'vitest';
import { pattern } from '../../src/contracts/peer.js';

describe('the pattern of bytes that a peer sends', () => {
  it('has so many bytes, of which the first are the same for every size', () => {
    expect([...pattern(0)]).toEqual([]);
    expect([...pattern(4)]).toEqual([33, 34, 35, 36]);
    expect(pattern(70_000).subarray(0, 1_000)).toEqual(pattern(1_000));
  });

  it('is text: printable ASCII without spaces', () => {
    expect(new Set(pattern(200_000))).toEqual(new Set(Array.from({ length: 90 }, (_, i) => 33 + i)));
    expect(new TextDecoder().decode(pattern(5))).toBe('!"#$%');
  });

  it.each([1, 89, 90, 125, 256, 1_460, 16_384, 65_536, 92_160])(
    'tells a part from the one %i bytes further on',
    (by) => {
      const bytes = pattern(200_000);
      for (const at of [0, 300, 65_000, 100_000]) {
        expect(bytes.subarray(at, at + 300)).not.toEqual(bytes.subarray(at + by, at + by + 300));
      }
    },
  );
});
