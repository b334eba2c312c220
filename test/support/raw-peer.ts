/**
 * The server of the socket contract, down to the bytes: frames are built and read here by hand, so that it can misbehave.
 * Commands come by HTTP from any origin: `POST /play` with a script gives `{ id }`, `GET /ended/<id>` answers once the
 * connection `ws://.../<id>` has ended. Runs in a thread of its own (`startRawPeer`).
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type PeerFrame, type PeerMessage, type PeerRecord, type PeerStep, pattern } from '../../src/contracts/peer.js';

interface Played {
  readonly script: readonly PeerStep[];
  readonly ended: Promise<PeerRecord>;
  end(record: PeerRecord): void;
}

/** Listens on a free port of the loopback interface. */
export async function listen(): Promise<{ port: number; nowhere: number }> {
  const played = new Map<string, Played>();
  const server = createServer(async (request, response) => {
    const [, command, id = ''] = (request.url ?? '').split('/');
    let answer: unknown;
    if (command === 'play' && request.method === 'POST') answer = { id: plan(played, JSON.parse(await text(request))) };
    if (command === 'ended') answer = await played.get(id)?.ended;
    response.writeHead(answer ? 200 : 404, { 'access-control-allow-origin': '*', 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? null));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const connection = played.get(/^\/([^?]*)/.exec(request.url ?? '')?.[1] ?? '');
    if (connection) void perform(connection, request, socket as Socket);
    else socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, nowhere: await closedPort() };
}

function plan(played: Map<string, Played>, script: readonly PeerStep[]): string {
  const id = String(played.size + 1);
  let end: Played['end'] = () => {};
  const ended = new Promise<PeerRecord>((resolve) => {
    end = resolve;
  });
  played.set(id, { script, ended, end });
  return id;
}

async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function perform(connection: Played, request: IncomingMessage, socket: Socket): Promise<void> {
  const messages: PeerMessage[] = [];
  let closeCode: number | null = null;
  let hasClosed = false;
  let answersClose = true;
  let followsEnd = true;
  let proceed = () => {};
  const write = (head: string, frames: readonly PeerFrame[] = []) => {
    hasClosed ||= frames.some(({ type }) => type === 'close');
    socket.write(Buffer.concat([Buffer.from(head), ...frames.map(encode)]));
  };
  const isOver = new AbortController();
  const finish = () => {
    isOver.abort();
    connection.end({ messages, closeCode });
  };
  socket.on('error', () => {});
  socket.on('close', finish);
  socket.on('end', () => {
    if (followsEnd) socket.end();
  });
  read(socket, {
    message: (isBinary, data) => {
      const shown = data.length > 65_536 ? '' : data.toString(isBinary ? 'hex' : 'utf8');
      messages.push({ isBinary, size: data.length, data: shown });
      proceed();
    },
    close: (code) => {
      closeCode = code;
      if (!answersClose) return;
      if (!hasClosed) write('', [code === 1005 ? { type: 'close' } : { type: 'close', code }]);
      socket.end();
    },
  });

  for (const step of connection.script) {
    if (isOver.signal.aborted) return;
    if (step.step === 'accept') write(acceptance(request), step.frames);
    else if (step.step === 'refuse') socket.end(refusal(step.status));
    else if (step.step === 'send') write('', step.frames);
    else if (step.step === 'stopReading') socket.pause();
    else if (step.step === 'ignoreClose') answersClose = false;
    else if (step.step === 'ignoreEnd') followsEnd = false;
    else if (step.step === 'drop') socket.destroy();
    else if (step.step === 'wait') await wait(step.ms, isOver.signal);
    else {
      while (messages.length < step.messages && !isOver.signal.aborted) {
        await new Promise<void>((resolve) => {
          proceed = resolve;
          isOver.signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    }
  }
}

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

function acceptance(request: IncomingMessage): string {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const digest = createHash('sha1').update(key).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${digest}\r\n\r\n`;
}

const refusal = (status: number) =>
  `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno`;

const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, invalid: 3 };

/** The frames of a message, unmasked as a server's are, with a ping between the fragments. */
function encode(frame: PeerFrame): Buffer {
  if (frame.type === 'close' || frame.type === 'invalid') return encodeFrame(OPCODE[frame.type], payload(frame));
  const data = payload(frame);
  const count = frame.fragments ?? 1;
  const length = Math.ceil(data.length / count);
  const frames: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const part = data.subarray(i * length, (i + 1) * length);
    if (i > 0) frames.push(encodeFrame(OPCODE.ping, Buffer.from('between')));
    frames.push(encodeFrame(i === 0 ? OPCODE[frame.type] : 0, part, i === count - 1));
  }
  return Buffer.concat(frames);
}

function payload(frame: PeerFrame): Buffer {
  if (frame.type === 'invalid') return Buffer.alloc(0);
  if (frame.type !== 'close') return Buffer.from('size' in frame ? pattern(frame.size) : frame.data);
  if (frame.code === undefined) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from([frame.code >> 8, frame.code & 255]), Buffer.from(frame.reason ?? '')]);
}

function encodeFrame(opcode: number, data: Buffer, isFinal = true): Buffer {
  const head = Buffer.alloc(data.length < 126 ? 2 : data.length < 65_536 ? 4 : 10);
  head[0] = (isFinal ? 0x80 : 0) | opcode;
  if (head.length === 2) head[1] = data.length;
  else if (head.length === 4) head.writeUInt16BE(data.length, 2);
  else head.writeBigUInt64BE(BigInt(data.length), 2);
  if (head.length > 2) head[1] = head.length === 4 ? 126 : 127;
  return Buffer.concat([head, data]);
}

/** Reads the masked frames of a client. */
function read(socket: Socket, on: { message(isBinary: boolean, data: Buffer): void; close(code: number): void }): void {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let needed = 2;
  let parts: Buffer[] = [];
  let isBinary = false;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    buffered += chunk.length;
    while (buffered >= needed) {
      const bytes = Buffer.concat(chunks);
      const frame = decode(bytes);
      chunks = [frame.rest];
      buffered = frame.rest.length;
      needed = frame.needed;
      if (frame.opcode === OPCODE.close) on.close(frame.data.length < 2 ? 1005 : frame.data.readUInt16BE(0));
      if (frame.opcode === undefined || frame.opcode >= OPCODE.close) continue;
      if (frame.opcode !== 0) isBinary = frame.opcode === OPCODE.binary;
      parts.push(frame.data);
      if (!frame.isFinal) continue;
      on.message(isBinary, Buffer.concat(parts));
      parts = [];
    }
  });
}

/** The first frame of the bytes, without an opcode if it is not whole, and how many bytes the next look needs. */
function decode(bytes: Buffer) {
  const none = { opcode: undefined, isFinal: false, data: Buffer.alloc(0), rest: bytes };
  if (bytes.length < 2) return { ...none, needed: 2 };
  const short = bytes.readUInt8(1) & 127;
  const head = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + 4;
  if (bytes.length < head) return { ...none, needed: head };
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < head + length) return { ...none, needed: head + length };
  const mask = bytes.subarray(head - 4, head);
  const data = Buffer.from(bytes.subarray(head, head + length));
  for (let i = 0; i < length; i++) data[i] = (data[i] ?? 0) ^ (mask[i & 3] ?? 0);
  const first = bytes.readUInt8(0);
  return { opcode: first & 15, isFinal: first >= 128, data, rest: bytes.subarray(head + length), needed: 2 };
}
