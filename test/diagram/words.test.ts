import { describe, expect, it } from 'vitest';
import type { PlacedState } from '../../src/diagram/placed.js';
import { besideArrows, overlap, runsThrough, wordsOf } from '../../src/diagram/words.js';

const BOX: PlacedState = {
  id: 'a',
  parent: null,
  kind: 'composite',
  title: 'abc',
  lines: ['entry / x'],
  rows: [],
  x: 0,
  y: 0,
  w: 200,
  h: 100,
};
const down = (x: number) => ({
  points: [
    [x, -10],
    [x, 90],
  ] as const,
});

describe('the words of a state', () => {
  it('stand at the top left of a box, and in the middle of a state', () => {
    expect(wordsOf(BOX).map(({ text, x, y }) => [text, x, y])).toEqual([
      ['abc', 12, 16],
      ['entry / x', 12, 40],
    ]);
    expect(wordsOf({ ...BOX, kind: 'state', lines: [] })).toEqual([
      { text: 'abc', x: 100, y: 50, area: { x: 100 - 13.35, y: 43, w: 26.700000000000003, h: 14 } },
    ]);
  });

  it('go aside for an arrow into a box, as far as the box goes', () => {
    expect(besideArrows(BOX, [down(150)])).toBe(BOX);
    expect(besideArrows(BOX, [down(30)]).indent).toBe(24);
    expect(besideArrows(BOX, [down(30), down(90), down(150)])).toBe(BOX);
    expect(besideArrows({ ...BOX, kind: 'state' }, [down(100)]).indent).toBeUndefined();
  });

  it('go aside for a label too', () => {
    const label = { x: 20, y: 10, w: 30, h: 16, lines: ['x'] };
    expect(besideArrows(BOX, [{ points: [], label }]).indent).toBe(48);
  });
});

describe('an arrow', () => {
  const area = { x: 10, y: 10, w: 10, h: 10 };
  it.each([
    [
      [
        [0, 15],
        [30, 15],
      ],
      true,
    ],
    [
      [
        [15, 0],
        [15, 30],
      ],
      true,
    ],
    [
      [
        [15, 0],
        [15, 9],
      ],
      false,
    ],
    [
      [
        [0, 20],
        [30, 20],
      ],
      false,
    ],
    [
      [
        [20, 0],
        [20, 30],
      ],
      false,
    ],
    [
      [
        [0, 0],
        [0, 15],
        [15, 15],
      ],
      true,
    ],
    [[], false],
  ] as const)('%j runs through an area: %s', (points, isThrough) =>
    expect(runsThrough({ points }, area)).toBe(isThrough),
  );

  it('shares with another area what lies in both', () => {
    expect(overlap(area, { x: 19, y: 19, w: 5, h: 5 })).toBe(true);
    expect(overlap(area, { x: 20, y: 19, w: 5, h: 5 })).toBe(false);
  });
});
