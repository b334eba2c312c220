import { describe, expect, it } from 'vitest';
import { run, start } from '../support/cli.js';

describe('gatechart explore', { timeout: 60_000 }, () => {
  it('explores both charts together, and prints what it did and what holds', async () => {
    const { code, out, err } = await run(['explore', '--no-faults']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('at most 1 message in flight, without faults');
    expect(out).toMatch(/states {2,}[\d,]+\n {2}transitions/);
    expect(out).toMatch(/states met and not explored +0\n/);
    expect(out).toContain('holds   No dispatch is lost while its session lives (gateway#resuming)');
    expect(out.trimEnd().split('\n').at(-1)).toBe('No counterexample');
  });

  it('prints one line of JSON with --json', async () => {
    const { code, out } = await run(['explore', '--no-faults', '--messages', '2', '--json']);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({ messages: 2, faults: false, complete: true, counterexamples: [] });
    expect(code).toBe(0);
  });

  it('says what it leaves open where the limit is too low', async () => {
    const { code, out } = await run(['explore', '--limit', '1000']);
    expect(out).toContain('Not complete: progress is not judged.');
    expect(out).toMatch(/^open {4}From every state/m);
    expect(code).toBe(0);
  });

  it('ends when interrupted', async () => {
    const running = start(['explore', '--messages', '3']);
    setTimeout(() => running.interrupt(), 50);
    expect((await running.ended).code).toBe(130);
  });

  it('refuses more than three messages', async () => {
    const { code, err } = await run(['explore', '--messages', '4']);
    expect(err).toContain('Write a whole number from 1 to 3.');
    expect(code).toBe(2);
  });
});
