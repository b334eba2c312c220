import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { jsonLines, run } from '../../support/cli.js';
import { recordedLife } from '../../support/traces.js';

const ROOT = join(import.meta.dirname, '../../..');
const folder = await mkdtemp(join(tmpdir(), 'replay-'));
afterAll(() => rm(folder, { recursive: true }));

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

describe('gatechart replay', () => {
  it('tells what happened, and that the chart still does the same', async () => {
    const { code, out, err } = await run(['replay', trace]);
    expect(out).toMatch(/^shard 0 of 1, recorded on \S+ by gatechart \S+\n/);
    expect(out).toMatch(/ 0\.00 {2}→ locating +start was ordered/);
    expect(out).toContain('4009');
    expect(out).not.toContain('heartbeat');
    expect(out).toMatch(
      /SAME {2}[\d,]+ lines, [\d,]+ steps, [\d,]+ transitions in 7\d\.\d s: all as recorded, to the byte\n$/,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('tells every heartbeat, burst and clause with --verbose, and only some lines with --lines', async () => {
    const { out } = await run(['replay', trace, '--verbose', '--lines', '3-40']);
    expect(out).toContain('[gateway#sending-heartbeats]');
    expect(out).toContain('MESSAGE_CREATE 1');
    expect(out).not.toContain('4009');
    expect(out).toContain('SAME');
  });

  it('prints the steps to the byte with --json, and what came of it', async () => {
    const { code, out } = await run(['replay', trace, '--json']);
    const recorded = life.text.split('\n').filter((line) => line.startsWith('{"type":"step"'));
    expect(out.split('\n').slice(0, recorded.length)).toEqual(recorded);
    expect(jsonLines(out).at(-1)).toMatchObject({
      type: 'result',
      same: true,
      steps: recorded.length,
      difference: null,
    });
    expect(code).toBe(0);
  });

  it('draws a sequence diagram', async () => {
    const { code, out, err } = await run(['replay', trace, '--format', 'mermaid']);
    expect(out).toMatch(/^sequenceDiagram\n {2}participant shard\n {2}participant Gateway\n/);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('shows where a chart of the user first does something else, with both causes', async () => {
    const { code, out } = await run(['replay', trace, '--machine', `${mine}#myShard`]);
    expect(out).toMatch(
      /DIFFERENT after [\d,]+ steps that are as recorded\n.*life\.jsonl, line \d+: the outcome differs/,
    );
    expect(out).toContain(
      '  * because closedForIdentify: the connection closed: the next session will be a new one (4009',
    );
    expect(out).toContain(
      '  * because closedForResume: the connection closed: the session is resumed, if there is one (4009',
    );
    expect(code).toBe(1);
    const json = await run(['replay', trace, '--machine', `${mine}#myShard`, '--json']);
    expect(jsonLines(json.out).at(-1)).toMatchObject({
      same: false,
      difference: { file: trace, line: expect.any(Number), event: { type: 'closed', code: 4009 } },
    });
    expect(json.code).toBe(1);
  });

  it('brings the older files of a recording with it', async () => {
    const texts = life.text.trimEnd().split('\n');
    const [header = '', checkpoint = ''] = texts;
    const older = join(folder, 'rotated.1.jsonl');
    const newer = join(folder, 'rotated.jsonl');
    await writeFile(older, `${texts.slice(0, 2).join('\n')}\n`);
    await writeFile(newer, `${[header.replace('"file":1', '"file":2'), checkpoint, ...texts.slice(2)].join('\n')}\n`);
    await writeFile(join(folder, 'rotated.2.jsonl'), `${header.replace('"began":0', '"began":7')}\n`);
    const { code, out } = await run(['replay', newer, '--json']);
    expect(jsonLines(out).at(-1)).toMatchObject({ same: true, lines: texts.length + 2 });
    expect(code).toBe(0);
  });

  it('takes a trace that ends in the middle for one of a process that crashed', async () => {
    const cut = join(folder, 'cut.jsonl');
    await writeFile(cut, life.text.slice(0, -30));
    const { code, out } = await run(['replay', cut]);
    expect(out.replaceAll('\n', ' ')).toContain('as after a crash');
    expect(code).toBe(0);
  });

  it('says what is wrong with a file, and what to do', async () => {
    const damaged = join(folder, 'damaged.jsonl');
    await writeFile(damaged, life.text.replace('"type":"step"', '"type":'));
    const { code, err } = await run(['replay', damaged]);
    expect(err).toBe(
      `gatechart: ${damaged}, line 3: it is not JSON: the file is damaged. What comes before can be replayed by itself: head -n 2 ${damaged}\n`,
    );
    expect(code).toBe(1);
    expect(await run(['replay', join(folder, 'none.jsonl')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no file'),
    });
  });

  it('says so when the chart has another definition than the recorded one', async () => {
    const other = join(folder, 'other.jsonl');
    await writeFile(other, life.text.replace(/"definition":"\w+"/, '"definition":"0"'));
    expect((await run(['replay', other])).out).toContain('note: recorded with another definition of the shard chart');
  });
});

describe('a trace of which a terminal would obey parts', () => {
  const order = 'x\u001b[2J\u0007\u009b1m\u202e\n y';
  const [header = '', ...rest] = life.text.split('\n');
  const hostile = join(folder, 'hostile.jsonl');
  const at = 0.001;
  const closed = {
    type: 'step',
    at,
    event: { type: 'closed', connection: 1, code: 4000, reason: order, [order]: order },
    from: order,
    to: order,
    causes: [{ name: 'closedForResume', reason: order }, { name: 'constructor' }, { name: order }],
    do: [{ type: order, params: { [order]: order } }],
    dispatches: { first: 1, last: 1, count: 1, bytes: 1, names: { [order]: 1, constructor: 1 } },
  };
  const lines = [
    JSON.stringify({ ...JSON.parse(header), gatechart: order, began: 1e300, definition: 'x' }),
    ...rest.slice(0, 5),
    JSON.stringify({ type: order, at }),
    JSON.stringify({ type: 'constructor', at }),
    JSON.stringify({ type: 'warning', at, problem: order, error: order }),
    JSON.stringify({ type: 'frame', at, direction: 'in', connection: 1, op: 0, name: order, bytes: 1 }),
    JSON.stringify(closed),
  ];

  it.each([['text'], ['json'], ['mermaid']])('gives no orders as %s, and no code with --emit-test', async (format) => {
    await writeFile(hostile, `${lines.join('\n')}\n`);
    const emitted = join(folder, `hostile-${format}.test.ts`);
    const args = ['replay', hostile, '--format', format, '--verbose', '--emit-test', emitted, '--lines', '2-'];
    const { code, out, err } = await run(args);
    expect(code).toBe(1);
    expect(`${out}${err}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(`${out}${err}`).not.toContain('\n y');
    expect(`${out}${err}`).toContain('[2J');
    const text = await readFile(emitted, 'utf8');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('"type":"header"');
  });

  it('is read no further than it makes sense', async () => {
    for (const line of [
      { ...closed, do: [{ type: 'arm' }] },
      { ...closed, dispatches: 5 },
      { ...closed, causes: 1 },
    ]) {
      await writeFile(hostile, `${header}\n${JSON.stringify(line)}\n`);
      const { code, err } = await run(['replay', hostile]);
      expect([code, err]).toEqual([1, expect.stringMatching(/line 2: a step has to have (do|dispatches|causes): /)]);
    }
  });
});
