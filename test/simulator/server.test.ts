import { connect as connectTcp, type Socket as TcpSocket } from 'node:net';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import {
  FAULTS,
  MALFORMED,
  type MalformedKind,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/index.js';
import { IDENTIFY, inShort, type Payload, payloadOf, sessionIdOf } from './client.js';

const running = new Set<{ close(): unknown }>();
afterEach(async () => {
  for (const one of running) await one.close();
  running.clear();
});

/** Real time passes here, but only as little as it takes. */
async function until<T>(read: () => T, ms = 4_000): Promise<NonNullable<T>> {
  for (const end = Date.now() + ms; ; await new Promise((resolve) => setTimeout(resolve, 2))) {
    const value = read();
    if (value) return value;
    if (Date.now() > end) throw new Error(`this never held: ${read}`);
  }
}

async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const started = await startSimulator({ token: 'T', guilds: 0, limits: { identifyWindowMs: 0 }, ...options });
  running.add(started);
  return started;
}

interface Peer {
  readonly socket: WebSocket;
  readonly frames: (string | Uint8Array)[];
  readonly payloads: readonly Payload[];
  readonly end: number | null;
  readonly status: number | null;
  send(op: number, d: unknown): void;
}

function peer(url: string, options: WebSocket.ClientOptions = {}): Peer {
  const frames: (string | Uint8Array)[] = [];
  let end: number | null = null;
  let status: number | null = null;
  const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
  running.add({ close: () => socket.terminate() });
  socket.on('message', (data: Buffer, isBinary) => frames.push(isBinary ? data : data.toString()));
  socket.on('close', (code) => {
    end = code;
  });
  socket.on('unexpected-response', (request, response) => {
    status = response.statusCode ?? null;
    request.destroy();
  });
  socket.on('error', () => {});
  return {
    socket,
    frames,
    get payloads() {
      return frames.flatMap(payloadOf);
    },
    get end() {
      return end;
    },
    get status() {
      return status;
    },
    send: (op, d) => socket.send(JSON.stringify({ op, d })),
  };
}

const QUERY = '/?v=10&encoding=json';

/** A client that is there as soon as Hello came. */
async function greeted(url: string, options: WebSocket.ClientOptions = {}): Promise<Peer> {
  const client = peer(url.includes('?') ? url : `${url}${QUERY}`, options);
  await until(() => client.payloads.length > 0);
  return client;
}

async function live(url: string, changes: object = {}): Promise<Peer> {
  const client = await greeted(url);
  client.send(2, { ...IDENTIFY, ...changes });
  await until(() => client.payloads.some(({ t }) => t === 'READY'));
  return client;
}

const came = (client: Peer, what: string) => until(() => client.payloads.map(inShort).includes(what));

describe('the transcripts of the protocol, over loopback', () => {
  it('fresh start, requested heartbeat, reconnect, resume at the URL of the session', async () => {
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
    const next = await greeted(`${resumeUrl}?v=10&encoding=json`);
    next.send(6, { token: 'T', session_id: sessionIdOf(client.payloads), seq: 2 });
    await came(next, 'RESUMED 4');
    expect(next.payloads.map(inShort)).toEqual(['op 10', 'MESSAGE_CREATE 3', 'RESUMED 4']);
    expect(log.of(2)[0]).toMatchObject({ kind: 'open', resumeHost: true, path: '/resume?v=10&encoding=json' });
  });

  it('refused resume, then a new session', async () => {
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
    const gateway = await simulator({ dispatchesPerSecond: 2_000, guilds: 3, recordDispatches: true });
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
      client = await greeted(n % 2 === 0 ? `${resumeUrl}?v=10&encoding=json` : url);
      client.send(6, { token: 'T', session_id: id, seq: sequence });
    }
    control.configure({ dispatchesPerSecond: 0 });
    await until(() => client.payloads.at(-1)?.s === gateway.sessions[0]?.sequence);
    read(client);
    expect(received.length).toBeGreaterThan(500);
    expect(received).toEqual(gateway.sessions[0]?.dispatched);
  });
});

describe('close codes and faults, over loopback', () => {
  it('every close code arrives', async () => {
    const { url, control } = await simulator();
    for (const code of [
      1000, 1001, 4000, 4001, 4002, 4003, 4004, 4005, 4007, 4008, 4009, 4010, 4011, 4012, 4013, 4014,
    ]) {
      const client = await live(url);
      control.closeWith(code);
      expect(await until(() => client.end)).toBe(code);
    }
  });

  it('a code that is not allowed is refused here, and not by a crash', async () => {
    const { control, url } = await simulator();
    await live(url);
    expect(() => control.closeWith(1006)).toThrow(TypeError);
  });

  it('every malformed frame arrives as it is', async () => {
    const { url, control } = await simulator();
    const client = await live(url);
    const before = client.frames.length;
    const kinds = Object.keys(MALFORMED) as MalformedKind[];
    for (const kind of kinds) control.injectFault('malformed', { kind });
    await until(() => client.frames.length === before + kinds.length);
    for (const [index, kind] of kinds.entries()) {
      const [got, sent] = [client.frames[before + index], MALFORMED[kind].frame(1)];
      expect(typeof got === 'string' ? got : [...(got ?? [])], kind).toEqual(
        typeof sent === 'string' ? sent : [...sent],
      );
    }
  });

  it('TCP ends without a close frame', async () => {
    const { url, control } = await simulator();
    const client = await live(url);
    control.dropTcp();
    expect(await until(() => client.end)).toBe(1006);
  });

  it('the close frame of the client is not answered, and sending goes on', async () => {
    const { url, control, log } = await simulator();
    const client = await live(url);
    control.injectFault('ignoreClose');
    client.socket.close(4900);
    await until(() => log.of(1).some(({ kind }) => kind === 'close'));
    control.dispatch('LATE', {});
    await came(client, 'LATE 2');
    expect(client.end).toBeNull();
    client.socket.terminate();
    await until(() => log.of(1).at(-1)?.kind === 'drop');
    expect(control.state().sessions).toMatchObject([{ connection: null, ended: false }]);
  });

  it('a silent Gateway says nothing and answers nothing', async () => {
    const { url, control, log } = await simulator();
    const client = await live(url);
    control.injectFault('goSilent');
    client.send(1, 1);
    client.socket.close(4900);
    await until(() => log.of(1).some(({ kind }) => kind === 'close'));
    control.dispatch('LOST', {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(client.end).toBeNull();
    expect(client.payloads.map(inShort)).toEqual(['op 10', 'READY 1']);
  });

  it('a Gateway that stops reading holds TCP back, and goes on when the fault ends', async () => {
    const { url, control } = await simulator();
    const client = await live(url);
    control.injectFault('stopReading');
    client.send(1, 1);
    const filler = 'x'.repeat(1 << 16);
    await until(() => {
      for (let n = 0; n < 16; n += 1) client.socket.send(filler);
      return client.socket.bufferedAmount > 8 << 20;
    });
    control.dispatch('STILL_SENT', {});
    await came(client, 'STILL_SENT 2');
    expect(client.payloads.map(inShort)).not.toContain('op 11');
    control.clearFaults();
    await came(client, 'op 11');
    expect(await until(() => client.end)).toBe(4002);
  });

  it('the host for resumes refuses while the main one does not', async () => {
    const { url, resumeUrl, control } = await simulator();
    control.injectFault('refuseResumeHost');
    const refused = peer(`${resumeUrl}?v=10&encoding=json`);
    expect(await until(() => refused.status)).toBe(503);
    await greeted(url);
    control.injectFault('refuseConnections', { status: 429 });
    const other = peer(`${url}${QUERY}`);
    expect(await until(() => other.status)).toBe(429);
  });

  it('withheld answers come once the faults end', async () => {
    const { url, control } = await simulator();
    control.injectFault('withholdReady');
    const client = await greeted(url);
    client.send(2, IDENTIFY);
    client.send(1, null);
    await came(client, 'op 11');
    expect(client.payloads.map(inShort)).toEqual(['op 10', 'op 11']);
    control.clearFaults();
    await came(client, 'READY 1');
  });

  it('a resume is accepted and dropped', async () => {
    const { url, control } = await simulator();
    const client = await live(url);
    client.socket.terminate();
    control.injectFault('resumeThenDrop', { times: 1 });
    const next = await greeted(url);
    next.send(6, { token: 'T', session_id: sessionIdOf(client.payloads), seq: 1 });
    expect(await until(() => next.end)).toBe(1006);
  });

  it('missed heartbeats end the connection', async () => {
    const { url } = await simulator({ heartbeatInterval: 40 });
    const client = await live(url);
    expect(await until(() => client.end)).toBe(1000);
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
  });

  it('who does not read is dropped before the memory is full', async () => {
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
  });
});

function tcp(port: number): TcpSocket {
  const socket = connectTcp(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  running.add({ close: () => socket.destroy() });
  return socket;
}

/** A WebSocket connection by hand. */
async function handshake(port: number): Promise<TcpSocket> {
  const socket = tcp(port);
  const headers = ['Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  socket.write(
    `GET ${QUERY} HTTP/1.1\r\n${headers.join('\r\n')}\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  return socket;
}

describe('transport compression', () => {
  it('zlib-stream can be read by zlib, one context for all', async () => {
    const { url, control } = await simulator({ guilds: 1 });
    const client = peer(`${url}${QUERY}&compress=zlib-stream`);
    await until(() => client.frames.length === 1);
    client.send(2, IDENTIFY);
    await until(() => client.frames.length === 3);
    control.dispatch('BIG', 'é'.repeat(100_000));
    await until(() => client.frames.length === 4);
    const inflate = zlib.createInflate();
    const texts: string[] = [];
    for (const frame of client.frames as Uint8Array[]) {
      expect([...frame.subarray(-4)]).toEqual([0, 0, 0xff, 0xff]);
      texts.push(await flushed(inflate, frame));
    }
    expect((client.frames[0] as Uint8Array)[0]).toBe(0x78);
    expect(texts.flatMap(payloadOf).map(inShort)).toEqual(['op 10', 'READY 1', 'GUILD_CREATE 2', 'BIG 3']);
  });

  it('zlib-stream comes in parts if it is told to, and the marker in two', async () => {
    const { url } = await simulator({ partBytes: 3 });
    const client = peer(`${url}${QUERY}&compress=zlib-stream`);
    const whole = await until(() => {
      const all = Buffer.concat(client.frames as Uint8Array[]);
      return all.subarray(-4).equals(Buffer.from('0000ffff', 'hex')) ? all : null;
    });
    expect(client.frames.every((part) => part.length <= 3)).toBe(true);
    expect((await flushed(zlib.createInflate(), whole)).length).toBe(60);
  });

  it('zstd-stream is one frame for all messages, which zstd can read', async () => {
    const { url, control } = await simulator();
    const client = peer(`${url}${QUERY}&compress=zstd-stream`);
    await until(() => client.frames.length === 1);
    client.send(2, IDENTIFY);
    await until(() => client.frames.length === 2);
    control.dispatch('BIG', 'é'.repeat(200_000));
    await until(() => client.frames.length === 3);
    const frames = client.frames as Uint8Array[];
    expect(Buffer.from(frames[0] ?? []).readUInt32LE()).toBe(0xfd2fb528);
    let chunks: Uint8Array[] = [];
    const stream = new Decompress((chunk) => chunks.push(chunk));
    const texts = frames.map((frame) => {
      chunks = [];
      stream.push(frame);
      return Buffer.concat(chunks).toString();
    });
    expect(texts.flatMap(payloadOf).map(inShort)).toEqual(['op 10', 'READY 1', 'BIG 2']);
  });

  it('`compress` in Identify compresses messages of some size by themselves, and goes on after a resume', async () => {
    const { url, control } = await simulator();
    const client = peer(`${url}${QUERY}`);
    await until(() => client.frames.length === 1);
    client.send(2, { ...IDENTIFY, compress: true });
    await until(() => client.frames.length === 2);
    control.dispatch('SMALL', 'é');
    control.dispatch('BIG', 'é'.repeat(200_000));
    await until(() => client.frames.length === 4);
    const texts = client.frames.map((frame) => (typeof frame === 'string' ? frame : `${zlib.inflateSync(frame)}`));
    expect(texts.flatMap(payloadOf).map(inShort)).toEqual(['op 10', 'READY 1', 'SMALL 2', 'BIG 3']);
    expect(client.frames.map((frame) => typeof frame)).toEqual(['string', 'object', 'string', 'object']);
    const session = JSON.parse(texts[1] ?? '').d.session_id as string;
    client.socket.terminate();
    control.dispatch('BIG', 'è'.repeat(200_000));
    const next = peer(`${url}${QUERY}`);
    await until(() => next.frames.length === 1);
    next.send(6, { token: 'T', session_id: session, seq: 3 });
    await until(() => next.frames.length === 3);
    expect(next.frames.map((frame) => typeof frame)).toEqual(['string', 'object', 'string']);
  });

  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => zlib.Inflate };
  it.each([
    ['zlib-stream', zlib.createInflate, 'Z_DATA_ERROR'],
    ...(createZstdDecompress ? [['zstd-stream', createZstdDecompress, 'ZSTD_error_corruption_detected'] as const] : []),
  ] as const)('%s is corrupt after the bytes that corrupt it, and not before', async (name, decompressor, code) => {
    const { url, control } = await simulator();
    const client = peer(`${url}${QUERY}&compress=${name}`);
    await until(() => client.frames.length === 1);
    control.injectFault('malformed', { kind: 'corruptCompression' });
    await until(() => client.frames.length === 2);
    const [hello, corrupt] = client.frames as [Uint8Array, Uint8Array];
    const decompress = decompressor();
    expect(payloadOf(await flushed(decompress, hello)).map(inShort)).toEqual(['op 10']);
    const broken = new Promise((resolve) => decompress.once('error', resolve));
    decompress.write(corrupt);
    expect(await broken).toMatchObject({ code });
  });

  it('an encoding or compression that is not served is refused with 400', async () => {
    const { url } = await simulator();
    for (const query of ['/?v=10&encoding=bson', '/?v=10&encoding=json&compress=br']) {
      const client = peer(`${url}${query}`);
      expect(await until(() => client.status)).toBe(400);
    }
  });
});

/** What a decompressor makes of one message. */
function flushed(stream: zlib.Inflate, frame: Uint8Array): Promise<string> {
  const chunks: Buffer[] = [];
  const collect = (chunk: Buffer) => void chunks.push(chunk);
  stream.on('data', collect);
  return new Promise((resolve) => {
    stream.write(frame, () => {
      stream.off('data', collect);
      resolve(Buffer.concat(chunks).toString());
    });
  });
}

describe('the API', () => {
  const bot = (restUrl: string, authorization?: string, version = 'v10') =>
    fetch(`${restUrl}/${version}/gateway/bot`, authorization === undefined ? {} : { headers: { authorization } });

  it('tells the URL to everyone, and the limits to the bot', async () => {
    const { url, restUrl } = await simulator({ shards: 3, maxConcurrency: 2 });
    await live(url);
    expect(await (await fetch(`${restUrl}/v10/gateway`)).json()).toEqual({ url });
    const answer = await bot(restUrl, 'Bot T');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({
      url,
      shards: 3,
      session_start_limit: { total: 1000, remaining: 999, reset_after: expect.any(Number), max_concurrency: 2 },
    });
  });

  it.each([undefined, 'T', 'Bearer T', 'Bot wrong', 'Bot '])('answers %s with 401', async (authorization) => {
    const { restUrl } = await simulator();
    const answer = await bot(restUrl, authorization);
    expect([answer.status, await answer.json()]).toEqual([401, { message: '401: Unauthorized', code: 0 }]);
  });

  it('fails as ordered', async () => {
    const { restUrl, control } = await simulator();
    control.injectFault('refuseGetGateway', { status: 429, retryAfter: 1.5 });
    const answer = await bot(restUrl, 'Bot T');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1.5']);
    control.injectFault('refuseGetGateway');
    expect((await bot(restUrl, 'Bot T')).status).toBe(503);
    control.clearFaults();
    expect((await bot(restUrl, 'Bot T')).status).toBe(200);
  });

  it('knows nothing else', async () => {
    const { restUrl } = await simulator();
    expect((await fetch(`${restUrl}/v10/users/@me`)).status).toBe(404);
    expect((await fetch(`${restUrl}/v10/gateway`, { method: 'DELETE' })).status).toBe(404);
  });

  it('may be read by pages of this machine', async () => {
    const { restUrl } = await simulator();
    const answer = await fetch(`${restUrl}/v10/gateway`, { headers: { origin: 'http://localhost:5173' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    const asked = await fetch(`${restUrl}/v10/gateway/bot`, {
      method: 'OPTIONS',
      headers: { origin: 'http://127.0.0.1' },
    });
    expect([asked.status, asked.headers.get('access-control-allow-headers')]).toEqual([
      204,
      expect.stringContaining('authorization'),
    ]);
  });
});

describe('control over HTTP', () => {
  const order = (controlUrl: string, what: string, args: unknown = {}, headers: Record<string, string> = {}) =>
    fetch(`${controlUrl}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof args === 'string' ? args : JSON.stringify(args),
    });

  it('does what the object does', async () => {
    const { url, controlUrl, control } = await simulator();
    const client = await live(url);
    const reached = async (what: string, args?: unknown) => {
      const answer = await order(controlUrl, what, args);
      return [answer.status, await answer.json()];
    };
    expect(await reached('dispatch', { name: 'A', data: { id: '1' } })).toEqual([200, { reached: 1 }]);
    expect(await reached('dispatch', { name: 'B', connection: 7 })).toEqual([200, { reached: 0 }]);
    expect(await reached('requestHeartbeat')).toEqual([200, { reached: 1 }]);
    expect(await reached('requestReconnect', { connection: 1 })).toEqual([200, { reached: 1 }]);
    expect(await reached('injectFault', { name: 'malformed', kind: 'number' })).toEqual([200, { reached: 1 }]);
    expect(await reached('invalidateSession', { resumable: true })).toEqual([200, { reached: 1 }]);
    await came(client, 'op 9 true');
    expect(client.frames).toContain('42');
    expect(client.payloads.map(inShort)).toEqual(['op 10', 'READY 1', 'A 2', 'op 1', 'op 7', 'op 9 true']);
    expect(await reached('injectFault', { name: 'swallowAcks' })).toEqual([200, { reached: 1 }]);
    expect(control.state().faults).toEqual([{ name: 'swallowAcks', at: 'greeting' }]);
    expect(await reached('clearFaults')).toEqual([200, { reached: null }]);
    expect(await reached('configure', { heartbeatInterval: 5_000 })).toEqual([200, { reached: null }]);
    expect((await greeted(url)).payloads[0]?.d).toEqual({ heartbeat_interval: 5_000 });
    expect(await reached('closeWith', { code: 4001, connection: 1 })).toEqual([200, { reached: 1 }]);
    expect(await until(() => client.end)).toBe(4001);
    expect(await reached('dropTcp')).toEqual([200, { reached: 2 }]);
  });

  it('shows the state, and no token', async () => {
    const { url, controlUrl, control } = await simulator({ token: 'very-secret' });
    await live(url, { token: 'very-secret' });
    const text = await (await fetch(controlUrl)).text();
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(control.state())));
    expect(text).not.toContain('very-secret');
  });

  it.each([
    ['an order that does not exist', 'explode', {}, {}, 404],
    ['an inherited name', 'toString', {}, {}, 404],
    ['a fault that does not exist', 'injectFault', { name: 'explode' }, {}, 400],
    ['a code that cannot be', 'closeWith', { code: 12 }, {}, 400],
    ['no code', 'closeWith', {}, {}, 400],
    ['no name', 'dispatch', {}, {}, 400],
    ['settings that make no sense', 'configure', { settings: { helloDelay: 'soon' } }, {}, 400],
    ['no JSON', 'dispatch', '{', {}, 400],
    ['no object', 'dispatch', '[]', {}, 400],
    ['a form', 'dropTcp', {}, { 'content-type': 'text/plain' }, 415],
    ['a page elsewhere', 'dropTcp', {}, { origin: 'https://evil.example' }, 403],
    ['a page without an origin', 'dropTcp', {}, { origin: 'null' }, 403],
  ])('refuses %s', async (_, what, args, headers, status) => {
    const { controlUrl } = await simulator();
    const answer = await order(controlUrl, what, args, headers as Record<string, string>);
    expect([answer.status, await answer.json()]).toEqual([status, { message: expect.any(String) }]);
  });

  it('refuses other names for this machine, as a page may make up, on HTTP and WebSocket', async () => {
    const { port, url } = await simulator();
    const socket = tcp(port);
    const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    socket.write('GET /_control HTTP/1.1\r\nHost: rebound.example\r\n\r\n');
    expect(await answer).toContain('403');
    const client = peer(`${url}${QUERY}`, { headers: { host: 'rebound.example' } });
    expect(await until(() => client.status)).toBe(403);
    const page = peer(`${url}${QUERY}`, { origin: 'https://evil.example' });
    expect(await until(() => page.status)).toBe(403);
    await greeted(url, { origin: 'http://localhost:5173' });
  });
});

describe('the server', () => {
  it('listens on this machine alone, and says where', async () => {
    const { url, resumeUrl, restUrl, controlUrl, port, ca } = await simulator();
    expect([url, resumeUrl, restUrl, controlUrl, ca]).toEqual([
      `ws://127.0.0.1:${port}`,
      `ws://localhost:${port}/resume`,
      `http://127.0.0.1:${port}/api`,
      `http://127.0.0.1:${port}/_control`,
      null,
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
    await greeted(`${resumeUrl}?v=10`, { ca: ca ?? '' });
    const stranger = peer(`${url}${QUERY}`);
    expect(await until(() => stranger.end)).toBe(1006);
  });

  it('leaves nothing open when it is closed', async () => {
    const before = process.getActiveResourcesInfo().filter((name) => name !== 'Timeout').length;
    const { url, close, restUrl } = await startSimulator({ dispatchesPerSecond: 100, heartbeatInterval: 60_000 });
    const clients = [await live(url), await greeted(url)];
    clients[0]?.socket.close(4900);
    await (await fetch(`${restUrl}/v10/gateway`)).text();
    await close();
    for (const client of clients) await until(() => client.end);
    await until(() => process.getActiveResourcesInfo().filter((name) => name !== 'Timeout').length <= before);
  });

  it('has a sentence for every fault', () => {
    expect(Object.keys(FAULTS).length).toBeGreaterThan(15);
  });
});
