import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { createShard } from '../../../src/index.js';
import { statelyInspector } from '../../../src/inspect/index.js';
import { eventually, start } from '../../support/cli.js';
import { interrupted, listen, printed } from '../../support/viewer-page.js';
import { traceOf } from '../../viewer/lives.js';

vi.mock('../../../src/viewer/built.js', async () => (await import('../../support/viewer-page.js')).VIEWER);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatechart-view-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('gatechart view', () => {
  it('serves the page with a trace, until interrupted', async () => {
    const trace = join(folder, 'trace.jsonl');
    const lines = await traceOf();
    await writeFile(trace, `${lines.join('\n')}\nnonsense\n`);
    const command = start(['view', trace, '--json']);
    const { url, lines: count, strange } = await printed(command, 'viewing');
    expect([count, strange]).toEqual([lines.length, 1]);
    expect(await (await fetch(String(url))).text()).toContain('the viewer');
    const { received } = await listen(url);
    await eventually(() => received.length === lines.length + 1);
    expect(received.slice(1)).toEqual(lines.map((line) => JSON.parse(line)));
    await interrupted(command);
    await expect(fetch(String(url))).rejects.toThrow();
  });

  it('shows an XState app that sends there, without secrets', async () => {
    const command = start(['view', '--json']);
    const { url, publishUrl } = await printed(command, 'viewing');
    const { received } = await listen(url);
    const socket = new WebSocket(String(publishUrl));
    await new Promise((resolve) => socket.once('open', resolve));
    const event = { type: 'logIn', token: 'a-very-secret-token' };
    socket.send(JSON.stringify({ type: '@xstate.event', sessionId: 'x:0', event }));
    await eventually(() => received.length === 2);
    expect(received[1]).toEqual({
      type: '@xstate.event',
      sessionId: 'x:0',
      event: { type: 'logIn', token: '<token>' },
    });

    const inspector = statelyInspector({ relay: String(publishUrl) });
    const shard = createShard({ token: 'simulated', intents: [], inspect: inspector });
    await eventually(() => received.some(({ type, name }) => type === '@xstate.actor' && name === 'shard'));
    await shard.stop();
    await inspector.close();
    socket.terminate();
    await interrupted(command);
  });

  it('tells people where the page is, and that the address works once', async () => {
    const command = start(['view', '--no-open']);
    await eventually(() => command.out().includes('#key='));
    expect(command.out()).toMatch(/Page {4}http:\/\/127\.0\.0\.1:\d+\/#key=\S+ {2}\(works once\)/);
    expect(command.out()).toContain('/somewhere/viewer.html');
    await interrupted(command);
  });
});
