import { once } from 'node:events';
import { Agent, createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { type WsOptions, ws } from '../../adapters/ws.js';
import { type PeerFrame, socketContract } from '../../src/contracts/index.js';
import type { Socket, SocketEnd } from '../../src/ports/index.js';
import { itKeeps } from '../support/claims.js';
import { type RawPeer, startRawPeer } from '../support/start-raw-peer.js';

let raw: RawPeer;
beforeAll(async () => {
  raw = await startRawPeer();
});
afterAll(() => raw.stop());

const resources = () => process.getActiveResourcesInfo();

describe('the socket contract', () => {
  itKeeps(socketContract(() => ({ port: ws(), peer: raw.peer, resources })));
});

/** Opens a socket and gives its messages and its end. */
function open(url: string, options?: WsOptions, maxPayload = 1000) {
  const messages: (string | Uint8Array)[] = [];
  let socket: Socket | undefined;
  const closed = new Promise<SocketEnd>((resolve) => {
    const message = (data: string | Uint8Array) => void messages.push(data);
    socket = ws(options).open(url, { maxPayload }, { opened() {}, message, closed: resolve });
  });
  return { socket: socket as Socket, messages, closed };
}

const accept = (...frames: PeerFrame[]) => ({ step: 'accept', frames }) as const;

describe('ws', () => {
  it('hands on text as bytes, without making a string of it', async () => {
    const { url } = await raw.peer.play([accept({ type: 'text', data: 'ž' }, { type: 'close' })]);
    const { messages, closed } = open(url);
    await closed;
    expect(messages).toEqual([Buffer.from('ž')]);
  });

  it('closes with 1009 over a message beyond maxPayload, whether or not the peer answers', async () => {
    const { url, ended } = await raw.peer.play([{ step: 'ignoreClose' }, accept({ type: 'binary', size: 1001 })]);
    const end = await open(url).closed;
    expect(end).toMatchObject({ code: 1009, wasClean: false, error: { code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' } });
    expect((await ended()).closeCode).toBe(1009);
  });

  it('closes at once when the peer breaks the protocol, whether or not the peer answers', async () => {
    const { url, ended } = await raw.peer.play([{ step: 'ignoreClose' }, accept({ type: 'invalid' })]);
    expect(await open(url).closed).toMatchObject({ code: 1006, error: { code: 'WS_ERR_INVALID_OPCODE' } });
    expect((await ended()).closeCode).toBe(1002);
  });

  it('gives up on a message in more than 16,384 parts, each of which would be kept', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const lives = async (parts: number) => {
      server.once('connection', (peer) => {
        for (let n = 1; n < parts; n += 1) peer.send('x', { fin: false });
        peer.send('x', () => peer.close(4000));
      });
      const { messages, closed } = open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, {}, 100_000);
      const { code, error } = await closed;
      return [messages.map(({ length }) => length), code, (error as { code?: string } | undefined)?.code];
    };
    expect(await lives(16_384)).toEqual([[16_384], 4000, undefined]);
    expect(await lives(16_385)).toEqual([[], 1006, 'WS_ERR_TOO_MANY_BUFFERED_PARTS']);
    server.close();
  });

  it('tells the close code of a peer that then leaves the TCP connection open', async () => {
    const { url } = await raw.peer.play([{ step: 'ignoreClose' }, accept({ type: 'close', code: 4009 })]);
    expect(await open(url, { closeTimeout: 50 }).closed).toMatchObject({ code: 4009, wasClean: true });
  });

  it.each([400, 401, 503])('tells the HTTP status %i with which the upgrade was refused', async (status) => {
    const { url } = await raw.peer.play([{ step: 'refuse', status }]);
    const end = await open(url).closed;
    expect(end).toMatchObject({ code: 1006, wasClean: false, httpStatus: status });
    expect(end.error?.message).toBe(`The WebSocket was refused with HTTP ${status}`);
  });

  it.each([
    ['3', 3_000],
    ['0.5', 500],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['-1', undefined],
    [undefined, undefined],
  ])('tells when to come again after a refusal with Retry-After %j', async (told, ms) => {
    const server = createHttpServer();
    const header = told === undefined ? '' : `retry-after: ${told}\r\n`;
    server.on('upgrade', (_, socket) =>
      socket.end(`HTTP/1.1 429 Too Many Requests\r\n${header}connection: close\r\n\r\n`),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const end = await open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`).closed;
    expect([end.httpStatus, end.retryAfter]).toEqual([429, ms]);
    server.close();
  });

  it('drops without a close frame, which would end the session', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const end = new Promise<number>((resolve) => server.once('connection', (peer) => peer.once('close', resolve)));
    const opened = once(server, 'connection');
    const { socket } = open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await opened;
    for (let n = 0; n < 100 && !socket.isOpen; n += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    socket.drop();
    expect(await end).toBe(1006);
    server.close();
  });

  it('tells why there was no connection', async () => {
    expect(await open(raw.peer.nowhere).closed).toMatchObject({ code: 1006, error: { code: 'ECONNREFUSED' } });
    const lookup: WsOptions['lookup'] = (host, _options, callback) =>
      callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }), '', 0);
    const end = await open('ws://gateway.invalid/', { lookup }).closed;
    expect(end).toMatchObject({ code: 1006, error: { code: 'ENOTFOUND' } });
    expect(await open('ws://:::').closed).toMatchObject({ code: 1006, error: { message: 'Invalid URL: ws://:::' } });
  });

  it('follows no redirect, whatever it is told', async () => {
    let visits = 0;
    const server = createHttpServer();
    server.on('upgrade', (_, socket) => {
      visits += 1;
      socket.end('HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\nconnection: close\r\n\r\n');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const end = await open(url, { followRedirects: true } as WsOptions).closed;
    expect(end).toMatchObject({ code: 1006, httpStatus: 302 });
    expect(visits).toBe(1);
    server.close();
  });

  it('passes agent and headers through and offers no compression', async () => {
    const server = createHttpServer();
    const upgraded = once(server, 'upgrade') as Promise<[IncomingMessage, Socket]>;
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const agent = new Agent();
    const createConnection = vi.spyOn(agent, 'createConnection');
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { socket } = open(url, { agent, headers: { 'X-Shard': '7' } });
    const [request] = await upgraded;
    socket.drop();
    expect(createConnection).toHaveBeenCalledOnce();
    expect(request.headers['x-shard']).toBe('7');
    expect(request.headers).not.toHaveProperty('sec-websocket-extensions');
    server.close();
  });

  it('passes TLS options through, and refuses a certificate that nobody vouches for', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const server = createServer({ key, cert });
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await open(url).closed).toMatchObject({ code: 1006, error: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    expect(await open(url, { rejectUnauthorized: false }).closed).toMatchObject({ code: 1006, httpStatus: 403 });
    server.close();
  });

  it('refuses a certificate that has expired, and says so', async () => {
    const [notBeforeDate, notAfterDate] = [new Date('2020-01-01'), new Date('2020-02-01')];
    const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      notBeforeDate,
      notAfterDate,
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    const server = createServer({ key, cert });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await open(url, { ca: cert }).closed).toMatchObject({ code: 1006, error: { code: 'CERT_HAS_EXPIRED' } });
    server.close();
  });
});
