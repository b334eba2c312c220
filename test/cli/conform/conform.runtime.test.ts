/** The command with small clients. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallClient } from '../../conformance/small-client.js';
import { eventually, jsonLines, run, start } from '../../support/cli.js';

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatechart-conform-'));
});
afterAll(() => rm(folder, { recursive: true }));

const GOOD = smallClient('connect', 'beat', 'identify', 'resume', 'tell', 'leave');
const conform = (command: readonly string[], ...args: readonly string[]) =>
  run(['conform', ...args, '--', ...command], { DISCORD_TOKEN: 'a.real.one' });

describe.concurrent('gatechart conform', () => {
  it('says that all is well, and writes reports', async () => {
    const reports = ['html', 'json', 'junit', 'tap'].map((format) => `${format}=${at(`good.${format}`)}`).join();
    const { code, out } = await conform(GOOD, '--case', 'life/connects', '--name', 'small', '--report', reports);
    expect(out).toContain('1 passed, 0 tolerated, 0 failed, 0 not reached, 0 not tested, of 1 case');
    expect(code).toBe(0);
    expect(JSON.parse(await readFile(at('good.json'), 'utf8'))).toMatchObject({
      client: 'small',
      gatechart: '1.2.3',
      counts: { passed: 1 },
    });
    expect(await readFile(at('good.html'), 'utf8')).toContain('<!doctype html>');
    expect(await readFile(at('good.junit'), 'utf8')).toContain('<testsuites name="small" tests="1"');
    expect(await readFile(at('good.tap'), 'utf8')).toContain('ok 1 - life/connects');
  });

  it('fails with what is wrong and what was seen, and not against a baseline that has it', async () => {
    const bad = smallClient('connect', 'beat', 'identify', 'tell');
    const failing = await conform(bad, '--case', 'drop/live', '--verbose', '--report', `json=${at('bad.json')}`);
    expect(failing.code).toBe(1);
    expect(failing.out).toContain('failed, crash: drop/live');
    expect(failing.out).toMatch(/\*\* dropTcp \(reached 1\)/);
    const known = await conform(bad, '--case', 'drop/live', '--baseline', at('bad.json'));
    expect(known.out).toContain('Nothing failed that had not failed before.');
    expect(known.code).toBe(0);
    const fresh = await conform(bad, '--case', 'op-7/live', '--baseline', at('bad.json'), '--json');
    expect(jsonLines(fresh.out).at(-1)).toMatchObject({ type: 'result', new: ['op-7/live'] });
    expect(fresh.code).toBe(1);
  });

  it('says what is wrong with a client that is wired up wrongly', async () => {
    const { code, err } = await conform(smallClient('exit', 'print'));
    expect(err).toContain('the client ended with exit code 0 before it connected');
    expect(err).toContain('It printed last:');
    expect(err).not.toContain('a.real.one');
    expect(code).toBe(2);
    expect((await conform(['no-such-program'])).err).toContain('no-such-program was not found');
  });

  it('serves wss and https, each case with an authority of its own', async () => {
    const { code, out } = await conform(GOOD, '--tls', '--case', '*/connects');
    expect(out).toContain('1 passed');
    expect(code).toBe(0);
  });

  it('ends all clients when it is interrupted', async () => {
    const running = start(['conform', '--json', '--', ...GOOD]);
    await eventually(() => running.out().includes('"type":"case"'));
    running.interrupt();
    const { code } = await running.ended;
    expect(code).toBe(130);
  });
});
