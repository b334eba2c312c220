import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createShard } from '../../src/index.js';
import { eventually, jsonLines, type Running, run, start } from '../support/cli.js';

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
    expect(out).toMatch(/gatechart run --url ws:/);
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
