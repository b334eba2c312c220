import type { InspectionEvent, Observer } from 'xstate';
import {
  checkAllowHosts,
  type GatewayEncoding,
  type GatewayUrlOptions,
  gatewayUrl,
  type IdentifyData,
  LIMITS,
  type PolicyOptions,
  type PresenceData,
  parseGatewayUrl,
  policyFrom,
} from '../../machines/client.js';
import { fixedLocator } from '../host/fixed-locator.js';
import { systemClock } from '../host/guarded-ports.js';
import { type HostSettings, queryOf } from '../host/host.js';
import { memoryPermits } from '../host/memory-permits.js';
import type {
  ClockPort,
  Compression,
  InflatePort,
  LocatorPort,
  PermitPort,
  RandomPort,
  ResumeRecord,
  SocketPort,
  WireParameters,
} from '../host/ports.js';
import { systemRandom } from '../host/random.js';
import { restLocator } from '../host/rest-locator.js';
import { redactor } from '../trace/redact.js';
import type { RecordOptions, TraceSink, TraceTarget } from '../trace/sink.js';
import type { Overflow } from './backlog.js';
import { checkRecord } from './record.js';
import { sharedLocator } from './shared-locator.js';
import { sharedPermits } from './shared-permits.js';
import { type EventNames, type IntentList, type WantedOptions, wantedFrom } from './wanted.js';

/** What a shard is made of. Only `token` is needed, and `intents` or `events`. */
export type ShardOptions<E extends EventNames = EventNames, I extends IntentList = IntentList> = CommonOptions &
  WantedOptions<E, I>;

/** The same for its actor logic: the actor system stops it, and it has no iterators. */
export type ShardLogicOptions<E extends EventNames = EventNames, I extends IntentList = IntentList> = Omit<
  CommonOptions,
  'signal' | 'buffer' | 'bufferBytes' | 'overflow'
> &
  WantedOptions<E, I>;

/** The options besides `intents` and `events`. */
export interface CommonOptions {
  /** The bot token, bare or with `Bot ` before it. Kept in memory only. */
  readonly token: string;
  /** `[id, count]`; `[0, 1]` unless told ("Sharding"). */
  readonly shard?: readonly [id: number, count: number] | undefined;
  /** The presence that a new session begins with ("Update Presence"). */
  readonly presence?: PresenceData | undefined;
  /** 50 to 250: above so many members GUILD_CREATE leaves out those offline. Discord's default is 50. */
  readonly largeThreshold?: number | undefined;
  /** What Identify says of this client ("Identify Connection Properties"). */
  readonly properties?: { readonly os?: string; readonly browser?: string; readonly device?: string } | undefined;
  /** A fixed Gateway URL; without it Get Gateway Bot is asked. */
  readonly url?: string | undefined;
  /** Where Discord's HTTP API is: `https://discord.com/api/v10`. */
  readonly restUrl?: string | undefined;
  /** `v` of the Gateway URL. */
  readonly query?: Pick<GatewayUrlOptions, 'version'> | undefined;
  /** How payloads are written: `json` unless told, or `etf`, Erlang's external term format ("Encoding and Compression"). */
  readonly encoding?: GatewayEncoding | undefined;
  /**
   * How the Gateway compresses what it sends: `zlib-stream` or `zstd-stream` for the whole connection, `payload` for large
   * messages by themselves, or `false`, the default: about a sixth of the bytes against half as much CPU again.
   */
  readonly compress?: Compression | false | undefined;
  /** Allows `ws` beyond loopback: the token then travels unencrypted. */
  readonly allowInsecure?: boolean | undefined;
  /** Hosts besides Discord's and the Gateway's own at which a session may be resumed: `host`, `host:port` or `*.domain`. */
  readonly allowHosts?: readonly string[] | undefined;
  /** What the documentation leaves open; see `DEFAULT_POLICY`. */
  readonly policy?: PolicyOptions | undefined;
  /** A record from `detach`: its session is resumed if it belongs to this shard, these intents, encoding and compression. */
  readonly resume?: ResumeRecord | null | undefined;
  /** Stops the shard when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** The largest message taken, in bytes, compressed or not: 32 MiB unless told. */
  readonly maxPayload?: number | undefined;
  /**
   * Dispatches that an iterator may hold unread: 10,000 unless told. When it is full, reading is paused where the socket
   * can, until half of them are taken.
   */
  readonly buffer?: number | undefined;
  /** The same in bytes of the messages that dispatches came in, decompressed: 64 MiB unless told. */
  readonly bufferBytes?: number | undefined;
  /** What becomes of dispatches for which there is no room when reading is not paused: `fail` unless told. */
  readonly overflow?: Overflow | undefined;
  /** Sees every event and transition of the chart, as XState's inspectors do. Every dispatch then goes through the chart. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;

  /**
   * Where to write a trace of everything that happens, for `gatechart replay`: in Node the name of a file, or a function
   * that takes lines. Secrets are left out.
   */
  readonly record?:
    | string
    | TraceTarget
    | (Omit<RecordOptions, 'to'> & { readonly to: string | TraceTarget })
    | undefined;

  readonly socket?: SocketPort | undefined;
  readonly inflate?: InflatePort | undefined;
  readonly locator?: LocatorPort | undefined;
  /** Unless told, the shards of one bot in this process share one: identifies are limited per bot. */
  readonly permits?: PermitPort | undefined;
  readonly clock?: ClockPort | undefined;
  readonly random?: RandomPort | undefined;
}

/** Options checked and completed. */
export interface ShardSettings extends HostSettings {
  readonly random: RandomPort;
  readonly resume: ResumeRecord | null;
  readonly signal: AbortSignal | undefined;
  readonly buffer: number;
  readonly bufferBytes: number;
  readonly overflow: Overflow;
  /** A configured URL needs no locator. */
  readonly url: string | null;
  readonly record: RecordOptions | null;
  /** The only dispatches to be delivered; null for all. */
  readonly events: ReadonlySet<string> | null;
  /** What a person should know of the options, told once the shard starts. */
  readonly remarks: readonly string[];
}

/** What depends on the platform. */
export interface Platform {
  readonly socket: () => SocketPort;
  readonly inflate: () => InflatePort;
  /** Opens a trace by the name of its file, where there are files. */
  readonly openTrace?: (path: string) => TraceSink;
}

const NO_HOSTS: readonly string[] = [];

const PROPERTIES = {
  os: (globalThis as { process?: { platform?: string } }).process?.platform ?? 'browser',
  browser: 'gatechart',
  device: 'gatechart',
};

const DISCORD = 'wss://gateway.discord.gg/';

/** Checks options; a `TypeError` or `RangeError` says which is wrong and what to do. It never shows the token. */
export function shardSettings(options: ShardOptions, platform: Platform): ShardSettings {
  const { shard = [0, 1], presence, largeThreshold, url, allowInsecure = false } = options;
  const token = bareToken(options.token);
  const clock = options.clock ?? systemClock;
  checkShard(shard);
  const resume = options.resume ?? null;
  checkRecord(resume);
  checkCount('maxPayload', options.maxPayload);
  checkCount('buffer', options.buffer);
  checkCount('bufferBytes', options.bufferBytes);
  checkOverflow(options.overflow);
  const { least, most } = LIMITS.largeThreshold;
  if (
    largeThreshold !== undefined &&
    !(Number.isInteger(largeThreshold) && largeThreshold >= least && largeThreshold <= most)
  ) {
    throw new RangeError(`largeThreshold is ${largeThreshold}; it must be a whole number within ${least} to ${most}`);
  }
  const home = url === undefined ? DISCORD : parseGatewayUrl(url, { allowInsecure }).href;
  const inflate = options.inflate ?? platform.inflate();
  const wire: WireParameters = {
    version: options.query?.version ?? 10,
    encoding: options.encoding ?? 'json',
    compress: compressionFrom(options, inflate),
  };
  gatewayUrl(home, queryOf(wire)); // throws now rather than on the first connection
  const secrets = redactor({ token, publicUrls: [home] });
  if (resume !== null) secrets.hold({ id: resume.sessionId, url: resume.resumeUrl });
  const { events, intents, remarks } = wantedFrom(options);
  const identify: Omit<IdentifyData, 'token'> & { shard: [number, number] } = {
    intents,
    shard: [shard[0], shard[1]],
    properties: options.properties === undefined ? PROPERTIES : { ...PROPERTIES, ...options.properties },
    ...(presence === undefined ? {} : { presence }),
    ...(largeThreshold === undefined ? {} : { large_threshold: largeThreshold }),
    ...(wire.compress === 'payload' ? { compress: true } : {}),
  };
  return {
    token,
    identify,
    policy: policyFrom(options.policy),
    wire,
    home,
    url: url === undefined ? null : home,
    allowInsecure,
    allowHosts: options.allowHosts === undefined ? NO_HOSTS : checkAllowHosts(options.allowHosts),
    maxPayload: options.maxPayload ?? 32 * 1024 * 1024,
    buffer: options.buffer ?? 10_000,
    bufferBytes: options.bufferBytes ?? 64 * 1024 * 1024,
    overflow: options.overflow ?? 'fail',
    resume,
    signal: options.signal,
    everyDispatch: options.inspect !== undefined,
    socket: options.socket ?? platform.socket(),
    inflate,
    locator:
      options.locator ?? (url === undefined ? defaultLocator(options, token, allowInsecure) : fixedLocator(home)),
    permits: options.permits ?? defaultPermits(options, token),
    clock,
    random: options.random ?? systemRandom,
    record: recordOptions(options.record, platform.openTrace),
    secrets,
    events,
    remarks,
  };
}

function recordOptions(record: ShardOptions['record'], openTrace: Platform['openTrace']): RecordOptions | null {
  if (record === undefined) return null;
  const { to, ...rest } = typeof record === 'object' && 'to' in record ? record : { to: record };
  if (typeof to !== 'string') return { ...rest, to };
  if (openTrace !== undefined) return { ...rest, to: openTrace(to) };
  throw new TypeError('record names a file, and there are no files here: set it to a function that takes lines');
}

/** One for each bot, if what it learns of identifies goes to permits that are one too. */
function defaultLocator({ clock, permits, restUrl }: ShardOptions, token: string, allowInsecure: boolean): LocatorPort {
  const make = () => restLocator({ token, allowInsecure, ...(restUrl === undefined ? {} : { restUrl }) });
  if (clock !== undefined || permits !== undefined) return make();
  return sharedLocator(JSON.stringify([token, restUrl, allowInsecure]), make);
}

/** One for each bot and Gateway, as the limit is ("Session Start Limit"); on a clock of its own, one for this shard. */
function defaultPermits({ clock, url, restUrl }: ShardOptions, token: string): PermitPort {
  if (clock !== undefined) return memoryPermits({ clock });
  return sharedPermits(JSON.stringify([token, url ?? restUrl ?? DISCORD]));
}

function bareToken(token: unknown): string {
  if (typeof token !== 'string' || token.trim() === '') {
    throw new TypeError('token is missing: set it to the bot token, for example process.env.DISCORD_TOKEN');
  }
  return token.trim().replace(/^Bot\s+/i, '');
}

/** What to do where a compression is not supported. */
const INSTEAD: Readonly<Record<Compression, string>> = {
  'zlib-stream': 'leave compress out, or give a port for it as inflate',
  'zstd-stream': 'Node can from 22.15 on; elsewhere install fzstd (docs/compression.md), or use zlib-stream',
  payload: 'leave compress out, or use zlib-stream',
};

function compressionFrom({ compress = false, encoding }: ShardOptions, inflate: InflatePort): Compression | false {
  if (compress === false) return false;
  if (!Object.hasOwn(INSTEAD, compress)) {
    const choices = Object.keys(INSTEAD).join("', '");
    throw new TypeError(`compress is ${shown(compress)}; it must be false or one of '${choices}'`);
  }
  if (compress === 'payload' && encoding === 'etf') {
    throw new TypeError("compress is 'payload', which Discord has for JSON alone: use 'zlib-stream' with ETF");
  }
  if (inflate.supports(compress)) return compress;
  throw new TypeError(`compress is '${compress}', which cannot be decompressed here: ${INSTEAD[compress]}`);
}

const shown = (value: unknown) => (typeof value === 'string' ? `'${value}'` : String(value));

function checkShard([id, count]: readonly [number, number]): void {
  if (Number.isInteger(id) && Number.isInteger(count) && id >= 0 && id < count) return;
  throw new RangeError(`shard is [${id}, ${count}]; it must be [id, count], with ids from 0 up to count - 1`);
}

function checkOverflow(overflow: Overflow | undefined): void {
  if (overflow === undefined || overflow === 'fail' || overflow === 'drop') return;
  const isList = typeof overflow === 'object' && overflow !== null && Array.isArray(overflow.drop);
  if (isList && overflow.drop.every((name) => typeof name === 'string')) return;
  throw new TypeError("overflow must be 'fail', 'drop' or { drop: [names of dispatches] }");
}

function checkCount(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return;
  throw new RangeError(`${name} is ${value}; it must be a whole number above 0`);
}
