import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { builtCli, eventually, jsonLines, spawnCli } from '../support/cli.js';
import { atMost } from '../support/slowness.js';

// That the demo ends at once on SIGINT is stated in built.core.test.ts.
describe('the process of the command', () => {
  let cli: Awaited<ReturnType<typeof builtCli>>;
  let folder: string;
  beforeAll(async () => {
    cli = await builtCli();
    folder = await mkdtemp(join(tmpdir(), 'bin-'));
  });
  afterAll(async () => {
    await cli.remove();
    await rm(folder, { recursive: true });
  });

  /** What became of a demo that is told twice to end, in one breath. */
  async function interruptedTwice() {
    const demo = spawnCli(cli.bin, ['demo']);
    onTestFinished(() => void demo.child.kill('SIGKILL'));
    await eventually(() => demo.out().includes('→ ready'));
    // Both wait to be read when the process goes on.
    demo.child.kill('SIGSTOP');
    demo.child.kill('SIGINT');
    demo.child.kill('SIGTERM');
    demo.child.kill('SIGCONT');
    return demo.ended;
  }

  it('ends at once at a second signal, and says nothing more', async () => {
    // The kernel may hand over one a moment after the other: then the demo has ended by itself in between.
    let last = await interruptedTwice();
    for (let tries = 1; last.out.includes('Interrupted') && tries < 5; tries += 1) last = await interruptedTwice();
    expect([130, 143]).toContain(last.code); // which of the two is read first is the kernel's choice
    expect(last.out).not.toContain('Interrupted');
  });

  it('ends with the exit code of what it ran, and waits for nothing else', async () => {
    const wrong = spawnCli(cli.bin, ['paths', '--limit', 'few']);
    const [code, signal] = await once(wrong.child, 'exit');
    expect([code, signal]).toEqual([2, null]);
    expect((await wrong.ended).out).toBe('');
  });

  it('ends the demo at once on SIGTERM', async () => {
    const demo = spawnCli(cli.bin, ['demo']);
    await eventually(() => demo.out().includes('→ ready'));
    const began = performance.now();
    demo.child.kill('SIGTERM');
    expect((await demo.ended).code).toBe(143);
    expect(performance.now() - began).toBeLessThan(atMost(1_000));
  });

  it('ends quietly when its reader goes', async () => {
    const demo = spawnCli(cli.bin, ['demo']);
    await eventually(() => demo.out().includes('→ ready'));
    demo.child.stdout?.destroy();
    expect(await demo.ended).toMatchObject({ code: 141, err: '' });
  });

  it('cuts a soak short when interrupted', async () => {
    const soak = spawnCli(cli.bin, ['soak', '--json']);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const began = performance.now();
    soak.child.kill('SIGINT');
    expect((await soak.ended).code).toBe(130);
    expect(performance.now() - began).toBeLessThan(atMost(1_000));
  });

  it('passes a short soak, whose trace replays to the byte', async () => {
    const trace = join(folder, 'soak.jsonl');
    const soak = ['soak', '--disconnects', '30', '--seed', '2', '--record', trace, '--json'];
    const { code, out, err } = await spawnCli(cli.bin, soak).ended;
    const result = jsonLines(out).at(-1);
    expect(result).toMatchObject({ type: 'result', passed: true, lost: 0, unexpected: 0 });
    expect({ code, err }).toEqual({ code: 0, err: '' });

    const replay = await spawnCli(cli.bin, ['replay', trace, '--json']).ended;
    const recorded = (await readFile(trace, 'utf8')).split('\n').filter((line) => line.startsWith('{"type":"step"'));
    const replayed = replay.out.trimEnd().split('\n');
    expect(JSON.parse(replayed.pop() ?? '')).toMatchObject({ type: 'result', same: true });
    expect(replayed).toEqual(recorded);
    expect(recorded.filter((line) => line.includes('"closedForResume"')).length).toBeGreaterThan(10);
  });
});
