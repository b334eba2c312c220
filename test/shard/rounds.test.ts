import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/ports/clock.js';
import { everySecond } from '../../src/shard/rounds.js';

describe('rounds', () => {
  it('call all that share a place in one go, once a second, until they leave', () => {
    const clock = simulatedClock();
    const [here, there] = [{}, {}];
    const calls: string[] = [];
    const note = (name: string) => () => void calls.push(`${name} ${clock.now()}`);
    const leave = ['a', 'b'].map((name) => everySecond(clock, here, note(name)));
    clock.increment(500);
    everySecond(clock, there, note('c'));
    clock.increment(1_000);
    expect(calls).toEqual(['a 1000', 'b 1000', 'c 1500']);
    leave[0]?.();
    leave[0]?.();
    clock.increment(500);
    expect(calls.slice(3)).toEqual(['b 2000']);
  });

  it('leave no timer when nobody takes part, and begin again with the next', () => {
    const clock = simulatedClock();
    const place = {};
    everySecond(clock, place, () => {})();
    expect(clock.next).toBeUndefined();
    clock.increment(700);
    everySecond(clock, place, () => {});
    expect(clock.next).toBe(1_700);
  });

  it('go on where one leaves in the middle of a round', () => {
    const clock = simulatedClock();
    const place = {};
    const calls: string[] = [];
    const leave = everySecond(clock, place, () => {
      calls.push('a');
      leave();
    });
    clock.increment(3_000);
    expect([calls, clock.next]).toEqual([['a'], undefined]);
  });

  it('are of one clock each', () => {
    const [one, other] = [simulatedClock(), simulatedClock()];
    const place = {};
    everySecond(one, place, () => {});
    everySecond(other, place, () => {});
    expect([one.next, other.next]).toEqual([1_000, 1_000]);
  });
});
