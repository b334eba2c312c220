import { describe, expect, it } from 'vitest';
import { run } from '../../support/cli.js';

describe('gatechart explore', () => {
  it('fails where the limit is too low, and says what it leaves open', async () => {
    const { code, out } = await run(['explore', '--limit', '100']);
    expect(out).toContain('Not complete: what was not explored may still break a property');
    expect(out).toMatch(/^open {4}From every state/m);
    expect(out.trimEnd().split('\n').at(-1)).toBe('No counterexample so far');
    expect(code).toBe(1);
    expect((await run(['explore', '--help'])).out).toMatch(/exit code 1 unless\s+it was all/);
  });

  it('refuses more than three messages', async () => {
    const { code, err } = await run(['explore', '--messages', '4']);
    expect(err).toContain('Write a whole number from 1 to 3.');
    expect(code).toBe(2);
  });
});
