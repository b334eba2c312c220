import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../support/cli.js';

const folder = await mkdtemp(join(tmpdir(), 'vectors-'));
const file = join(folder, 'shard.json');
afterAll(() => rm(folder, { recursive: true }));

describe('gatechart vectors', () => {
  it('writes what vectors/ holds, and finds it up to date', async () => {
    const { code, out } = await run(['vectors', '--out', folder]);
    expect(code).toBe(0);
    expect(out).toMatch(/^[\d,]+ vectors of the shard chart in .*shard\.json, [\d,]+ kB$/m);
    for (const name of ['shard.json', 'shard-other-policy.json', 'gateway.json']) {
      const shipped = await readFile(new URL(`../../../vectors/${name}`, import.meta.url), 'utf8');
      expect((await readFile(join(folder, name), 'utf8')) === shipped, name).toBe(true);
    }
    expect(await run(['vectors', '--check', '--out', folder])).toMatchObject({ code: 0 });
  });

  it('fails with --check when a file is another one, or is not there', async () => {
    await writeFile(file, '{}');
    const { code, out } = await run(['vectors', '--check', '--out', folder]);
    expect(code).toBe(1);
    expect(out).toContain(`shard.json is not what the chart says: run \`gatechart vectors --out ${folder}\``);
    expect(out).toContain('gateway.json is up to date');
    expect(await run(['vectors', '--check', '--chart', 'gateway', '--out', folder])).toMatchObject({ code: 0 });
    const nowhere = await run(['vectors', '--check', '--out', join(folder, 'nowhere')]);
    expect(nowhere.code).toBe(1);
    expect(nowhere.out).toContain(`there is no file ${join(folder, 'nowhere', 'shard.json')}: run`);
  });

  it('writes the faults of the Gateway only if told, and knows that a shard has none', async () => {
    const { out } = await run(['vectors', '--chart', 'gateway', '--faults', '--out', folder]);
    expect(out).toMatch(/^[\d,]+ vectors of the Gateway chart in .*gateway-with-faults\.json/);
    const { stimuli } = JSON.parse(await readFile(join(folder, 'gateway-with-faults.json'), 'utf8'));
    expect(stimuli.some(({ event }: { event?: { type: string } }) => event?.type === 'fault.swallowAcks')).toBe(true);
    const { code, err } = await run(['vectors', '--faults', '--out', folder]);
    expect([code, err]).toEqual([2, 'gatechart: only the Gateway has faults: write --chart gateway --faults\n']);
  });

  it('shows on stderr how far it is', async () => {
    const { err } = await run(['vectors', '--check', '--chart', 'gateway'], {}, {});
    expect(err).toContain('exploring the Gateway chart without its faults …');
  });
});
