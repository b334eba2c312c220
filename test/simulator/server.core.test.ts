import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/index.js';
import { atMost } from '../support/slowness.js';
import { IDENTIFY, inShort, type Payload, sessionIdOf } from './client.js';
import { came, greeted, handshake, live, type Peer, peer, QUERY, simulator, tcp, UPGRADE, until } from './loopback.js';

describe('the transcripts of the protocol, over loopback', () => {
  it('a session starts, is asked for a heartbeat and to reconnect, and is resumed at its own URL', async () => {
    const { url, control, log } = await simulator({ guilds: 1 });
    const client = await live(url);
    await came(client, 'GUILD_CREATE 2');
    client.send(1, 2);
    await came(client, 'op 11');
    control.requestHeartbeat();
    await came(client, 'op 1');
    control.requestReconnect();
    await came(client, 'op 7');
    client.socket.close(4900);
    expect(await until(() => client.end)).toBe(4900);
    control.dispatch('MESSAGE_CREATE', { id: '5' });

    const ready = client.payloads.find(({ t }) => t === 'READY') as Payload;
    const { resume_gateway_url: resumeUrl } = ready.d as { resume_gateway_url: string };
    expect(new URL(resumeUrl).hostname).toBe('localhost');
    expect(resumeUrl).toMatch(/^ws:\/\/localhost:\d+$/);
    const next = await greeted(`${resumeUrl}/?v=10&encoding=json`);
    next.send(6, { token: 'T', session_id: sessionIdOf(client.payloads), seq: 2 });
    await came(next, 'RESUMED 4');
    expect(next.payloads.map(inShort)).toEqual(['op 10', 'MESSAGE_CREATE 3', 'RESUMED 4']);
    expect(log.of(2)[0]).toMatchObject({ kind: 'open', resumeHost: true, path: '/?v=10&encoding=json' });
  });

  it('a resume is refused, and a new session begins', async () => {
    const { url } = await simulator();
    const client = await greeted(url);
    client.send(6, { token: 'T', session_id: 'nobody', seq: 4 });
    await came(client, 'op 9 false');
    client.socket.close(1000);
    expect(await until(() => client.end)).toBe(1000);
    await live(url);
  });
});

describe('replay', () => {
  it('loses and repeats nothing over many connections, in order, whatever ends them', async () => {
    const settings = { replayBuffer: 1_000_000 }; // a busy machine may take long to come back
    const gateway = await simulator({ dispatchesPerSecond: 2_000, guilds: 3, recordDispatches: true, settings });
    const { url, resumeUrl, control } = gateway;
    let client = await live(url);
    const id = sessionIdOf(client.payloads);
    const received: number[] = [];
    let sequence = 0;
    const read = ({ payloads }: Peer) => {
      for (const { op, s, t } of payloads) {
        if (op !== 0 || s === null || s <= sequence) continue;
        if (t !== 'READY' && t !== 'RESUMED') received.push(s);
        sequence = s;
      }
    };
    for (let n = 0; n < 12; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      if (n % 3 === 0) client.socket.terminate();
      else if (n % 3 === 1) control.dropTcp();
      else control.closeWith(4000);
      await until(() => client.end);
      read(client);
      client = await greeted(n % 2 === 0 ? `${resumeUrl}/?v=10&encoding=json` : url);
      client.send(6, { token: 'T', session_id: id, seq: sequence });
    }
    control.configure({ dispatchesPerSecond: 0 });
    await until(() => client.payloads.at(-1)?.s === gateway.sessions[0]?.sequence, atMost(15_000));
    read(client);
    expect(received.length).toBeGreaterThan(500);
    expect(received).toEqual(gateway.sessions[0]?.dispatched);
  });
});

describe('what clients do', () => {
  it.each([
    ['a wrong token', { ...IDENTIFY, token: 'wrong' }, 4004],
    ['an intent that does not exist', { ...IDENTIFY, intents: 1 << 30 }, 4013],
    ['a wrong shard', { ...IDENTIFY, shard: [2, 1] }, 4010],
  ])('Identify with %s is closed with the code for it', async (_, data, code) => {
    const { url } = await simulator();
    const client = await greeted(url);
    client.send(2, data);
    expect(await until(() => client.end)).toBe(code);
  });

  it('JSON in binary messages is read, and an Identify as soon as the socket is open', async () => {
    const { url } = await simulator();
    const client = peer(`${url}${QUERY}`);
    client.socket.on('open', () => client.socket.send(Buffer.from(JSON.stringify({ op: 2, d: IDENTIFY }))));
    await came(client, 'READY 1');
    expect(client.payloads.map(inShort)).toEqual(['op 10', 'READY 1']);
  });

  it('more than 120 payloads are closed with 4008', async () => {
    const { url } = await simulator();
    const client = await live(url);
    for (let n = 0; n < 119; n += 1) client.send(1, 1);
    await until(() => client.payloads.filter(({ op }) => op === 11).length === 119);
    client.send(1, 1);
    expect(await until(() => client.end)).toBe(4008);
  });

  it('large payloads are closed with 4002, huge ones with 1009', async () => {
    const { url, log } = await simulator();
    const [large, huge] = [await live(url), await live(url)];
    large.socket.send(`"${'x'.repeat(4095)}"`);
    huge.socket.send('x'.repeat(2 << 20));
    expect(await until(() => large.end)).toBe(4002);
    expect(await until(() => huge.end)).toBe(1009);
    await until(() => log.of(2).some(({ direction, code }) => direction === 'gateway' && code === 1009));
  });

  it('binary, garbage and text that is no UTF-8 end a connection and nothing else', async () => {
    const { url, port } = await simulator();
    const survivor = await live(url);
    const ends: unknown[] = [];
    for (const frame of [
      Buffer.from([0, 1, 2]),
      '',
      '{}',
      'null',
      '[[[[',
      '{"op":1e400}',
      '{"op":6,"d":{"__proto__":1}}',
    ]) {
      const client = await greeted(url);
      client.socket.send(frame);
      ends.push(await until(() => client.end));
    }
    expect(new Set(ends)).toEqual(new Set([4002]));
    for (const bytes of [
      [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], // no UTF-8
      [0xff, 0xff, 0xff, 0xff], // no frame
      [0x81, 0x02, 0x7b, 0x7d], // not masked
      [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe7], // close with 999
      [0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0], // a ping too long
      [0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], // longer than anything
    ]) {
      const socket = await handshake(port);
      socket.write(Buffer.from(bytes));
      await until(() => socket.destroyed || socket.readableEnded);
      socket.destroy();
    }
    survivor.send(1, 1);
    await came(survivor, 'op 11');
  });

  it('half-open, half-done and nonsensical requests are survived', async () => {
    const { url, port } = await simulator();
    const begun = [
      'GET / HTTP/1.1\r\n',
      'GET //[ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      'GET // HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'POST /_control/dispatch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      '\0\0\0\0\r\n\r\n',
    ].map((text) => {
      const socket = tcp(port);
      socket.write(text);
      return socket;
    });
    const half = await handshake(port);
    half.end();
    await new Promise((resolve) => setTimeout(resolve, 30));
    for (const socket of begun) socket.destroy();
    const client = await live(url);
    client.send(1, 1);
    await came(client, 'op 11');
    expect(client.payloads.map(inShort).at(-1)).toBe('op 11');
  });

  it('a client that does not read is dropped before memory runs out', async () => {
    const { url, control, log } = await simulator({ log: 100 });
    const [deaf, other] = [await live(url), await live(url)];
    deaf.socket.pause();
    const data = 'x'.repeat(4 << 20);
    for (let n = 0; n < 30; n += 1) control.dispatch('BIG', data, { connection: 1 });
    await until(() => control.state().connections.length === 1);
    expect(log.of(2).at(-1)?.kind).toBe('text');
    other.send(1, 1);
    await came(other, 'op 11');
  });

  it('random bytes are survived', async () => {
    const { url, port } = await simulator();
    let seed = 99;
    const random = () => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    for (let n = 0; n < 40; n += 1) {
      const socket = n % 2 === 0 ? await handshake(port) : tcp(port);
      socket.write(
        Buffer.from(Array.from({ length: 1 + Math.floor(random() * 200) }, () => Math.floor(random() * 256))),
      );
      setTimeout(() => socket.destroy(), random() * 20);
    }
    const client = await live(url);
    client.send(1, 1);
    await came(client, 'op 11');
    expect(client.payloads.map(inShort).at(-1)).toBe('op 11');
  });

  it('missed heartbeats end the connection', async () => {
    const { url } = await simulator({ heartbeatInterval: 40 });
    const client = await live(url);
    expect(await until(() => client.end)).toBe(1000);
  });
});

describe('the server', () => {
  it('listens on this machine alone, and says where', async () => {
    const { url, resumeUrl, restUrl, controlUrl, port, ca } = await simulator();
    expect([url, resumeUrl, restUrl, controlUrl, ca]).toEqual([
      `ws://127.0.0.1:${port}`,
      `ws://localhost:${port}`,
      `http://127.0.0.1:${port}/api`,
      `http://127.0.0.1:${port}/_control`,
      null,
    ]);
  });

  it('gives sessions other ids at each start, unless it is given a seed', async () => {
    const ids = async (seed?: number) => {
      const { url } = await simulator(seed === undefined ? {} : { seed });
      return sessionIdOf((await live(url)).payloads);
    };
    const [any, other] = [await ids(), await ids()];
    expect(any).not.toBe(other);
    const [seeded, again] = [await ids(7), await ids(7)];
    expect(seeded).toBe(again);
  });

  it('sends Hello in a packet of its own, unless it is ordered to come with the handshake', async () => {
    const { control, port } = await simulator();
    const first = () =>
      new Promise<string>((resolve) => {
        const socket = tcp(port);
        socket.once('data', (data) => resolve(data.toString('latin1')));
        socket.write(UPGRADE);
      });
    // A busy machine may read two packets at once.
    await expect.poll(first).toMatch(/^HTTP\/1.1 101 .*\r\n\r\n$/s);
    control.injectFault('helloWithUpgrade', { times: 1 });
    expect(await first()).toMatch(/^HTTP\/1.1 101 .*\r\n\r\n.*"heartbeat_interval":41250/s);
    await expect.poll(first).toMatch(/\r\n\r\n$/);
  });

  it('logs the handshakes that it refuses', async () => {
    const { url, control, log } = await simulator();
    control.injectFault('refuseConnections', { status: 429, times: 1 });
    const refused = peer(`${url}/`);
    expect(await until(() => refused.status)).toBe(429);
    const other = peer(`${url}/nowhere`);
    expect(await until(() => other.status)).toBe(404);
    expect(log.entries.filter(({ kind }) => kind === 'refused')).toMatchObject([
      { status: 429, path: '/', connection: 0 },
      { status: 404, path: '/nowhere' },
    ]);
  });

  it('rejects when its port is taken', async () => {
    const { port } = await simulator();
    await expect(startSimulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('serves TLS with a certificate of its own authority', async () => {
    const { url, restUrl, resumeUrl, ca } = await simulator({ tls: true });
    expect([url.slice(0, 6), restUrl.slice(0, 8)]).toEqual(['wss://', 'https://']);
    const client = await greeted(url, { ca: ca ?? '' });
    client.send(2, IDENTIFY);
    await came(client, 'READY 1');
    await greeted(`${resumeUrl}/?v=10`, { ca: ca ?? '' });
    const stranger = peer(`${url}${QUERY}`);
    expect(await until(() => stranger.end)).toBe(1006);
  });

  it('leaves nothing open when it is closed', async () => {
    const open = () => process.getActiveResourcesInfo().filter((name) => name !== 'Timeout');
    const before = open();
    const { url, close, restUrl } = await startSimulator({ dispatchesPerSecond: 100, heartbeatInterval: 60_000 });
    const clients = [await live(url), await greeted(url)];
    clients[0]?.socket.close(4900);
    await (await fetch(`${restUrl}/v10/gateway`)).text();
    await close();
    for (const client of clients) await until(() => client.end);
    await expect.poll(() => open().length).toBeLessThanOrEqual(before.length);
  });

  it('an encoding or compression that is not served is refused with 400', async () => {
    const { url } = await simulator();
    for (const query of ['/?v=10&encoding=bson', '/?v=10&encoding=json&compress=br']) {
      const client = peer(`${url}${query}`);
      expect(await until(() => client.status)).toBe(400);
    }
  });
});
