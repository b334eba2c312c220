/** A simulator on this machine and clients with real sockets; all of them end with the test that made them. */
import { connect as connectTcp, type Socket as TcpSocket } from 'node:net';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.js';
import { atMost } from '../support/slowness.js';
import { IDENTIFY, inShort, type Payload, payloadOf } from './client.js';

/** Real time passes here, but only as little as it takes. */
export async function until<T>(read: () => T, ms = atMost(4_000)): Promise<NonNullable<T>> {
  for (const end = Date.now() + ms; ; await new Promise((resolve) => setTimeout(resolve, 2))) {
    const value = read();
    if (value) return value;
    if (Date.now() > end) throw new Error(`this never held: ${read}`);
  }
}

export async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const started = await startSimulator({ token: 'T', guilds: 0, limits: { identifyWindowMs: 0 }, ...options });
  onTestFinished(() => started.close());
  return started;
}

export interface Peer {
  readonly socket: WebSocket;
  readonly frames: (string | Uint8Array)[];
  readonly payloads: readonly Payload[];
  readonly end: number | null;
  readonly status: number | null;
  send(op: number, d: unknown): void;
}

export function peer(url: string, options: WebSocket.ClientOptions = {}): Peer {
  const frames: (string | Uint8Array)[] = [];
  const payloads: Payload[] = [];
  let end: number | null = null;
  let status: number | null = null;
  const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
  onTestFinished(() => socket.terminate());
  socket.on('message', (data: Buffer, isBinary) => {
    const frame = isBinary ? data : data.toString();
    frames.push(frame);
    payloads.push(...payloadOf(frame));
  });
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
    payloads,
    get end() {
      return end;
    },
    get status() {
      return status;
    },
    send: (op, d) => socket.send(JSON.stringify({ op, d })),
  };
}

export const QUERY = '/?v=10&encoding=json';

/** A client that has received Hello. */
export async function greeted(url: string, options: WebSocket.ClientOptions = {}): Promise<Peer> {
  const client = peer(url.includes('?') ? url : `${url}${QUERY}`, options);
  await until(() => client.payloads.length > 0);
  return client;
}

export async function live(url: string, changes: object = {}): Promise<Peer> {
  const client = await greeted(url);
  client.send(2, { ...IDENTIFY, ...changes });
  await until(() => client.payloads.some(({ t }) => t === 'READY'));
  return client;
}

export const came = (client: Peer, what: string) => until(() => client.payloads.map(inShort).includes(what));

export function tcp(port: number): TcpSocket {
  const socket = connectTcp(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  onTestFinished(() => void socket.destroy());
  return socket;
}

const HEADERS = ['Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];

/** What asks for a WebSocket connection. */
export const UPGRADE = `GET ${QUERY} HTTP/1.1\r\n${HEADERS.join('\r\n')}\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;

/** A WebSocket connection by hand. */
export async function handshake(port: number): Promise<TcpSocket> {
  const socket = tcp(port);
  socket.write(UPGRADE);
  await new Promise((resolve) => socket.once('data', resolve));
  return socket;
}
