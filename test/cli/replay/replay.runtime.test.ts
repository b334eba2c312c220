import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { eventually, jsonLines, run, start } from '../../support/cli.js';
import { atMost } from '../../support/slowness.js';
import { recordedLife } from '../../support/traces.js';
import { interrupted, listen, printed } from '../../support/viewer-page.js';
import { traceOf } from '../../viewer/lives.js';

vi.mock('../../../src/viewer/built.js', async () => (await import('../../support/viewer-page.js')).VIEWER);

const ROOT = join(import.meta.dirname, '../../..');
const folder = await mkdtemp(join(tmpdir(), 'replay-'));
afterAll(() => rm(folder, { recursive: true }));

describe('gatechart replay --view', () => {
  it('tells what came of it, and then shows the recording', async () => {
    const trace = join(folder, 'same.jsonl');
    const lines = await traceOf();
    await writeFile(trace, lines.join('\n'));
    const command = start(['replay', trace, '--view', '--no-open']);
    await eventually(() => command.out().includes('(works once)'));
    expect(command.out()).toMatch(/SAME[\s\S]*The viewer, with \d+ lines: all as recorded\. Ctrl-C ends it/);
    const { received } = await listen(/http:\/\/127\S+/.exec(command.out())?.[0]);
    await eventually(() => received.length === lines.length + 1);
    expect(received.slice(1)).toEqual(lines.map((line) => JSON.parse(line)));
    await interrupted(command);
  });

  it('marks the first difference, right after its line', async () => {
    const trace = join(folder, 'other.jsonl');
    const lines = (await traceOf()).map((line) => line.replace('"closedForResume"', '"closedForIdentify"'));
    await writeFile(trace, lines.join('\n'));
    const command = start(['replay', trace, '--view', '--json']);
    const { url } = await printed(command, 'viewing');
    expect(jsonLines(command.out()).find(({ type }) => type === 'result')).toMatchObject({ same: false });
    const { received, types } = await listen(url);
    await eventually(() => received.length === lines.length + 2);
    const at = types().indexOf('difference');
    expect(received[at - 1]).toMatchObject({ causes: [{ name: 'closedForIdentify' }] });
    expect(received[at]?.says).toEqual(expect.arrayContaining([expect.stringContaining('closedForResume')]));
    await interrupted(command);
  });
});

describe('gatechart replay --emit-test', async () => {
  const cache = join(ROOT, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const suite = await mkdtemp(join(cache, 'gatechart-emitted-'));
  afterAll(() => rm(suite, { recursive: true }));

  const life = await recordedLife();
  const trace = join(folder, 'life.jsonl');
  await writeFile(trace, life.text);

  /** A chart as a user changes it: after 4009 the session is resumed. */
  const mine = join(folder, 'mine.ts');
  await writeFile(
    mine,
    `import { shardMachine } from '${pathToFileURL(join(ROOT, 'machines/index.ts')).href}';
export const myShard = shardMachine.provide({ guards: { demandsIdentify: () => false } });
`,
  );

  it('writes tests that pass as they are, and fail for a chart that does something else', async () => {
    const closed = life.text.split('\n').findIndex((line) => line.includes('"code":4009')) + 1;
    const whole = await run(['replay', trace, '--emit-test', join(suite, 'whole.test.ts')]);
    expect(whole).toMatchObject({ code: 0, err: expect.stringContaining('whole.test.ts is written') });
    await run(['replay', trace, '--emit-test', join(suite, 'part.test.ts'), '--lines', `${closed - 20}-${closed}`]);
    const other = ['replay', trace, '--emit-test', join(suite, 'mine.test.ts'), '--machine', `${mine}#myShard`];
    expect((await run([...other, '--lines', `-${closed}`])).code).toBe(1);

    const part = await readFile(join(suite, 'part.test.ts'), 'utf8');
    expect(part.length).toBeLessThan(16_000);
    expect(part).toContain("import { shardMachine } from 'gatechart/machines';");
    await writeFile(
      join(suite, 'vitest.config.ts'),
      `import base from '${pathToFileURL(join(ROOT, 'vitest.config.ts')).href}';
export default { resolve: base({ mode: 'test' }).resolve, test: { include: ['*.test.ts'], exclude: [], testTimeout: ${atMost(10_000)} } };`,
    );
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [vitest, 'run', '--root', suite, '--reporter', 'json', '--no-isolate', '--no-file-parallelism'],
      { env: { ...process.env, NODE_ENV: 'test' } },
    ).catch((error: { stdout: string }) => error);
    const { testResults } = JSON.parse(stdout) as {
      testResults: { name: string; status: string; assertionResults: { title: string; failureMessages: string[] }[] }[];
    };
    const results = Object.fromEntries(testResults.map((each) => [each.name.replace(/^.*\//, ''), each]));
    expect(results['whole.test.ts']?.assertionResults.flatMap(({ failureMessages }) => failureMessages)).toEqual([]);
    expect(results).toMatchObject({
      'whole.test.ts': { status: 'passed', assertionResults: [{ title: `takes the steps of ${trace}` }] },
      'part.test.ts': { status: 'passed' },
      'mine.test.ts': { status: 'failed' },
    });
    expect(results['mine.test.ts']?.assertionResults[0]?.failureMessages.join()).toContain('closedForResume');
  });
});
