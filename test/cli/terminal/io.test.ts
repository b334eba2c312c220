import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { complain, Interruption, interruption, sleep, UsageError } from '../../../src/cli/terminal/io.js';
import { keptIo } from '../../support/io.js';

/** Whether a promise has been settled, once those that wait for nothing have run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.finally(() => {
    settled = true;
  });
  for (let i = 0; i < 5; i += 1) await null;
  return settled;
}

describe('an interruption', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGPIPE', 141],
    ['SIGTERM', 143],
  ] as const)('by %s has the exit code %d: 128 and the number of the signal', (signal, exitCode) => {
    const error = new Interruption(signal);
    expect(error).toMatchObject({ name: 'Interruption', message: `interrupted by ${signal}`, signal, exitCode });
    expect(error).toBeInstanceOf(Error);
  });
});

describe('a usage error', () => {
  it('is known by its name and holds the message as it is', () => {
    expect(new UsageError('write --resume FILE')).toMatchObject({ name: 'UsageError', message: 'write --resume FILE' });
  });
});

describe('sleeping', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('takes as long as it is asked to, and leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    const sleeping = sleep(1_000, signal);
    vi.advanceTimersByTime(999);
    expect(await isSettled(sleeping)).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await isSettled(sleeping)).toBe(true);
    expect(removed).toHaveBeenCalledOnce();
  });

  it('ends at once when it is interrupted, and leaves no timer', async () => {
    const interrupted = new AbortController();
    const sleeping = sleep(1_000, interrupted.signal);
    interrupted.abort(new Interruption('SIGINT'));
    await expect(sleeping).resolves.toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin after an interruption', async () => {
    await expect(sleep(1_000, AbortSignal.abort())).resolves.toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('waiting for the interruption', () => {
  it('goes on until then', async () => {
    const interrupted = new AbortController();
    const waiting = interruption(interrupted.signal);
    expect(await isSettled(waiting)).toBe(false);
    interrupted.abort(new Interruption('SIGTERM'));
    await expect(waiting).resolves.toBeUndefined();
  });

  it('is over at once when that was before', async () => {
    await expect(interruption(AbortSignal.abort())).resolves.toBeUndefined();
  });
});

describe('a complaint', () => {
  it.each([
    [new Error('no \u001b[31mred\n  and more'), 'gatechart: no \u00b7[31mred\n  and more\n'],
    [{ toString: 1 }, 'gatechart: something that is no error\n'],
  ])('is told in lines that a terminal does not obey (%#)', (error, told) => {
    const { io, written } = keptIo();
    complain(io, error);
    expect(written).toEqual({ out: '', err: told });
  });
});
