/** Proxies and own authorities: what the WebSocket goes through, Get Gateway Bot goes through as well. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ws } from '../../adapters/ws.js';
import { createShard } from '../../src/index.js';
import { type Simulator, startSimulator } from '../../src/simulator/index.js';
import { bundle } from '../docs/run.js';

const TOKEN = 'the-token';

/** A proxy that does nothing but CONNECT, and notes whereto. */
async function startProxy() {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket, head: Buffer) => {
    asked.push(url);
    const [host = '', port] = url.split(':');
    const up = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      up.write(head);
      up.pipe(socket).pipe(up);
    });
    for (const each of [socket, up]) each.on('error', () => {}).on('close', () => [socket, up].map((s) => s.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, asked, close };
}

describe('a shard behind a proxy, with an authority of its own', () => {
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  let simulator: Simulator;
  beforeAll(async () => {
    [proxy, simulator] = await Promise.all([startProxy(), startSimulator({ tls: true, token: TOKEN })]);
  });
  afterAll(async () => {
    proxy.close();
    await simulator.close();
  });

  it('asks for the Gateway and speaks with it by the agent and the authority that ws() was given', async () => {
    const socket = ws({ agent: new HttpsProxyAgent(proxy.url), ca: simulator.ca ?? '' });
    const shard = createShard({ token: TOKEN, intents: [], restUrl: simulator.restUrl, socket });
    await shard.start();
    expect(shard.isReady).toBe(true);
    const [rest, gateway] = [simulator.restUrl, simulator.url].map((url) => new URL(url).host);
    expect(proxy.asked).toEqual([rest, gateway]);
    await shard.stop();
  });

  it('tells whom it does not trust without the authority, over HTTP too', async () => {
    const warnings: string[] = [];
    const shard = createShard({ token: TOKEN, intents: [], restUrl: simulator.restUrl });
    shard.on('warning', ({ problem }) => warnings.push(problem));
    shard.start().catch(() => {});
    await expect.poll(() => warnings).toEqual([expect.stringMatching(/^Get Gateway Bot cannot be asked: nobody whom/)]);
    await shard.stop();
  });

  it('says what it is to both', async () => {
    const agents: unknown[] = [];
    const server = createServer(({ headers }, response) => {
      agents.push(headers['user-agent']);
      response.end(JSON.stringify({ url: `ws://127.0.0.1:${port}` }));
    });
    server.on('upgrade', ({ headers }: IncomingMessage, socket: Socket) => {
      agents.push(headers['user-agent']);
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const shard = createShard({ token: 'token', intents: [], restUrl: `http://127.0.0.1:${port}` });
    shard.start().catch(() => {});
    await expect.poll(() => agents.length).toBeGreaterThan(1);
    await shard.stop();
    server.close();
    expect(agents.slice(0, 2)).toEqual(Array(2).fill(expect.stringMatching(/^DiscordBot \(/)));
  });

  it('trusts what NODE_EXTRA_CA_CERTS names', async () => {
    const bot = `
      import { createShard } from 'gatechart';
      const shard = createShard({ token: process.env.TOKEN, intents: [], restUrl: process.env.REST_URL });
      shard.on('warning', ({ problem }) => console.log(problem));
      await shard.start();
      console.log('ready');
      await shard.stop();`;
    const folder = await mkdtemp(join(tmpdir(), 'authority-'));
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, simulator.ca ?? '');
    const env = { ...process.env, TOKEN: TOKEN, REST_URL: simulator.restUrl, NODE_EXTRA_CA_CERTS: ca };
    const child = spawn(process.execPath, [await bundle(bot)], { env });
    let out = '';
    child.stdout.on('data', (data) => (out += data));
    await new Promise((resolve) => child.on('close', resolve));
    await rm(folder, { recursive: true });
    expect(out).toBe('ready\n');
  });
});
