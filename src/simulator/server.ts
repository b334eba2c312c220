/** The Gateway on this machine: a real WebSocket server on 127.0.0.1, with Get Gateway Bot and its own control beside it. */
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { isPort, isTrueOrFalse } from '../../machines/kit/shape.js';
import { realClock } from '../ports/clock.js';
import { createCertificate } from './certificate.js';
import type { ConnectionRequest, Transport } from './connection.js';
import type { Control, SessionState } from './control.js';
import { Gateway } from './gateway.js';
import { answer, isLocal, urlOf } from './http.js';
import type { WireLog } from './log.js';
import { checkOptions, type GatewayOptions } from './options.js';
import { zlibCompressors } from './zlib-compression.js';

/** What the simulator is started with. */
export interface SimulatorOptions extends GatewayOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** Serves `wss` and `https`, with a certificate made on the spot; clients have to trust `ca`. Needs the package `selfsigned`. */
  readonly tls?: boolean;
}

/** A running simulator. */
export interface Simulator {
  readonly port: number;
  /** The Gateway, such as `ws://127.0.0.1:4747`. */
  readonly url: string;
  /** What READY names for resumes: another host name of the same server. */
  readonly resumeUrl: string;
  /** The API, such as `http://127.0.0.1:4747/api`, without version. */
  readonly restUrl: string;
  /** Takes orders as POST `<controlUrl>/<method>` with the arguments as a JSON object; GET shows the state. */
  readonly controlUrl: string;
  /** The certification authority to trust, as PEM; null without TLS. */
  readonly ca: string | null;
  readonly control: Control;
  /** What crossed the wire: by default the newest 10,000 entries. */
  readonly log: WireLog;
  readonly sessions: readonly SessionState[];
  /** Drops every connection and stops listening; resolves once nothing is open any more. */
  close(): Promise<void>;
}

/** Entries of the log that a server keeps. */
const LOG_ENTRIES = 10_000;

/** Larger messages end the connection with 1009 before they are read; those over 4096 bytes get their 4002. */
const LARGEST_MESSAGE = 1 << 20;

/** What may wait to be read by a client, in bytes; a client that does not read is dropped. */
const LARGEST_BACKLOG = 64 << 20;

/** Starts a simulator on 127.0.0.1. Rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  checkOptions(options, { port: isPort, tls: isTrueOrFalse });
  const clock = realClock();
  const { log = LOG_ENTRIES, seed = Math.floor(Math.random() * 2 ** 32) } = options;
  const gateway = new Gateway({ ...options, log, seed }, clock, { compressors: zlibCompressors });
  const certificate = options.tls === true ? await createCertificate() : null;
  const server =
    certificate === null ? createServer() : createTlsServer({ key: certificate.key, cert: certificate.cert });
  const port = await listen(server, options.port ?? 0);

  const s = certificate === null ? '' : 's';
  const url = `ws${s}://127.0.0.1:${port}`;
  const resumeUrl = `ws${s}://${RESUME_HOST}:${port}`;
  const sockets = serveGateway(server, gateway, resumeUrl);
  server.on('request', (request, response) => void answer(gateway, url, request, response));
  return {
    port,
    url,
    resumeUrl,
    restUrl: `http${s}://127.0.0.1:${port}/api`,
    controlUrl: `http${s}://127.0.0.1:${port}/_control`,
    ca: certificate?.ca ?? null,
    control: gateway.control,
    log: gateway.log,
    get sessions() {
      return gateway.sessions;
    },
    async close() {
      gateway.stop();
      clock.stop();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** Which of this machine's names stands for the host that READY names for resumes. */
const RESUME_HOST = 'localhost';

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function serveGateway(server: Server, gateway: Gateway, resumeUrl: string): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: LARGEST_MESSAGE });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const accepted = admit(gateway, request, resumeUrl);
    if (typeof accepted === 'number') return refuse(socket, accepted);
    const held = gateway.greetsWithUpgrade() ? socket : null;
    held?.cork();
    sockets.handleUpgrade(request, socket, head, (webSocket) => attach(gateway, webSocket, accepted, held));
  });
  return sockets;
}

/** What a client wants to open, or the HTTP status that refuses it. */
function admit(gateway: Gateway, request: IncomingMessage, resumeUrl: string): ConnectionRequest | number {
  const url = urlOf(request);
  const resumeHost = new RegExp(`^${RESUME_HOST}(:|$)`, 'i').test(request.headers.host ?? '');
  const problem = !isLocal(request) ? 403 : url === null || url.pathname === '/' ? null : 404;
  return gateway.admit({ url, resumeHost, resumeUrl, problem });
}

function refuse(socket: Duplex, status: number): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  );
}

/** Puts a connection on a WebSocket of `ws`; `held` is the TCP socket if what it sends waits for the first message. */
function attach(gateway: Gateway, socket: WebSocket, accepted: ConnectionRequest, held: Duplex | null): void {
  let violation: number | null = null;
  let closeFrame: number | null = null;
  const connection = gateway.connect(
    accepted,
    transportOver(socket, held, (code) => {
      closeFrame = code;
      connection.closed(code);
    }),
  );
  socket.on('message', (data: RawData, isBinary: boolean) => {
    connection.received(isBinary ? bytesOf(data) : bytesOf(data).toString('utf8'));
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    violation = VIOLATIONS[error.code ?? ''] ?? null;
  });
  socket.on('close', (code) => {
    if (violation !== null) connection.violated(violation);
    else connection.closed(closeFrame === null ? code : 1006);
  });
}

/** The codes with which `ws` itself closes, by its errors. */
const VIOLATIONS: Readonly<Record<string, number>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_EXPECTED_FIN: 1002,
  WS_ERR_EXPECTED_MASK: 1002,
  WS_ERR_INVALID_CLOSE_CODE: 1002,
  WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH: 1002,
  WS_ERR_INVALID_OPCODE: 1002,
  WS_ERR_UNEXPECTED_MASK: 1002,
  WS_ERR_UNEXPECTED_RSV_1: 1002,
  WS_ERR_UNEXPECTED_RSV_2_3: 1002,
};

function transportOver(socket: WebSocket, held: Duplex | null, unanswered: (code: number) => void): Transport {
  const answering = socket.close;
  let corked = held;
  const release = () => {
    corked?.uncork();
    corked = null;
  };
  return {
    send(data) {
      socket.send(data, () => {}); // what fails shows as `close`
      release();
      if (socket.bufferedAmount > LARGEST_BACKLOG) socket.terminate();
    },
    close(code) {
      socket.close(code);
      release();
    },
    answerClose: () => {}, // `ws` has done it
    drop: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    // `ws` answers a close frame by calling this method of its own.
    ignoreClose(ignored) {
      socket.close = ignored ? (code = 1005) => unanswered(code) : answering;
    },
  };
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}
