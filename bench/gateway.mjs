/**
 * The Gateway of the benchmarks, a process of its own: Hello, READY after Identify, an ACK for each heartbeat, Get
 * Gateway Bot over HTTP, and floods of dispatches. A flood is encoded before it begins and written in large pieces, so
 * that the client is what takes the time. Ordered about by its parent process, see run.mjs.
 */
import { createServer } from 'node:http';
import zlib from 'node:zlib';
import { WebSocketServer } from 'ws';
import { batches, frame } from './frames.mjs';
import { dispatches } from './payloads.mjs';

/**
 * `hello` and `interval` in ms: the time before Hello, which some clients would lose if it came in one packet with the
 * answer to the handshake, and that between heartbeats.
 *
 * @type {{ blend: string | null, floods: number[], hello: number, interval: number, shards: number }}
 */
const settings = JSON.parse(process.argv[2]);

/** READY is the first, so dispatches begin with the second. */
let sequence = 2;
const floods = settings.floods.map((count, i) => {
  const messages = settings.blend === null ? [] : dispatches(settings.blend, count, { from: sequence, seed: i + 1 });
  sequence += count;
  return messages;
});

/** How messages are written, by the query parameter `compress`: one context per connection. */
const ENCODERS = {
  plain: () => ({ isBinary: false, encode: (text) => Buffer.from(text) }),
  'zlib-stream': () => streaming(zlib.createDeflate(), zlib.constants.Z_SYNC_FLUSH),
  'zstd-stream': () => streaming(zlib.createZstdCompress(), zlib.constants.ZSTD_e_flush),
};

/** Node's own compression, driven synchronously. */
function streaming(stream, flush) {
  const out = Buffer.alloc(1024 * 1024);
  return {
    isBinary: true,
    encode(text) {
      const bytes = Buffer.from(text);
      stream._handle.writeSync(flush, bytes, 0, bytes.length, out, 0, out.length);
      const [left, unread] = stream._writeState;
      if (left === 0 || unread > 0) throw new Error('A compressed message is larger than the buffer for it');
      return Buffer.from(out.subarray(0, out.length - left));
    },
  };
}

/** The floods in pieces, by all that decides how they are encoded: what went before on the connection. */
const encoded = new Map();

class Connection {
  #socket;
  #kind;
  #encoder;
  /** All that was sent before a flood: a compressed flood depends on it. */
  #before = '';
  #pieces = [];
  #isFlooding = false;

  constructor(webSocket, socket, kind) {
    this.#socket = socket;
    this.#kind = kind;
    this.#encoder = ENCODERS[kind]();
    webSocket.on('message', (data) => this.#heed(JSON.parse(data.toString())));
    webSocket.on('error', () => {});
    const hello = { t: null, s: null, op: 10, d: { heartbeat_interval: settings.interval, _trace: ['["bench"]'] } };
    setTimeout(() => this.#send(hello), settings.hello);
  }

  /** Encodes the floods; compressed, they are part of the one stream of the connection. Returns how. */
  prepare() {
    const key = `${this.#kind} ${this.#kind === 'plain' ? '' : this.#before}`;
    if (!encoded.has(key)) {
      encoded.clear(); // large
      const { isBinary, encode } = this.#encoder;
      const pieces = floods.map((flood) => batches(flood.map(({ text }) => frame(encode(text), isBinary))));
      encoded.set(key, pieces);
    }
    this.#pieces = encoded.get(key);
    this.#isFlooding = true; // what comes after the floods in a compressed stream cannot go before them
    return this.#kind;
  }

  flood(index) {
    const pieces = this.#pieces[index];
    let next = 0;
    const write = () => {
      while (next < pieces.length) {
        const isTaken = this.#socket.write(pieces[next]);
        next += 1;
        if (!isTaken) return this.#socket.once('drain', write);
      }
    };
    write();
  }

  #heed({ op, d }) {
    if (op === 1) this.#send({ t: null, s: null, op: 11, d: null });
    if (op !== 2) return;
    const [id, count] = d.shard ?? [0, 1];
    this.#send({ t: 'READY', s: 1, op: 0, d: ready(id, count) });
  }

  #send(payload) {
    if (this.#isFlooding) return; // the run is over before a heartbeat without an ACK matters
    const text = JSON.stringify(payload);
    this.#before += text;
    this.#socket.write(frame(this.#encoder.encode(text), this.#encoder.isBinary));
  }
}

const ready = (id, count) => ({
  v: 10,
  user_settings: {},
  user: {
    verified: true,
    username: 'bench',
    primary_guild: null,
    mfa_enabled: true,
    id: '1000000000000000001',
    global_name: null,
    flags: 0,
    email: null,
    discriminator: '0000',
    clan: null,
    bot: true,
    avatar: null,
  },
  session_type: 'normal',
  session_id: '0123456789abcdef0123456789abcdef',
  resume_gateway_url: url(),
  relationships: [],
  private_channels: [],
  presences: [],
  guilds: [],
  guild_join_requests: [],
  geo_ordered_rtc_regions: ['rotterdam'],
  game_relationships: [],
  auth: {},
  application: { id: '1000000000000000001', flags: 565248 },
  shard: [id, count],
  _trace: ['["bench"]'],
});

const http = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  const body = {
    url: url(),
    shards: settings.shards,
    session_start_limit: {
      total: 100_000,
      remaining: 100_000,
      reset_after: 86_400_000,
      max_concurrency: settings.shards,
    },
  };
  response.end(JSON.stringify(request.url?.endsWith('/gateway/bot') ? body : { url: body.url }));
});

const connections = new Set();
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
server.on('connection', (webSocket, request) => {
  const kind = new URL(request.url ?? '/', 'ws://127.0.0.1').searchParams.get('compress') ?? 'plain';
  if (ENCODERS[kind] === undefined) return webSocket.close(4012);
  const connection = new Connection(webSocket, request.socket, kind);
  connections.add(connection);
  webSocket.on('close', () => connections.delete(connection));
});

/** The newest connection: one client runs at a time. */
const current = () => [...connections].at(-1);

const ORDERS = {
  /** What those hear of each flood who hear the events of these names, or all: how many, and the id of the last. */
  expect: ({ hears }) =>
    floods.map((flood) => ({
      count: hears ? flood.filter(({ name }) => hears.includes(name)).length : flood.length,
      last: JSON.parse(flood.at(-1).text).d.id,
    })),
  prepare: () => current().prepare(),
  flood: ({ index }) => current().flood(index),
  exit: () => process.exit(),
};
process.on('message', (message) => {
  try {
    process.send({ answers: message.id, answer: ORDERS[message.order](message) });
  } catch (error) {
    process.send({ failed: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit());

http.listen(0, '127.0.0.1', 4096, () => process.send({ url: url(), rest: `http://127.0.0.1:${http.address().port}` }));

function url() {
  return `ws://127.0.0.1:${http.address().port}/`;
}
