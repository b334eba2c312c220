import { describe, expect, it } from 'vitest';
import { GrowingBytes, joined } from '../../src/wire/bytes.js';

describe('joined', () => {
  it('gives a single piece as it is and several as one', () => {
    const piece = Uint8Array.of(1, 2);
    expect(joined([piece])).toBe(piece);
    expect(joined([piece, Uint8Array.of(3)])).toEqual(Uint8Array.of(1, 2, 3));
    expect(joined([])).toEqual(new Uint8Array(0));
  });
});

describe('growing bytes', () => {
  it('hold what was added, in order, until it is taken', () => {
    const bytes = new GrowingBytes();
    for (let n = 0; n < 100; n += 1) bytes.add(Uint8Array.of(n));
    expect(bytes.length).toBe(100);
    expect(bytes.take()).toEqual(Uint8Array.from({ length: 100 }, (_, n) => n));
    expect(bytes.length).toBe(0);
    expect(bytes.take()).toEqual(new Uint8Array(0));
  });

  it('hold the bytes of a piece and not the piece, whose memory may be used again', () => {
    const bytes = new GrowingBytes();
    const piece = Uint8Array.of(1, 2);
    bytes.add(piece);
    piece.fill(9);
    bytes.add(piece);
    expect(bytes.take()).toEqual(Uint8Array.of(1, 2, 9, 9));
  });
});
