import { describe, expect, it, vi } from 'vitest';
import { startInspection } from '../../../src/cli/live/inspection.js';
import { Story } from '../../../src/cli/live/story.js';
import type { InspectTarget } from '../../../src/cli/shared-options.js';
import { createShard } from '../../../src/index.js';
import type { TraceSink } from '../../../src/ports/index.js';
import { startSimulator } from '../../../src/simulator/index.js';
import { eventually, jsonLines, start } from '../../support/cli.js';
import { keptIo } from '../../support/io.js';
import { interrupted, listen, printed } from '../../support/viewer-page.js';

vi.mock('../../../src/viewer/built.js', async () => (await import('../../support/viewer-page.js')).VIEWER);

describe('--inspect', () => {
  it('shows a running shard as a trace, and goes on showing it after it has failed', async () => {
    const simulator = await startSimulator();
    const command = start(['run', '--url', simulator.url, '--inspect', '--json'], { DISCORD_TOKEN: 'simulated' });
    const { target, url } = await printed(command, 'inspecting');
    expect(target).toBe('local');
    const { received, types } = await listen(url);
    await eventually(() => received.some(({ event }) => (event as { type?: string } | undefined)?.type === 'ready'));
    expect(types().slice(1, 4)).toEqual(['header', 'checkpoint', 'step']);
    simulator.control.closeWith(4014);
    await printed(command, 'summary');
    await eventually(() => types().includes('end'));
    expect((await fetch(String(url))).status).toBe(200);
    await interrupted(command);
    expect(JSON.stringify(received)).not.toContain(simulator.sessions[0]?.sessionId);
    await simulator.close();
  });

  it('shows the charts of a served Gateway, connection by connection', async () => {
    const command = start(['serve', '--inspect', '--json']);
    const { url } = await printed(command, 'inspecting');
    const { url: gateway } = await printed(command, 'listening');
    const { received } = await listen(url);
    const shard = createShard({ token: 'simulated', intents: ['GUILDS'], url: String(gateway) });
    await shard.start();
    const causes = () => received.flatMap((line) => (line.causes as { name: string }[] | undefined) ?? []);
    await eventually(() => causes().some(({ name }) => name === 'ready'));
    expect(received[1]).toMatchObject({ type: 'header', chart: 'gateway', actor: 'gateway 1' });
    expect(JSON.stringify(received)).not.toContain(shard.session?.id);
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
});

/** The local viewer or Stately's page, without a command, and what it receives. */
async function watched(target: InspectTarget) {
  const { io, written, interrupt } = keptIo();
  const inspection = await startInspection({ inspect: target, open: false }, new Story(io, { json: true }), io);
  const [said] = jsonLines(written.out);
  expect(said).toMatchObject({ type: 'inspecting', target });
  const { received } = await listen(said?.['url']);
  return { inspection, received, interrupt };
}

describe('a page that is watched', () => {
  it("shows chapters, notes and a Gateway's trace beside the file that it is written to", async () => {
    const { inspection, received, interrupt } = await watched('local');
    inspection.chapter('1. One', 'It begins.');
    inspection.note('The Gateway cuts TCP');
    const traced: string[] = [];
    const { record } = inspection.gateway({ write: (line) => traced.push(line) });
    for (const line of ['{"type":"end","at":1}', '{"type":"end","at":2,"actor":"gateway 2"}']) {
      (record as TraceSink).write(line);
    }
    await eventually(() => received.length === 5);
    expect(received.slice(1)).toEqual([
      { type: 'chapter', title: '1. One', says: 'It begins.' },
      { type: 'note', says: 'The Gateway cuts TCP' },
      { type: 'end', at: 1, actor: 'gateway 1' },
      { type: 'end', at: 2, actor: 'gateway 2' },
    ]);
    expect(traced).toEqual(['{"type":"end","at":1}', '{"type":"end","at":2,"actor":"gateway 2"}']);

    const lingering = inspection.linger();
    interrupt();
    await lingering;
    await inspection.linger();
    await inspection.close();
  });

  it('of Stately gets what inspectors see, and so does an inspector of the command', async () => {
    const { inspection, received } = await watched('stately');
    inspection.chapter('1. One', 'It begins.');
    inspection.note('Something happened');
    const seen: string[] = [];
    const shard = createShard({
      token: 'simulated',
      intents: [],
      ...inspection.shard(({ type }) => seen.push(type)),
    });
    await eventually(() => received.some(({ type }) => type === '@xstate.actor'));
    await shard.stop();
    await inspection.close();
    expect(seen).toContain('@xstate.actor');
    expect(received.filter(({ type }) => type === 'chapter' || type === 'note')).toEqual([]);
  });
});
