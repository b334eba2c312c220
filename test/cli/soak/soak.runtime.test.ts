import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { builtCli, eventually, spawnCli } from '../../support/cli.js';

// It runs as a process of its own, since it changes how V8 compiles; its counts are stated in bin.runtime.test.ts.
describe('gatechart soak', () => {
  let cli: Awaited<ReturnType<typeof builtCli>>;
  beforeAll(async () => {
    cli = await builtCli();
  });
  afterAll(() => cli.remove());

  it('says what it does, how each loss went, and what it checked', async () => {
    const { code, out, err } = await spawnCli(cli.bin, ['soak', '--disconnects', '3', '--seed', '2']).ended;
    expect({ code, err }, out).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^3 disconnects of random kinds \(seed 2\), on real sockets/);
    expect(out).toMatch(/^\d of 3 disconnects, [\d,]+ dispatches received$/m);
    const [, rows = ''] = /what happened +times +back after, ms\n.*\n((?: {2}.*\n)+)/.exec(out) ?? [];
    const times = [...rows.matchAll(/ +(\d+) +\d+$/gm)].map(([, count]) => Number(count));
    // One loss may be of several disconnects.
    expect([1, 2, 3]).toContain(times.reduce((sum, count) => sum + count, 0));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(
      [...out.matchAll(/^ {2}(PASS|FAIL) {2}(\S.*?) {2,}(.*)$/gm)].map(([, verdict, name]) => [verdict, name]),
    ).toEqual(['recovery', 'none lost', 'none twice', 'heap', 'nothing left'].map((name) => ['PASS', name]));
    expect(out).toContain('not judged: that takes at least 200 disconnects');
    expect(out.trimEnd().split('\n').at(-1)).toBe('PASS');
  });

  it('checks nothing when it is interrupted', async () => {
    const soak = spawnCli(cli.bin, ['soak']);
    onTestFinished(() => void soak.child.kill('SIGKILL'));
    await eventually(() => soak.out().includes('on real sockets'));
    soak.child.kill('SIGINT');
    const { code, out } = await soak.ended;
    expect(code).toBe(130);
    expect(out).not.toMatch(/PASS|FAIL/);
  });

  it('refuses a file that cannot be written before anything starts', async () => {
    const { code, out, err } = await spawnCli(cli.bin, ['soak', '--record', '/nowhere/at/all.jsonl']).ended;
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('--record: /nowhere/at/all.jsonl cannot be written: ENOENT');
  });
});
