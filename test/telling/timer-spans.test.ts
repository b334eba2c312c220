import { describe, expect, it } from 'vitest';
import { TIMERS, type Timer } from '../../machines/shard/vocabulary.js';
import { defaultSpanOf, intervalsInWords } from '../../src/telling/timer-spans.js';

describe('how long a timer takes', () => {
  it.each<[Timer, string]>([
    ['heartbeat', 'one heartbeat interval'],
    ['firstHeartbeat', 'a random part of one heartbeat interval'],
    ['settle', 'one heartbeat interval, 30 s at least'],
  ])('is told in heartbeat intervals: %s', (timer, words) => {
    expect(intervalsInWords(timer)).toBe(words);
  });

  it('is a span where no interval plays a part', () => {
    const others = TIMERS.filter((timer) => intervalsInWords(timer) === null);
    expect(others).toContain('hello');
    expect(others.length).toBeGreaterThan(8);
    for (const timer of others) expect(defaultSpanOf(timer, 20_000)).toEqual(defaultSpanOf(timer, 1_000_000));
  });

  it('is that of the default policy', () => {
    expect([defaultSpanOf('hello'), defaultSpanOf('settle', 60_000), defaultSpanOf('settle', 1_000)]).toEqual([
      [20_000, 20_000],
      [60_000, 60_000],
      [30_000, 30_000],
    ]);
  });
});
