import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createShard } from '../../../src/index.js';
import { eventually, jsonLines, type Running, run, start } from '../../support/cli.js';

/** What a running server says of itself. */
async function listening(server: Running) {
  await eventually(() => server.out().includes('\n'));
  return jsonLines(server.out())[0] as { url: string; restUrl: string; controlUrl: string; ca?: string };
}

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

describe('gatechart serve', () => {
  it('answers Get Gateway Bot, serves a shard, and takes faults over HTTP', async () => {
    const server = start([
      'serve',
      '--json',
      '--heartbeat',
      '1000',
      '--guilds',
      '2',
      '--fault',
      'refuseGetGateway=503',
    ]);
    const { url, restUrl, controlUrl } = await listening(server);
    const getGateway = () => fetch(`${restUrl}/gateway/bot`, { headers: { authorization: 'Bot any' } });
    expect((await getGateway()).status).toBe(503);
    await post(`${controlUrl}/clearFaults`, {});
    expect(await (await getGateway()).json()).toMatchObject({ url, shards: 1 });

    const shard = createShard({ token: 'any', intents: ['GUILDS'], url });
    await shard.start();
    expect(await (await post(`${controlUrl}/injectFault`, { name: 'closeWith', code: 4004 })).json()).toEqual({
      reached: 1,
    });
    await expect(shard.closed).rejects.toMatchObject({ closeCode: 4004 });
    server.interrupt();
    const { code, out } = await server.ended;
    expect(code).toBe(130);
    const causes = jsonLines(out).flatMap(({ cause }) => (cause === undefined ? [] : [cause]));
    expect(causes).toEqual(expect.arrayContaining(['connected', 'helloSent', 'identified', 'ready', 'closedByOrder']));
  });

  it('says where it is and how to use it', async () => {
    const server = start(['serve']);
    await eventually(() => server.out().includes('curl'));
    server.interrupt();
    const { out, code } = await server.ended;
    expect(code).toBe(130);
    expect(out).toMatch(/Gateway {2}ws:\/\/127\.0\.0\.1:\d+/);
    expect(out).toMatch(/API {6}http:\/\/127\.0\.0\.1:\d+\/api/);
    expect(out).toMatch(/Control {2}http:\/\/127\.0\.0\.1:\d+\/_control/);
    expect(out).toMatch(/DISCORD_TOKEN=ODAzNTExMTAyMjQ2Nzg5MTI\.\S+ \\\n {4}gatechart run --url ws:/);
    expect(out).toMatch(/What the clients did ─+\n {2}Nothing\.\n$/);
  });

  it('takes its token from the environment, never shows it, and takes what the application is like', async () => {
    const options = ['--intents', 'GUILDS', '--retention', '5000', '--concurrency', '4', '--seed', '7'];
    const server = start(['serve', ...options], { GATECHART_SIMULATOR_TOKEN: 'very.secret' });
    await eventually(() => server.out().includes('curl'));
    const [, restUrl = ''] = /API {6}(\S+)/.exec(server.out()) ?? [];
    const bot = (token: string) => fetch(`${restUrl}/gateway/bot`, { headers: { authorization: `Bot ${token}` } });
    expect([(await bot('other')).status, (await bot('very.secret')).status]).toEqual([401, 200]);
    expect(await (await bot('very.secret')).json()).toMatchObject({ session_start_limit: { max_concurrency: 4 } });
    await fetch(`${restUrl}/v10/stickers/1`, { headers: { authorization: 'Bot very.secret' } });
    server.interrupt();
    const { out } = await server.ended;
    expect(out).toContain('DISCORD_TOKEN=$GATECHART_SIMULATOR_TOKEN');
    expect(out).toMatch(/request +GET \/api\/v10\/stickers\/1: 404, the simulator has\s+no route GET \/stickers\/1/);
    expect(out).toMatch(/routes there are not +GET \/api\/v10\/stickers\/1\n/);
    expect(out).not.toContain('very.secret');
    expect((await run(['serve'], { GATECHART_SIMULATOR_TOKEN: '' })).err).toContain(
      'GATECHART_SIMULATOR_TOKEN is empty',
    );
  });

  it('prints codes, sequences and payloads as data, and a summary', async () => {
    const server = start(['serve', '--json', '--guilds', '1', '--fault', 'closeWith=4014']);
    const { url } = await listening(server);
    const shard = createShard({ token: 'any', intents: ['GUILDS'], url });
    shard.start().catch(() => {});
    await expect(shard.closed).rejects.toMatchObject({ closeCode: 4014 });
    server.interrupt();
    const lines = jsonLines((await server.ended).out);
    expect(lines[0]).toMatchObject({ type: 'listening', exampleToken: expect.any(String) });
    expect(lines[1]).toMatchObject({
      type: 'fault',
      name: 'closeWith',
      details: { code: 4014 },
      at: expect.any(Number),
      place: 'live',
      times: 'all',
    });
    expect(lines).toContainEqual(expect.objectContaining({ type: 'cause', cause: 'closedByOrder', closeCode: 4014 }));
    const wire = lines.filter(({ type }) => type === 'wire');
    expect(wire.map(({ number }) => number)).toEqual(wire.map((_, n) => n + 1));
    expect(wire).toContainEqual(expect.objectContaining({ payload: expect.objectContaining({ t: 'READY', s: 1 }) }));
    expect(lines.at(-1)).toMatchObject({ type: 'summary', connections: 1, sessions: 1, closedByGateway: { 4014: 1 } });
  });

  it('strikes every connection that reaches a state with the fault that waits there', async () => {
    const server = start(['serve', '--json', '--fault', 'closeWith=4014@live']);
    const { url } = await listening(server);
    const shard = createShard({ token: 'any', intents: ['GUILDS'], url });
    shard.start().catch(() => {});
    await expect(shard.closed).rejects.toMatchObject({ closeCode: 4014 });
    server.interrupt();
    await server.ended;
  });

  it('writes the certificate that clients have to trust', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatechart-serve-'));
    const file = join(folder, 'ca.pem');
    const server = start(['serve', '--json', '--ca', file]);
    const { url, ca } = await listening(server);
    expect(url).toMatch(/^wss:/);
    expect(await readFile(file, 'utf8')).toBe(ca);
    server.interrupt();
    await server.ended;
    await rm(folder, { recursive: true });
  });

  it('says which port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { code, err } = await run(['serve', '--port', `${port}`]);
    expect({ code, err }).toEqual({
      code: 1,
      err: `gatechart: port ${port} is taken: choose another with --port, or leave it out\n`,
    });
    other.close();
  });

  it('refuses a fault whose value makes no sense, with exit code 2', async () => {
    const { code, out, err } = await run(['serve', '--fault', 'closeWith=99']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('a close frame can hold');
  });
});
