import { describe, expect, it } from 'vitest';
import type { Move } from '../../src/rates/classes.js';
import { after, afterAnyTime, Frontier, isAsEarly } from '../../src/rates/times.js';

const move = (timer: number, keeps: readonly number[], delays: readonly number[]) => ({ timer, keeps, delays }) as Move;

describe('the earliest moment after a move', () => {
  const begin = { at: 10, ready: [30, 5] };

  it('is at once for a message, and when it may run out for a timer', () => {
    expect(after(begin, move(-1, [0, 1], [0, 0]))).toEqual({ at: 10, ready: [30, 5] });
    expect(after(begin, move(0, [1], [0]))).toEqual({ at: 30, ready: [5] });
    expect(after(begin, move(1, [0], [0]))).toEqual({ at: 10, ready: [30] }); // it had run out before
  });

  it('begins new timers from there, and keeps the others', () => {
    expect(after(begin, move(0, [-1, 1], [7, 0]))).toEqual({ at: 30, ready: [37, 5] });
  });

  it('comes no earlier than it is allowed to', () => {
    expect(after(begin, move(-1, [0, -1], [0, 2]), 40)).toEqual({ at: 40, ready: [30, 42] });
  });

  it('finds all that ran before run out, where anybody may have waited', () => {
    expect(afterAnyTime(move(0, [-1, 1], [7, 0]))).toEqual({ at: 0, ready: [7, 0] });
  });
});

describe('what is kept of many moments', () => {
  it('is what is earlier in something than all others', () => {
    const frontier = new Frontier();
    const [early, other, late] = [
      { at: 1, ready: [9] },
      { at: 2, ready: [5] },
      { at: 2, ready: [9] },
    ];
    expect([early, other, late].map((each) => frontier.add('here', each))).toEqual([true, true, false]);
    expect(frontier.add('there', late)).toBe(true);
    expect(frontier.size).toBe(3);
    const best = { at: 0, ready: [0] };
    expect(frontier.add('here', best)).toBe(true);
    expect([early, best].map((each) => frontier.has('here', each))).toEqual([false, true]);
    expect(frontier.size).toBe(2);
  });

  it('does not tell apart timers that have run out', () => {
    expect(isAsEarly({ at: 5, ready: [4] }, { at: 5, ready: [2] })).toBe(true);
    expect(isAsEarly({ at: 5, ready: [6] }, { at: 5, ready: [2] })).toBe(false);
    expect(isAsEarly({ at: 6, ready: [0] }, { at: 5, ready: [2] })).toBe(false);
  });
});
