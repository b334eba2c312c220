/** What `gatechart diagram` lays out itself: ELK is too large for a unit test to load. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { shardMachine } from '../../../machines/index.js';
import { mermaid, SHARD_LAYOUTS, svg } from '../../../src/diagram/index.js';
import { run } from '../../support/cli.js';

const folder = await mkdtemp(join(tmpdir(), 'diagram-'));
afterAll(() => rm(folder, { recursive: true }));
const PATH = 'start > located > opened > hello';

describe('gatechart diagram', () => {
  it('draws any part, and any chart', async () => {
    const part = await run(['diagram', '--only', 'running.connection.closing', '--fold', 'running.connection.open']);
    expect(part.code).toBe(0);
    expect(part.out).toContain('data-state="shard.running.connection.closing.failing"');
    const file = join(folder, 'mine.ts');
    const machines = pathToFileURL(join(import.meta.dirname, '../../../machines/index.ts')).href;
    await writeFile(
      file,
      `import { shardMachine } from '${machines}';\nexport const mine = shardMachine.provide({});\n`,
    );
    const mine = ['diagram', '--machine', `${file}#mine`];
    expect((await run([...mine, '--format', 'mermaid'])).out).toBe(`${mermaid(shardMachine, { title: 'shard' })}\n`);
    expect((await run([...mine, '--path', PATH])).out).toContain('<g class="step">');
    expect((await run([...mine, '--view', 'heartbeat'])).out).toBe(svg(SHARD_LAYOUTS.heartbeat));
  });
});
