import { describe, expect, it } from 'vitest';
import { clockContract } from '../../src/contracts/index.js';
import { realClock } from '../../src/ports/clock.js';
import { itKeeps } from '../support/claims.js';
import { watchLateness } from '../support/slowness.js';

describe('real time', () => {
  const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  itKeeps(clockContract(() => ({ clock: realClock(), pass })));

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
    await expect.poll(() => fired).toEqual(['later']);
  });
});

describe('real time, after the event loop was busy', () => {
  const block = (ms: number) => {
    for (const end = performance.now() + ms; performance.now() < end; );
  };
  /** When timers fired, how long the event loop was busy before that, and how late timers ran after it, all in ms. */
  const timersAfter = async (busy: number, delays: readonly number[]) => {
    const clock = realClock();
    const start = clock.now();
    const fired: { delay: number; at: number }[] = [];
    for (const delay of delays) clock.setTimeout(() => fired.push({ delay, at: clock.now() - start }), delay);
    block(busy);
    const blocked = clock.now() - start;
    const worstLateness = watchLateness();
    while (fired.length < delays.length) await new Promise((resolve) => setTimeout(resolve, 5));
    return { fired, blocked, lateness: worstLateness() };
  };

  it.each([
    ['as long again as it was late', 120, (late: number) => late],
    ['two seconds at most', 2_300, () => 2_000],
  ])('lets a timer wait %s', async (_, busy, again) => {
    const { fired, blocked, lateness } = await timersAfter(busy, [20]);
    const due = blocked + again(blocked - 20);
    expect(fired[0]?.at).toBeGreaterThanOrEqual(due - 2);
    expect(fired[0]?.at).toBeLessThan(due + 50 + 2 * lateness);
  });

  it('keeps late timers in order', async () => {
    const delays = [90, 40, 10, 60];
    const { fired } = await timersAfter(200, delays);
    expect(fired.map(({ delay }) => delay)).toEqual([10, 40, 60, 90]);
  });
});
