import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { CHAPTERS } from '../../src/cli/demo/chapters.js';
import { builtCli, eventually, jsonLines, spawnCli } from '../support/cli.js';
import { atMost } from '../support/slowness.js';

describe('the built command', () => {
  let cli: Awaited<ReturnType<typeof builtCli>>;
  let folder: string;
  beforeAll(async () => {
    cli = await builtCli();
    folder = await mkdtemp(join(tmpdir(), 'built-'));
  });
  afterAll(async () => {
    await cli.remove();
    await rm(folder, { recursive: true });
  });

  it('knows its version', async () => {
    expect(await spawnCli(cli.bin, ['--version']).ended).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
  });

  it('refuses to run a shard without a token, with exit code 2', async () => {
    const { code, err } = await spawnCli(cli.bin, ['run']).ended;
    expect(code).toBe(2);
    expect(err).toContain('DISCORD_TOKEN');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends the demo at once on %s', async (signal, exitCode) => {
    const demo = spawnCli(cli.bin, ['demo']);
    await eventually(() => demo.out().includes('→ ready'));
    const began = performance.now();
    demo.child.kill(signal);
    expect((await demo.ended).code).toBe(exitCode);
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

  describe.concurrent('waiting most of the time', () => {
    it('passes the demo, without colours in a pipe', async () => {
      const trace = join(folder, 'demo.jsonl');
      const { code, out, err } = await spawnCli(cli.bin, ['demo', '--record', trace], { FORCE_COLOR: '' }).ended;
      expect({ code, err }).toEqual({ code: 0, err: '' });
      for (const { title } of CHAPTERS) expect(out).toContain(title);
      expect(out).not.toContain('\u001b');
      expect(await spawnCli(cli.bin, ['replay', trace]).ended).toMatchObject({
        code: 0,
        out: expect.stringMatching(/4014 Disallowed intent\(s\)[\s\S]*SAME/),
      });
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
});
