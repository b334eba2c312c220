import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, pure, shardMachine } from '../../../machines/index.js';
import { GATEWAY_VIEWS, json, SHARD_LAYOUTS, SHARD_VIEWS, svg } from '../../../src/diagram/index.js';
import { run } from '../../support/cli.js';

const folder = await mkdtemp(join(tmpdir(), 'diagram-'));
afterAll(() => rm(folder, { recursive: true }));
const PATH = 'start > located > opened > hello';

describe('gatechart diagram', () => {
  it('draws the overview of the shard chart as SVG, unless told otherwise', async () => {
    const { code, out } = await run(['diagram']);
    expect(code).toBe(0);
    expect(out).toBe(svg(SHARD_LAYOUTS.overview));
    expect((await run(['diagram', 'shard', '--view', 'session', '--theme', 'dark'])).out).toBe(
      svg(SHARD_LAYOUTS.session, { theme: 'dark' }),
    );
  });

  it.each([
    ...Object.keys(SHARD_VIEWS).map((view) => ['shard', view]),
    ...Object.keys(GATEWAY_VIEWS).map((view) => ['gateway', view]),
  ])('draws the %s chart, view %s', async (chart = '', view = '') => {
    const { code, out } = await run(['diagram', chart, '--view', view]);
    expect(code).toBe(0);
    expect(out).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect((await run(['diagram', chart, '--view', view, '--format', 'mermaid'])).out).toMatch(/stateDiagram-v2\n/);
  });

  it('writes no picture of a kind that it cannot draw', async () => {
    const file = join(folder, 'chart.png');
    expect(await run(['diagram', '--out', file])).toMatchObject({
      code: 2,
      err: `gatechart: --out: ${file} would not hold what its name says: name a .svg, .mmd, .md or .json\n`,
    });
  });

  it('writes to a file what its name says', async () => {
    for (const [name, wanted] of [
      ['chart.svg', /^<svg /],
      ['chart.json', /^\{\n {2}"id": "shard"/],
      ['chart.mmd', /stateDiagram-v2\n/],
    ] as const) {
      const file = join(folder, name);
      expect(await run(['diagram', '--out', file])).toMatchObject({ code: 0, out: `wrote ${file}\n` });
      expect(await readFile(file, 'utf8')).toMatch(wanted);
    }
    expect((await run(['diagram', '--format', 'json'])).out).toBe(json(shardMachine));
  });

  it('numbers the steps of a path, and shows where it ends', async () => {
    const { out } = await run(['diagram', '--path', PATH]);
    expect(out).toMatch(/data-state="shard\.running\.connection\.open"/);
    expect([...out.matchAll(/<g class="step">.*?>([\d, ]+)<\/text>/g)].map(([, text]) => text)).toEqual([
      '1',
      '1',
      '2',
      '4',
      '3',
    ]);
    expect(out).toMatch(/<g class="state state simple active" data-state="shard\.running\.connection\.open"/);
    const text = (await run(['diagram', '--path', PATH, '--format', 'mermaid'])).out;
    expect(text).toContain('reaching --> open : (4) hello');
  });

  it('numbers the steps of a recorded run', async () => {
    const { snapshot } = pure(shardMachine).initial({ policy: DEFAULT_POLICY });
    const { value, context } = snapshot;
    const lines = [
      { type: 'header', format: 1, chart: 'shard', at: 0 },
      { type: 'header', format: 1, chart: 'gateway', at: 0, actor: 'gateway' },
      { type: 'checkpoint', state: 'stopped', snapshot: { value, context }, timers: {}, at: 0 },
      { type: 'step', event: { type: 'start' }, from: 'stopped', to: 'running.locating', at: 1 },
      { type: 'frame', at: 1, direction: 'in', connection: 1, op: 10, bytes: 1 },
      { type: 'step', event: { type: 'heartbeatAck', connection: 0 }, from: 'running.locating', at: 2 },
      { type: 'step', event: { type: 'timer.locate' }, from: 'running.locating', to: 'running.waiting', at: 3 },
    ];
    const file = join(folder, 'run.jsonl');
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { code, out } = await run(['diagram', '--path', file]);
    expect(code).toBe(0);
    expect([...out.matchAll(/<g class="step">.*?>([\d, ]+)<\/text>/g)].map(([, text]) => text)).toEqual([
      '1',
      '1',
      '2',
    ]);
    expect(await run(['diagram', 'gateway', '--path', file])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no trace of the chart gateway'),
    });
  });

  it.each([
    ['a view', ['--view', 'none'], 'There is no view none. There are: overview, reaching'],
    ['a state', ['--only', 'open'], 'has no state open; perhaps running.connection.open?'],
    ['a path', ['--path', 'start > hello'], 'Step 2, "hello", leads nowhere from running.locating'],
    ['a file', ['--path', '/nowhere/run.jsonl'], 'there is no file /nowhere/run.jsonl'],
    ['a picture of JSON', ['--format', 'json', '--view', 'open'], '--view is for pictures'],
    ['both a view and a part', ['--view', 'open', '--only', 'stopped'], 'leave it out, or them'],
  ])('says what is wrong with %s', async (_, args, message) => {
    const { code, err } = await run(['diagram', ...args]);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
