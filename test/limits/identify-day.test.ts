/** The budget of a day: worked out by hand, for days that are told of and days that are not. */
import { describe, expect, it } from 'vitest';
import { IdentifyDay } from '../../src/limits/identify-day.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Identifies once a minute from then on; when the last was sent. */
function send(day: IdentifyDay, count: number, from = 0): number {
  for (let i = 0; i < count; i += 1) day.take(from + i * 60_000);
  return from + (count - 1) * 60_000;
}

describe('a day that nobody tells of', () => {
  it('has a thousand identifies in any 24 hours, of which two hundred are for orders', () => {
    const day = new IdentifyDay();
    expect([day.left(0, false), day.left(0, true), day.reserve]).toEqual([800, 1_000, 200]);
    const now = send(day, 1_000);
    expect([day.left(now, false), day.left(now, true)]).toEqual([-200, 0]);
    expect([day.wait(now, true), day.wait(now, false)]).toEqual([DAY - now, DAY + 200 * 60_000 - now]);
    expect([day.left(DAY - 1, true), day.left(DAY, true)]).toEqual([0, 1]);
    expect(day.left(DAY + 199 * 60_000, false)).toBe(0);
    expect(day.left(DAY + 200 * 60_000, false)).toBe(1);
  });

  it('counts those of an earlier process, in the order of their times', () => {
    const day = new IdentifyDay();
    day.take(HOUR);
    for (let i = 0; i < 799; i += 1) day.remember(i);
    expect([day.left(HOUR, false), day.wait(HOUR, false)]).toEqual([0, DAY - HOUR]);
    expect(day.left(DAY, false)).toBe(1);
    expect(day.left(DAY + 798, false)).toBe(799);
    expect(day.left(DAY + HOUR, false)).toBe(800);
  });
});

describe('a day that Discord tells of', () => {
  const tell = (day: IdentifyDay, remaining: number, resetAfter: number, now = 0, total = 1_000) =>
    day.tell({ total, remaining, resetAfter }, now);

  it('has what is left of it until it ends, and then all, in any 24 hours', () => {
    const day = new IdentifyDay();
    tell(day, 300, HOUR);
    expect([day.left(0, false), day.left(0, true)]).toEqual([100, 300]);
    send(day, 2);
    expect([day.left(HOUR - 1, false), day.wait(HOUR - 1, false)]).toEqual([98, 1]);
    expect(day.left(HOUR, false)).toBe(800);
    const now = send(day, 800, HOUR);
    expect([day.left(now, false), day.wait(now, false)]).toEqual([0, HOUR + DAY - now]);
  });

  it('keeps what was sent in the moment of its end for the day that follows', () => {
    const day = new IdentifyDay();
    tell(day, 300, HOUR);
    day.take(HOUR - 1);
    day.take(HOUR + 1);
    expect(day.left(HOUR + 1, false)).toBe(799);
  });

  it('begins with the next identify where nothing was used of it', () => {
    const day = new IdentifyDay();
    tell(day, 1_000, 0);
    expect([day.left(5 * HOUR, true), day.wait(5 * HOUR, true)]).toEqual([1_000, DAY]);
    send(day, 1, 5 * HOUR);
    expect([day.left(6 * HOUR, true), day.wait(6 * HOUR, true)]).toEqual([999, DAY - HOUR]);
    send(day, 1, 6 * HOUR);
    expect(day.wait(6 * HOUR, true)).toBe(DAY - HOUR);
  });

  it('takes another total, and a reserve of that', () => {
    const day = new IdentifyDay();
    tell(day, 2_000, HOUR, 0, 2_004);
    expect([day.reserve, day.left(0, false)]).toEqual([400, 1_600]);
    expect(day.left(HOUR, true)).toBe(2_004);
  });

  it('may not have counted what was sent two seconds before it was told', () => {
    const day = new IdentifyDay();
    for (const at of [7_999, 8_000, 8_001, 10_000]) day.take(at);
    tell(day, 500, HOUR, 10_000);
    expect(day.left(10_000, true)).toBe(498);
  });

  it('has counted what earlier processes sent', () => {
    const day = new IdentifyDay();
    tell(day, 500, HOUR);
    day.remember(-HOUR);
    expect(day.left(0, true)).toBe(500);
  });
});
