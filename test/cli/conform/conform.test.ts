/** Calls that make no sense, and what runs no client. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOf } from '../../../src/conformance/report.js';
import { ABOUT, result } from '../../conformance/results.js';
import { jsonLines, run } from '../../support/cli.js';

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatechart-conform-'));
  const mine = reportOf([result({}), result({ id: 'drop/live' })], { ...ABOUT, client: 'mine' });
  const theirs = reportOf(
    [result({}), result({ id: 'drop/live', verdict: 'failed', grade: 'stuck' }), result({ id: 'op-7/live' })],
    { ...ABOUT, client: 'theirs' },
  );
  await writeFile(at('mine.json'), JSON.stringify(mine));
  await writeFile(at('theirs.json'), JSON.stringify(theirs));
  await writeFile(at('none.json'), '{"format":1}');
});
afterAll(() => rm(folder, { recursive: true }));

describe('gatechart conform', () => {
  it.each([
    [[], 'name the command that starts your client after --, such as: gatechart conform -- node bot.js'],
    [['--case', 'nope', '--', 'x'], '--case: no case is called nope: --list prints all'],
    [['--profile', 'some', '--', 'x'], 'Allowed choices are quick, full.'],
    [['--interval', '10', '--', 'x'], 'Write a whole number from 1000 to 60000.'],
    [
      ['--report', 'pdf=x', '--', 'x'],
      '--report: pdf=x is no report: write html=FILE, json=FILE, junit=FILE or tap=FILE',
    ],
    [['--report', 'html', '--', 'x'], '--report: html is no report'],
    [['--report', 'html=/none/x', '--', 'x'], '--report: /none/x cannot be written'],
    [['--baseline', '/none/x.json', '--', 'x'], 'there is no file /none/x.json'],
    [['--', 'x', '{gate}'], 'there is no placeholder {gate}: there are {token}, {rest}, {gateway}, {ca}'],
    [['--compare'], '--compare takes the files of reports: --report json=FILE writes them'],
    [['--compare', '--report', 'tap=x', 'y'], 'there is no file y'],
    [['--token', 'abc', '--', 'x'], 'a token on the command line can be read by everybody'],
  ])('refuses %j', async (args, says) => {
    const { code, err } = await run(['conform', ...args]);
    expect(err).toContain(says);
    expect(code).toBe(2);
  });

  it('refuses a baseline that is no report', async () => {
    const { code, err } = await run(['conform', '--baseline', at('none.json'), '--', 'x']);
    expect(err).toContain(`--baseline: ${at('none.json')}: it is no report: --report json=FILE writes reports`);
    expect(code).toBe(2);
  });

  it('takes a token among the words of the client', async () => {
    const { err } = await run(['conform', '--case', 'nope', '--', 'bot', '--token', '{token}']);
    expect(err).toContain('no case is called nope');
  });

  it('lists cases, as text and as JSON', async () => {
    const { code, out } = await run(['conform', '--list', '--case', 'close-4009/*']);
    expect(out.match(/close-4009\/\w+ +must +gateway#gateway-close-event-codes/g)).toHaveLength(6);
    expect(code).toBe(0);
    const lines = jsonLines((await run(['conform', '--list', '--json', '--profile', 'quick'])).out);
    expect(lines[0]).toMatchObject({ type: 'case', id: 'life/connects', level: 'must', spec: 'gateway#connecting' });
  });

  it('puts reports beside one another', async () => {
    const { code, out } = await run([
      'conform',
      '--compare',
      '--report',
      `html=${at('both.html')}`,
      at('mine.json'),
      at('theirs.json'),
    ]);
    expect(out).toMatch(/drop\/live +passed +failed: stuck/);
    expect(out).toContain('2 of 3 cases differ.');
    expect(out).not.toContain('close-4009/live');
    expect(code).toBe(0);
    expect(await readFile(at('both.html'), 'utf8')).toContain('theirs');
  });

  it('compares as a page alone', async () => {
    const { code, err } = await run(['conform', '--compare', '--report', `tap=${at('x.tap')}`, at('mine.json')]);
    expect(err).toContain('--compare writes HTML alone: --report html=FILE');
    expect(code).toBe(2);
  });
});
