/** What the fuzzing starts from: whole conversations of the Gateway in every encoding and compression, made by real compressors. */
import { once } from 'node:events';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { type GatewayEncoding, isDispatchName } from '../../machines/index.js';
import { discordEtf } from '../../src/simulator/etf.js';
import { MALFORMED } from '../../src/simulator/malformed.js';

/** What a connection speaks. */
export interface Speech {
  readonly encoding: GatewayEncoding;
  readonly compress: 'zlib-stream' | 'zstd-stream' | 'payload' | false;
}

/** A message as it goes over the wire, and what it is. */
export interface Frame {
  readonly data: Uint8Array;
  readonly isBinary: boolean;
  /** The sequence of a dispatch; null for anything else, one whose name cannot be among it. */
  readonly sequence: number | null;
  /** READY or RESUMED, which are handed on whatever their number. */
  readonly isBeginning: boolean;
}

/** The Gateway's side of a connection from Hello on, in one compression context. */
export interface Conversation {
  readonly frames: readonly Frame[];
}

/** Every speech there is; zstd only where Node has it (22.15). */
export const SPEECHES: readonly Speech[] = [
  { encoding: 'json', compress: false },
  { encoding: 'json', compress: 'payload' },
  { encoding: 'json', compress: 'zlib-stream' },
  { encoding: 'etf', compress: false },
  { encoding: 'etf', compress: 'zlib-stream' },
  ...('createZstdCompress' in zlib
    ? [
        { encoding: 'json' as const, compress: 'zstd-stream' as const },
        { encoding: 'etf' as const, compress: 'zstd-stream' as const },
      ]
    : []),
];

/** Conversations that begin with a new session, and as many that resume one: their first frames are the same. */
export async function conversations(
  speech: Speech,
  count: number,
  seed: number,
): Promise<{ readonly fresh: readonly Conversation[]; readonly resumed: readonly Conversation[] }> {
  const bodies = fc.sample(fc.tuple(ready, body), { numRuns: count, seed });
  const later = (payload: Payload) => (typeof payload.s === 'number' ? { ...payload, s: payload.s + LATER } : payload);
  const all = (change: (first: Payload, payloads: readonly Payload[]) => readonly Payload[]) =>
    Promise.all(bodies.map(([first, payloads]) => converse([HELLO, ...change(first, payloads)], speech)));
  return {
    fresh: await all((first, payloads) => [first, ...payloads]),
    resumed: await all((_, payloads) => [RESUMED, ...payloads].map(later)),
  };
}

type Payload = Readonly<Record<string, unknown>>;

const HELLO: Payload = { t: null, s: null, op: 10, d: { heartbeat_interval: 41_250 } };
/** What comes after a resume has higher numbers than what came before it. */
const LATER = 1_000;
const RESUMED: Payload = { t: 'RESUMED', s: 1, op: 0, d: {} };

/** Session ids as no Gateway has sent them yet: short, long, words of the chart, what a pattern or a terminal would obey. */
const SESSION_IDS: readonly unknown[] = [
  ...['S', 'session', 'running', 'timer.hello', '<session 1>', '__proto__', '', null, 7],
  ...['session-id-0123456789', '.*+?^$()|[]{}\\"\n\u001b[31m', 'ü😀'.repeat(20), 'x1'.repeat(512), 'x2'.repeat(20_000)],
];
const RESUME_URLS: readonly unknown[] = [
  ...[
    'wss://gateway-b.discord.gg',
    'wss://Gateway-C.discord.gg/?secret=1',
    'wss://gateway.discord.gg/',
    'wss://session',
  ],
  ...['wss://user:password-1@gateway-d.discord.gg', 'ws://evil.example', 'no URL', '', null, 7],
  `wss://gateway-e.discord.gg/${'x'.repeat(5_000)}`,
];
const ready: fc.Arbitrary<Payload> = fc
  .record({ session_id: fc.constantFrom(...SESSION_IDS), resume_gateway_url: fc.constantFrom(...RESUME_URLS) })
  .map((d) => ({ t: 'READY', s: 1, op: 0, d: { v: 10, user: { id: '1' }, guilds: [], ...d } }));

/** Names that no dispatch has. */
const NO_NAMES: readonly string[] = [
  ...['transition', 'notice', 'warning', 'dispatch', 'raw', 'error', '__proto__', 'constructor', 'hasOwnProperty'],
  ...['A B', 'A\n', '\u001b[2J', '\u202eA', 'É', 'A'.repeat(65), 'B'.repeat(100_000)],
];

/** Secrets of others, which stand in fields named so. */
export const MARK = 'FIELDMARK';
const secrets = fc.nat().map((n) => ({ token: `${MARK}-${n}`, member: { session_id: `${MARK}-${n}` } }));

/** Payloads that do not end a connection, so that there is something to fuzz. */
const body: fc.Arbitrary<readonly Payload[]> = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.json({ maxDepth: 3 }).map((d) => ({ t: 'MESSAGE_CREATE', op: 0, d: JSON.parse(d) })) },
      { weight: 1, arbitrary: fc.lorem({ maxCount: 400 }).map((content) => ({ t: 'BIG', op: 0, d: { content } })) },
      { weight: 1, arbitrary: secrets.map((d) => ({ t: 'INTERACTION_CREATE', op: 0, d })) },
      { weight: 1, arbitrary: fc.constantFrom(...NO_NAMES).map((t) => ({ t, op: 0, d: {} })) },
      { weight: 1, arbitrary: fc.constant({ t: null, s: null, op: 1, d: null }) },
      { weight: 1, arbitrary: fc.constant({ t: null, s: null, op: 99, d: {} }) },
    ),
    { minLength: 20, maxLength: 40 },
  )
  .map((payloads) => payloads.map((payload, at) => (payload.op === 0 ? { ...payload, s: at + 2 } : payload)));

/** Messages that are wrong before anybody changes them. */
export const GARBAGE: readonly Uint8Array[] = Object.entries(MALFORMED)
  .filter(([kind]) => kind !== 'giant')
  .map(([, { frame }]) => {
    const data = frame(3);
    return typeof data === 'string' ? Buffer.from(data) : data;
  });

async function converse(payloads: readonly Payload[], speech: Speech): Promise<Conversation> {
  const compress = compressor(speech);
  const frames: Frame[] = [];
  for (const payload of payloads) {
    const plain = speech.encoding === 'etf' ? discordEtf(payload) : Buffer.from(JSON.stringify(payload));
    const isPlain = speech.compress === false || (speech.compress === 'payload' && frames.length % 3 === 0);
    frames.push({
      data: isPlain ? plain : await compress(plain),
      isBinary: !isPlain || speech.encoding === 'etf',
      sequence: isDispatchName(payload.t) ? (payload.s as number) : null,
      isBeginning: payload.t === 'READY' || payload.t === 'RESUMED',
    });
  }
  return { frames };
}

function compressor({ compress }: Speech): (plain: Uint8Array) => Promise<Uint8Array> {
  if (compress === 'payload') return async (plain) => zlib.deflateSync(plain);
  if (compress === 'zlib-stream') return flushing(zlib.createDeflate({ flush: zlib.constants.Z_SYNC_FLUSH }));
  if (compress === 'zstd-stream') {
    const { createZstdCompress, constants } = zlib as unknown as {
      createZstdCompress(options: object): zlib.Deflate;
      constants: { ZSTD_e_flush: number };
    };
    return flushing(createZstdCompress({ flush: constants.ZSTD_e_flush }));
  }
  return async (plain) => plain;
}

/** Everything that one write leads to. */
function flushing(stream: zlib.Deflate): (plain: Uint8Array) => Promise<Uint8Array> {
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  return async (plain) => {
    const flushed = new Promise<void>((resolve) => stream.write(plain, () => resolve()));
    await flushed;
    if (parts.length === 0) await once(stream, 'data');
    return Buffer.concat(parts.splice(0));
  };
}
