import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../support/cli.js';

const folder = await mkdtemp(join(tmpdir(), 'vectors-'));
const file = join(folder, 'shard.json');
afterAll(() => rm(folder, { recursive: true }));

describe('gatechart vectors', () => {
  it('writes what vectors/ holds, and finds it up to date', async () => {
    expect((await run(['vectors', '--out', folder])).code).toBe(0);
    const shipped = await readFile(new URL('../../vectors/shard.json', import.meta.url), 'utf8');
    expect((await readFile(file, 'utf8')) === shipped).toBe(true);
    expect(await run(['vectors', '--check', '--out', folder])).toMatchObject({ code: 0 });
  });

  it('fails with --check when the file is another one, or is not there', async () => {
    await writeFile(file, '{}');
    const { code, out } = await run(['vectors', '--check', '--out', folder]);
    expect(code).toBe(1);
    expect(out).toContain('run `gatechart vectors`');
    expect((await run(['vectors', '--check', '--out', join(folder, 'nowhere')])).code).toBe(1);
  });
});

describe('gatechart paths --format mermaid', () => {
  it('draws paths as sequence diagrams', async () => {
    const { out } = await run(['paths', '--criterion', 'states', '--format', 'mermaid', '--limit', '3']);
    expect(out.match(/^```mermaid$/gm)).toHaveLength(3);
    expect(out).toContain('  world->>shard: start\n  Note over shard: start was ordered\n');
    expect(out).toContain('  shard->>world: openSocket connection 1 url "wss://gateway.discord.gg"\n');
  });
});
