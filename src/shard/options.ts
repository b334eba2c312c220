import type { InspectionEvent, Observer } from 'xstate';
import {
  checkAllowHosts,
  type GatewayEncoding,
  type GatewayUrlOptions,
  gatewayUrl,
  type IdentifyData,
  LIMITS,
  Opcode,
  type PolicyOptions,
  type PresenceData,
  parseGatewayUrl,
  policyFrom,
} from '../../machines/client.js';
import {
  ANYTHING,
  demandGiven,
  demandShape,
  type Fields,
  isFileName,
  isFunction,
  isObject,
  isPlainObject,
  isText,
  isTrueOrFalse,
  listOf,
  oneOf,
  type Shape,
  wholeNumber,
  withMethods,
} from '../../machines/kit/shape.js';
import { problemOfPresence } from '../../machines/protocol/check-command.js';
import { systemClock } from '../host/guarded-ports.js';
import { type HostSettings, queryOf } from '../host/host.js';
import { memoryPermits } from '../limits/memory-permits.js';
import { sendLimiter, UNLIMITED } from '../limits/send-limiter.js';
import { restLocator } from '../locating/rest-locator.js';
import { fixedLocator } from '../ports/fixed-locator.js';
import type {
  ClockPort,
  Compression,
  InflatePort,
  LimiterPort,
  LocatorPort,
  PermitPort,
  RandomPort,
  ResumeRecord,
  SessionsPort,
  SocketPort,
  WireParameters,
} from '../ports/index.js';
import { systemRandom } from '../ports/random.js';
import type { RecordOptions, TraceSink, TraceTarget } from '../ports/trace-sink.js';
import { redactor } from '../redact/redact.js';
import { bareToken } from '../redact/token.js';
import { encode } from '../wire/encode.js';
import type { Overflow } from './backlog.js';
import { mistypedField, wholePresence } from './commands.js';
import { checkDispatchName } from './events.js';
import { QUEUE, type QueueOptions, queueFrom } from './queue.js';
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
  'signal' | 'sessions' | 'buffer' | 'bufferBytes' | 'overflow' | 'queue'
> &
  WantedOptions<E, I>;

/** The options besides `intents` and `events`. */
export interface CommonOptions {
  /** The bot token, bare or with `Bot ` before it. Kept in memory only. */
  readonly token: string;
  /** `[id, count]`; `[0, 1]` unless told ("Sharding"). */
  readonly shard?: readonly [id: number, count: number] | undefined;
  /** The presence that a new session begins with ("Update Presence"); what it leaves out is neutral: online, no activities. */
  readonly presence?: Partial<PresenceData> | undefined;
  /** 50 to 250: above so many members GUILD_CREATE leaves out those offline. Discord's default is 50. */
  readonly largeThreshold?: number | undefined;
  /** Bits of Identify's `capabilities`; left out unless told. The one bit that was documented is said to be superseded. */
  readonly capabilities?: number | undefined;
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
  /**
   * Where the sessions of the bot outlive the process, such as `fileSessions`: each shard keeps its own up to date there,
   * and resumes it with the first start (docs/sessions.md).
   */
  readonly sessions?: SessionsPort | undefined;
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
  /**
   * What becomes of commands that cannot be sent at once: they wait until the shard is ready and there is a place. `false`
   * for none: they are rejected.
   */
  readonly queue?: QueueOptions | false | undefined;
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
  /** Counts what is sent: 120 payloads in 60 s unless told. `false` counts nothing, for a proxy that does. */
  readonly limiter?: LimiterPort | false | undefined;
  readonly clock?: ClockPort | undefined;
  readonly random?: RandomPort | undefined;
}

/** Options checked and completed. */
export interface ShardSettings extends HostSettings {
  readonly random: RandomPort;
  readonly resume: ResumeRecord | null;
  readonly sessions: SessionsPort | null;
  /** Runs at the end of the process, where there are such; the returned function takes that back. */
  readonly onExit: (run: () => void) => () => void;
  readonly signal: AbortSignal | undefined;
  readonly buffer: number;
  readonly bufferBytes: number;
  readonly overflow: Overflow;
  /** Null for none. */
  readonly queue: Required<QueueOptions> | null;
  /** A configured URL needs no locator. */
  readonly url: string | null;
  readonly record: RecordOptions | null;
  /** The only dispatches to be delivered; null for all. */
  readonly events: ReadonlySet<string> | null;
  /** What a person should know of the options, told once the shard starts. */
  readonly remarks: readonly string[];
}

/** Options of a shard that its actor logic has not, and why. */
const NOT_OF_LOGIC: readonly (keyof ShardOptions)[] = [
  'signal',
  'sessions',
  'buffer',
  'bufferBytes',
  'overflow',
  'queue',
];

const WHY_NOT: Readonly<Record<string, string>> = {
  signal: 'the actor system stops it',
  sessions: 'its persisted snapshot keeps the session',
  queue: 'commands are sent by shards of createShard',
};

/** Throws a `TypeError` for an option that is without effect in actor logic. */
export function checkLogicOptions(options: object): void {
  const name = NOT_OF_LOGIC.find((each) => (options as ShardOptions)[each] !== undefined);
  if (name === undefined) return;
  throw new TypeError(`createShardLogic has no option ${name}: ${WHY_NOT[name] ?? 'it has no iterators'}`);
}

/** What depends on the platform. */
export interface Platform {
  readonly socket: () => SocketPort;
  readonly inflate: () => InflatePort;
  /** Opens a trace by the name of its file, where there are files. */
  readonly openTrace?: (path: string) => TraceSink;
  /** Has something run at the end of the process, where there are processes; the returned function takes that back. */
  readonly onExit?: (run: () => void) => () => void;
}

const PLATFORM: Fields = {
  fields: { socket: isFunction, inflate: isFunction, openTrace: isFunction, onExit: isFunction },
};

/** Throws a `TypeError` for a platform that lacks something. */
export function demandPlatform(platform: Platform): void {
  demandGiven('platform', platform, PLATFORM);
  for (const name of ['socket', 'inflate'] as const) demandGiven(`${name} of the platform`, platform[name], isFunction);
}

const NO_HOSTS: readonly string[] = [];

const PROPERTIES = {
  os: (globalThis as { process?: { platform?: string } }).process?.platform ?? 'browser',
  browser: 'gatechart',
  device: 'gatechart',
};

/** One for all, as it holds nothing. */
const LIMITER = /* @__PURE__ */ sendLimiter();

const DISCORD = 'wss://gateway.discord.gg/';

/** Checks options; a `TypeError` or `RangeError` says which is wrong and what to do. It never shows the token. */
export function shardSettings(given: ShardOptions, platform: Platform): ShardSettings {
  const options = given ?? {};
  if (typeof options === 'string')
    throw new TypeError('the options are one object, which holds the token too: { token, intents }');
  demandShape('', options, OPTIONS);
  const { shard = [0, 1], largeThreshold, capabilities, url, allowInsecure = false } = options;
  const token = bareToken(options.token);
  const clock = options.clock ?? systemClock;
  const resume = options.resume ?? null;
  checkRecord(resume);
  const presence = options.presence === undefined ? undefined : checkedPresence(options.presence);
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
  if (typeof options.overflow === 'object') checkDropped(options.overflow);
  const identify: Omit<IdentifyData, 'token'> & { shard: [number, number] } = {
    intents,
    shard: [shard[0], shard[1]],
    properties: options.properties === undefined ? PROPERTIES : { ...PROPERTIES, ...options.properties },
    ...(presence === undefined ? {} : { presence }),
    ...(largeThreshold === undefined ? {} : { large_threshold: largeThreshold }),
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(wire.compress === 'payload' ? { compress: true } : {}),
  };
  demandEncodable(identify, wire.encoding);
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
    queue: queueFrom(options.queue),
    resume,
    signal: options.signal,
    sessions: options.sessions ?? null,
    onExit: platform.onExit ?? never,
    everyDispatch: options.inspect !== undefined,
    socket: options.socket ?? platform.socket(),
    inflate,
    locator:
      options.locator ?? (url === undefined ? defaultLocator(options, token, allowInsecure) : fixedLocator(home)),
    permits: options.permits ?? defaultPermits(options, token),
    limiter: options.limiter === false ? UNLIMITED : (options.limiter ?? LIMITER),
    clock,
    random: options.random ?? systemRandom,
    record: recordOptions(options.record, platform.openTrace),
    secrets,
    events,
    remarks,
  };
}

const never = () => () => {};

function recordOptions(record: ShardOptions['record'], openTrace: Platform['openTrace']): RecordOptions | null {
  if (record === undefined) return null;
  const { to, ...rest } = typeof record === 'object' && 'to' in record ? record : { to: record };
  demandShape('record', { to, ...rest }, RECORD);
  if (typeof to !== 'string') return { ...rest, to };
  if (openTrace !== undefined) return { ...rest, to: openTrace(to) };
  throw new TypeError('record names a file, and there are no files here: set it to a function that takes lines');
}

/** One for each bot, if what it learns of identifies goes to permits that are one too. */
function defaultLocator(
  { clock, permits, restUrl, socket }: ShardOptions,
  token: string,
  allowInsecure: boolean,
): LocatorPort {
  const fetch = socket?.fetch;
  const make = () => restLocator({ token, allowInsecure, restUrl, fetch });
  if (clock !== undefined || permits !== undefined) return make();
  return sharedLocator(JSON.stringify([token, restUrl, allowInsecure, fetch && numberOf(fetch)]), make);
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** The same number for the same object. */
function numberOf(object: object): number {
  const number = numbers.get(object) ?? ++lastNumber;
  numbers.set(object, number);
  return number;
}

/** One for each bot and Gateway, as the limit is ("Session Start Limit"); on a clock of its own, one for this shard. */
function defaultPermits({ clock, url, restUrl }: ShardOptions, token: string): PermitPort {
  if (clock !== undefined) return memoryPermits({ clock });
  return sharedPermits(JSON.stringify([token, url ?? restUrl ?? DISCORD]));
}

/** A name that no dispatch has would leave out nothing. */
function checkDropped(overflow: Exclude<Overflow, string>): void {
  demandShape('overflow', overflow, { fields: { drop: ANYTHING } });
  for (const name of overflow.drop) checkDispatchName(name, null);
}

/** The whole presence; a `TypeError` says what is wrong with it. */
function checkedPresence(given: Partial<PresenceData>): PresenceData {
  const presence = wholePresence(given);
  const problem = mistypedField(Opcode.PresenceUpdate, given) ?? problemOfPresence(presence);
  if (problem !== null) throw new TypeError(`presence: ${problem}`);
  return presence;
}

/** Throws a `TypeError` for what would break each Identify, such as a bigint in the presence. */
function demandEncodable(identify: Omit<IdentifyData, 'token'>, encoding: GatewayEncoding): void {
  try {
    encode(Opcode.Identify, { token: '', ...identify } as IdentifyData, encoding);
  } catch (error) {
    throw new TypeError(`presence or properties cannot be encoded: ${(error as Error).message}`);
  }
}

/** What to do where a compression is not supported. */
const INSTEAD: Readonly<Record<Compression, string>> = {
  'zlib-stream': 'leave compress out, or give a port for it as inflate',
  'zstd-stream': 'Node can from 22.15 on; elsewhere install fzstd (docs/compression.md), or use zlib-stream',
  payload: 'leave compress out, or use zlib-stream',
};

function compressionFrom({ compress = false, encoding }: ShardOptions, inflate: InflatePort): Compression | false {
  if (compress === false) return false;
  if (compress === 'payload' && encoding === 'etf') {
    throw new TypeError("compress is 'payload', which Discord has for JSON alone: use 'zlib-stream' with ETF");
  }
  if (inflate.supports(compress)) return compress;
  throw new TypeError(`compress is '${compress}', which cannot be decompressed here: ${INSTEAD[compress]}`);
}

const isShard = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isInteger) && value[0] >= 0 && value[0] < value[1];

/** A store of one record is none. */
const isSessions = (value: unknown): boolean =>
  withMethods('load', 'save').holds(value) && !('clear' in (value as object));

const isOverflow = (value: unknown): boolean =>
  value === 'fail' ||
  value === 'drop' ||
  value === 'resume' ||
  (isObject(value) && listOf(isText).holds((value as { readonly drop?: unknown }).drop));

const isRecordTarget = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'function' || (isObject(value) && ('to' in value || 'write' in value));

const RECORD: Fields = {
  fields: {
    to: {
      says: 'the name of a file, a function that takes lines, or an object with write()',
      holds: (value) => isFileName.holds(value) || isFunction.holds(value) || (isObject(value) && 'write' in value),
    },
    contents: isTrueOrFalse,
  },
};

const AS_PRESENCE = "presence: { status: 'idle' }, for example";
const AS_SHARD = 'shard: [id, count], and make one for each id';
const AS_AGENT = 'socket: ws({ agent }), with ws from gatechart/ws';

/** Options of other libraries, and what they are here. */
const INSTEAD_OF: Readonly<Record<string, string>> = {
  activity: AS_PRESENCE,
  agent: AS_AGENT,
  gateway: 'url',
  logger: "shard.on('transition', …)",
  proxy: AS_AGENT,
  shardCount: AS_SHARD,
  shardId: AS_SHARD,
  shards: AS_SHARD,
  status: AS_PRESENCE,
  totalShards: AS_SHARD,
  version: 'query: { version: 10 }',
};

const ABOVE_0 = wholeNumber('a whole number above 0', 1);
const { least: LEAST, most: MOST } = LIMITS.largeThreshold;

/** What each option must be; those with a check of their own may be anything here. */
const OPTIONS: Fields & { readonly fields: Readonly<Record<keyof CommonOptions | 'intents' | 'events', Shape>> } = {
  instead: INSTEAD_OF,
  fields: {
    token: ANYTHING,
    intents: ANYTHING,
    events: ANYTHING,
    shard: { says: '[id, count], with ids from 0 up to count - 1', holds: isShard },
    presence: { says: "an object, such as { status: 'idle' }", holds: isPlainObject.holds },
    largeThreshold: wholeNumber(`a whole number within ${LEAST} to ${MOST}`, LEAST, MOST),
    capabilities: wholeNumber('a bit field, a whole number from 0 on', 0),
    properties: { fields: { os: isText, browser: isText, device: isText } },
    url: isText,
    restUrl: isText,
    query: { fields: { version: ANYTHING } },
    encoding: oneOf('json', 'etf'),
    compress: {
      says: `false or one of '${Object.keys(INSTEAD).join("', '")}'`,
      holds: (value) => value === false || (typeof value === 'string' && Object.hasOwn(INSTEAD, value)),
    },
    allowInsecure: isTrueOrFalse,
    allowHosts: listOf(isText),
    policy: { says: 'an object', holds: (value) => isObject(value) },
    resume: ANYTHING,
    sessions: { says: 'where sessions are kept, such as fileSessions(path)', holds: isSessions },
    signal: {
      says: 'an AbortSignal, such as the signal of an AbortController',
      holds: withMethods('addEventListener', 'removeEventListener').holds,
    },
    maxPayload: ABOVE_0,
    buffer: ABOVE_0,
    bufferBytes: ABOVE_0,
    overflow: { says: "'fail', 'drop', 'resume' or { drop: [names of dispatches] }", holds: isOverflow },
    queue: QUEUE,
    inspect: {
      says: 'a function or an observer with next()',
      holds: (value) => typeof value === 'function' || withMethods('next').holds(value),
    },
    record: { says: 'the name of a file, a function that takes lines, or { to, contents }', holds: isRecordTarget },
    socket: withMethods('open'),
    inflate: withMethods('supports', 'open'),
    locator: withMethods('locate'),
    permits: withMethods('request', 'update'),
    limiter: {
      says: 'false or an object with open(), such as sendLimiter()',
      holds: (value) => value === false || withMethods('open').holds(value),
    },
    clock: withMethods('setTimeout', 'clearTimeout', 'now'),
    random: isFunction,
  },
};
