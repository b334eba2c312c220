import { describe, expect, it } from 'vitest';
import { realClock, simulatedClock } from '../../src/host/clock.js';
import { clockContract } from '../../src/testing/contracts.js';

describe('real time', () => {
  const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  for (const { name, run } of clockContract(() => ({ clock: realClock(), pass }))) it(name, run);

  it('is that of the wall', () => {
    expect(Math.abs(realClock().now() - Date.now())).toBeLessThan(1000);
  });

  it('stops every timer, so that none keeps the process alive, and runs on', async () => {
    const clock = realClock();
    const fired: string[] = [];
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    clock.setTimeout(() => fired.push('stopped'), 1);
    clock.setTimeout(() => fired.push('stopped'), 60_000);
    expect(timers()).toBe(before + 2);
    clock.stop();
    expect(timers()).toBe(before);
    clock.setTimeout(() => fired.push('later'), 1);
    await pass(10);
    expect(fired).toEqual(['later']);
  });
});

describe('real time, after the event loop was busy', () => {
  const block = (ms: number) => {
    for (const end = performance.now() + ms; performance.now() < end; );
  };
  const timersAfter = async (busy: number, delays: readonly number[]) => {
    const clock = realClock();
    const start = clock.now();
    const fired: { delay: number; at: number }[] = [];
    for (const delay of delays) clock.setTimeout(() => fired.push({ delay, at: clock.now() - start }), delay);
    block(busy);
    while (fired.length < delays.length) await new Promise((resolve) => setTimeout(resolve, 5));
    return fired;
  };

  it('lets a timer wait as long again as it was late, two seconds at most', { timeout: 10_000 }, async () => {
    const [[little], [much]] = [await timersAfter(120, [20]), await timersAfter(2_300, [20])];
    expect(little?.at).toBeGreaterThanOrEqual(2 * 120 - 20 - 2);
    expect(little?.at).toBeLessThan(2 * 120 + 100);
    expect(much?.at).toBeGreaterThanOrEqual(2_300 + 2_000 - 2);
    expect(much?.at).toBeLessThan(2_300 + 2_300);
  });

  it('keeps late timers in order', async () => {
    const delays = [90, 40, 10, 60];
    const fired = await timersAfter(200, delays);
    expect(fired.map(({ delay }) => delay)).toEqual([10, 40, 60, 90]);
  });
});

describe('simulated time', () => {
  const make = () => {
    const clock = simulatedClock();
    return { clock, pass: async (ms: number) => clock.increment(ms) };
  };
  for (const { name, run } of clockContract(make)) it(name, run);

  it('goes from timer to timer, so that each sees its own time', () => {
    const clock = simulatedClock(1000);
    const seen: number[] = [];
    const beat = () => {
      seen.push(clock.now());
      clock.setTimeout(beat, 40);
    };
    clock.setTimeout(beat, 10);
    expect(clock.next).toBe(1010);
    clock.increment(100);
    expect(seen).toEqual([1010, 1050, 1090]);
    expect(clock.now()).toBe(1100);
    expect(clock.next).toBe(1130);
  });

  it('never goes back', () => {
    const clock = simulatedClock();
    clock.set(50);
    expect(() => clock.set(49)).toThrow(RangeError);
    expect(() => clock.increment(-1)).toThrow(RangeError);
    expect(() => clock.increment(Number.NaN)).toThrow(RangeError);
    expect(clock.now()).toBe(50);
  });

  it('goes on after a timer that throws', () => {
    const clock = simulatedClock();
    const seen: number[] = [];
    clock.setTimeout(() => {
      throw new Error('of the timer');
    }, 10);
    clock.setTimeout(() => seen.push(clock.now()), 20);
    expect(() => clock.increment(30)).toThrow('of the timer');
    clock.increment(30);
    expect(seen).toEqual([20]);
  });
});
