import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { CHAPTERS } from '../../src/cli/demo/chapters.js';
import { builtCli, eventually, spawnCli } from '../support/cli.js';
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

  it('ends the demo at once on SIGINT', async () => {
    const demo = spawnCli(cli.bin, ['demo']);
    await eventually(() => demo.out().includes('→ ready'));
    const began = performance.now();
    demo.child.kill('SIGINT');
    expect((await demo.ended).code).toBe(130);
    expect(performance.now() - began).toBeLessThan(atMost(1_000));
  });

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
});
