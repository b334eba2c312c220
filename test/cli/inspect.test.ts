/** What commands show on a page: `view`, and `--inspect` of the others. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { createShard } from '../../src/index.js';
import { statelyInspector } from '../../src/inspect/index.js';
import { startSimulator } from '../../src/simulator/index.js';
import { eventually, jsonLines, type Running, run, start } from '../support/cli.js';
import { traceOf } from '../viewer/lives.js';

vi.mock('../../src/viewer/built.js', () => ({
  viewerPage: async () => '<!doctype html><title>the viewer</title>',
  viewerFile: () => '/somewhere/viewer.html',
}));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatechart-view-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A line of JSON that a command has printed. */
async function printed(command: Running, type: string): Promise<Record<string, unknown>> {
  await eventually(() => command.out().includes(`"type":"${type}"`));
  return jsonLines(command.out()).find((line) => line.type === type) ?? {};
}

/** Listens as the page does. */
async function listen(url: unknown) {
  const { host, hash } = new URL(String(url));
  const heard: Record<string, unknown>[] = [];
  const socket = new WebSocket(`ws://${host}/live`, { headers: { origin: `http://${host}` } });
  socket.on('open', () => socket.send(JSON.stringify({ key: hash.slice('#key='.length) })));
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  await eventually(() => heard.length > 0);
  return { heard, types: () => heard.map(({ type }) => type) };
}

async function interrupted(command: Running): Promise<void> {
  command.interrupt();
  expect((await command.ended).code).toBe(130);
}

describe('gatechart view', () => {
  it('serves the page with a trace, until interrupted', async () => {
    const trace = join(folder, 'trace.jsonl');
    const lines = await traceOf();
    await writeFile(trace, `${lines.join('\n')}\nnonsense\n`);
    const command = start(['view', trace, '--json']);
    const { url, lines: count, strange } = await printed(command, 'viewing');
    expect([count, strange]).toEqual([lines.length, 1]);
    expect(await (await fetch(String(url))).text()).toContain('the viewer');
    const { heard } = await listen(url);
    await eventually(() => heard.length === lines.length + 1);
    expect(heard.slice(1)).toEqual(lines.map((line) => JSON.parse(line)));
    await interrupted(command);
    await expect(fetch(String(url))).rejects.toThrow();
  });

  it('shows an XState app that sends there, without secrets', async () => {
    const command = start(['view', '--json']);
    const { url, publishUrl } = await printed(command, 'viewing');
    const { heard } = await listen(url);
    const socket = new WebSocket(String(publishUrl));
    await new Promise((resolve) => socket.once('open', resolve));
    const event = { type: 'logIn', token: 'a-very-secret-token' };
    socket.send(JSON.stringify({ type: '@xstate.event', sessionId: 'x:0', event }));
    await eventually(() => heard.length === 2);
    expect(heard[1]).toEqual({ type: '@xstate.event', sessionId: 'x:0', event: { type: 'logIn', token: '<token>' } });

    const inspector = statelyInspector({ relay: String(publishUrl) });
    const shard = createShard({ token: 'simulated', intents: [], inspect: inspector });
    await eventually(() => heard.some(({ type, name }) => type === '@xstate.actor' && name === 'shard'));
    await shard.stop();
    await inspector.close();
    socket.terminate();
    await interrupted(command);
  });

  it.each([
    ['that is not there', 'missing.jsonl', 'there is no file'],
    ['that holds no trace', 'empty.jsonl', 'holds no trace'],
  ])('refuses a file %s, with exit code 2', async (_, name, says) => {
    await writeFile(join(folder, 'empty.jsonl'), '{"a":1}\n');
    const { code, err } = await run(['view', join(folder, name)]);
    expect(code).toBe(2);
    expect(err).toContain(says);
  });

  it('tells people where the page is, and that the address works once', async () => {
    const command = start(['view', '--no-open']);
    await eventually(() => command.out().includes('#key='));
    expect(command.out()).toMatch(/Page {4}http:\/\/127\.0\.0\.1:\d+\/#key=\S+ {2}\(works once\)/);
    expect(command.out()).toContain('/somewhere/viewer.html');
    await interrupted(command);
  });
});

describe('gatechart replay --view', () => {
  it('tells what came of it, and then shows the recording', async () => {
    const trace = join(folder, 'same.jsonl');
    const lines = await traceOf();
    await writeFile(trace, lines.join('\n'));
    const command = start(['replay', trace, '--view', '--no-open']);
    await eventually(() => command.out().includes('(works once)'));
    expect(command.out()).toMatch(/SAME[\s\S]*The viewer, with \d+ lines: all as recorded\. Ctrl-C ends it/);
    const { heard } = await listen(/http:\/\/127\S+/.exec(command.out())?.[0]);
    await eventually(() => heard.length === lines.length + 1);
    expect(heard.slice(1)).toEqual(lines.map((line) => JSON.parse(line)));
    await interrupted(command);
  });

  it('marks the first difference, right after its line', async () => {
    const trace = join(folder, 'other.jsonl');
    const lines = (await traceOf()).map((line) => line.replace('"closedForResume"', '"closedForIdentify"'));
    await writeFile(trace, lines.join('\n'));
    const command = start(['replay', trace, '--view', '--json']);
    const { url } = await printed(command, 'viewing');
    expect(jsonLines(command.out()).find(({ type }) => type === 'result')).toMatchObject({ same: false });
    const { heard, types } = await listen(url);
    await eventually(() => heard.length === lines.length + 2);
    const at = types().indexOf('difference');
    expect(heard[at - 1]).toMatchObject({ causes: [{ name: 'closedForIdentify' }] });
    expect(heard[at]?.says).toEqual(expect.arrayContaining([expect.stringContaining('closedForResume')]));
    await interrupted(command);
  });
});

describe('--inspect', () => {
  it('shows a running shard as a trace, and goes on showing it after it has failed', async () => {
    const simulator = await startSimulator();
    const command = start(['run', '--url', simulator.url, '--inspect', '--json'], { DISCORD_TOKEN: 'simulated' });
    const { target, url } = await printed(command, 'inspecting');
    expect(target).toBe('local');
    const { heard, types } = await listen(url);
    await eventually(() => heard.some(({ event }) => (event as { type?: string } | undefined)?.type === 'ready'));
    expect(types().slice(1, 4)).toEqual(['header', 'checkpoint', 'step']);
    simulator.control.closeWith(4014);
    await printed(command, 'summary');
    await eventually(() => types().includes('end'));
    expect((await fetch(String(url))).status).toBe(200);
    await interrupted(command);
    expect(JSON.stringify(heard)).not.toContain(simulator.sessions[0]?.sessionId);
    await simulator.close();
  });

  it('shows the charts of a served Gateway, connection by connection', async () => {
    const command = start(['serve', '--inspect', '--json']);
    const { url } = await printed(command, 'inspecting');
    const { url: gateway } = await printed(command, 'listening');
    const { heard } = await listen(url);
    const shard = createShard({ token: 'simulated', intents: ['GUILDS'], url: String(gateway) });
    await shard.start();
    const causes = () => heard.flatMap((line) => (line.causes as { name: string }[] | undefined) ?? []);
    await eventually(() => causes().some(({ name }) => name === 'ready'));
    expect(heard[1]).toMatchObject({ type: 'header', chart: 'gateway', actor: 'gateway 1' });
    expect(JSON.stringify(heard)).not.toContain(shard.session?.id);
    await shard.stop();
    await interrupted(command);
  });

  it('says what goes to Stately before anything does', async () => {
    const command = start(['serve', '--inspect=stately', '--no-open']);
    await eventually(() => command.out().includes('The page asks first.'));
    const said = command.out().replace(/\s+/g, ' ');
    expect(said).toContain('Sent to https://stately.ai, a site of Stately: the charts, their states, events');
    expect(said).toContain('Not sent: token, session ids, resume URLs');
    const [url = ''] = /http:\S+key=\S+/.exec(command.out()) ?? [];
    const page = await fetch(url);
    expect(page.headers.get('content-security-policy')).toContain('frame-src https://stately.ai');
    expect(await page.text()).toContain('Nothing has been sent');
    await interrupted(command);
  });

  it('is refused where there is no such page, with exit code 2', async () => {
    const { code, err } = await run(['demo', '--inspect=elsewhere']);
    expect(code).toBe(2);
    expect(err).toContain('Allowed choices are local, stately');
  });
});
