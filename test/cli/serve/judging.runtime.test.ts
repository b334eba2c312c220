import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createShard } from '../../../src/index.js';
import { eventually, jsonLines, start } from '../../support/cli.js';

describe('gatechart serve --judge', () => {
  it('holds clients against the documentation and tells what they broke, kept, and did not come to', async () => {
    const server = start(['serve', '--json', '--judge', '--heartbeat', '1000', '--fault', 'requestHeartbeat']);
    await eventually(() => server.out().includes('\n'));
    const { url } = jsonLines(server.out())[0] as { url: string };
    const shard = createShard({ token: 'any', intents: ['GUILDS'], url });
    await shard.start();
    const socket = new WebSocket(`${url}/?v=10&encoding=json`);
    await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
    socket.send(JSON.stringify({ op: 1, d: 4711 }));
    await eventually(() => server.out().includes('"breach"'), 30_000);
    await shard.stop();
    server.interrupt();
    const lines = jsonLines((await server.ended).out);
    expect(lines.find(({ type }) => type === 'breach')).toMatchObject({
      shard: null,
      grade: 'letter',
      spec: 'gateway#sending-heartbeats',
      says: expect.stringMatching(/^broken: a client that has not identified: a heartbeat .* instead of null/),
    });
    const rules = lines.filter(({ type }) => type === 'rule');
    const stateOf = (says: string) => rules.find(({ rule }) => String(rule).startsWith(says))?.['state'];
    expect({
      heartbeat: stateOf('a heartbeat carries'),
      identify: stateOf('Identify carries'),
      resume: stateOf('Resume carries'),
    }).toEqual({ heartbeat: 'broken', identify: 'kept', resume: 'not exercised' });
    expect(rules.filter(({ state }) => state === 'broken')).toHaveLength(1);
  });
});
