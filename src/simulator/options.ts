import type { InspectionEvent, Observer } from 'xstate';
import type { GatewayCause } from '../../machines/gateway/causes.js';
import { DEFAULT_GATEWAY_SETTINGS, type GatewaySettings } from '../../machines/gateway/vocabulary.js';
import {
  ANYTHING,
  demandShape,
  isFunction,
  isObject,
  isPlainObject,
  isTrueOrFalse,
  type Rule,
  type Shape,
  withMethods,
} from '../../machines/kit/shape.js';
import { ALL_INTENTS, type IntentName, intentBits } from '../../machines/protocol/intents.js';
import { LIMITS } from '../../machines/protocol/limits.js';
import type { RecordOptions, TraceTarget } from '../trace/index.js';
import { isSendableCode } from './faults.js';

/** What the simulated Gateway is like; everything has a default. */
export interface GatewayOptions {
  /** The only token that is right, without `Bot `; any is right where none is set. */
  readonly token?: string;
  /** Hello's interval in ms. Default: 41,250. */
  readonly heartbeatInterval?: number;
  /** The intents that the application may use ("Privileged Intents"). Default: all. */
  readonly intents?: readonly IntentName[] | number;
  /** What Get Gateway Bot recommends. Default: 1. */
  readonly shards?: number;
  /** Identifies per 5 s ("Session Start Limit"). Default: 1. */
  readonly maxConcurrency?: number;
  /** Identifies per day; the token is reset by the one that goes beyond. Default: 1000. */
  readonly identifiesPerDay?: number;
  /** Guilds of the bot, spread over its shards by the documented formula. Default: three for every shard. */
  readonly guilds?: number;
  /** MESSAGE_CREATE dispatches per second and session, whether its client is connected or not. Default: none. */
  readonly dispatchesPerSecond?: number;
  /** Bytes of a WebSocket message at most, where messages are compressed: longer ones come in parts. Default: no limit. */
  readonly partBytes?: number;
  /** Chance for ids and contents, repeatable. Default: 1 in memory; of a server, another at each start. */
  readonly seed?: number;
  /** Everything the Gateway chart leaves open: delays, retention, replay buffer. */
  readonly settings?: Partial<GatewaySettings>;
  /** Limits on what a client sends. Default: those documented. */
  readonly limits?: Partial<ClientLimits>;
  /** Entries of the wire log that are kept. */
  readonly log?: number;
  /** Whether each session's record lists every dispatch ever made for it. */
  readonly recordDispatches?: boolean;
  /** Sees every event and transition of each connection's chart, as XState's inspectors do. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
  /** Takes a trace of each connection's chart, as lines. */
  readonly record?: TraceTarget | RecordOptions | undefined;
  /** Called with everything the chart of a connection reports. */
  readonly onCause?: (connection: number, cause: GatewayCause) => void;
}

/** What a client must not exceed. */
export interface ClientLimits {
  /** Payloads per window; beyond it 4008 ("Rate Limiting"). The window slides: the strictest reading. */
  readonly sends: { readonly count: number; readonly windowMs: number };
  /** Bytes of a payload; beyond it 4002 ("Sending Events"). */
  readonly payloadBytes: number;
  /** Time between two identifies of a lane, in ms; beyond it op 9 ("Rate Limiting"). */
  readonly identifyWindowMs: number;
  /** Guilds of a session; beyond it 4011 ("Sharding"). */
  readonly guildsPerShard: number;
}

/** The options with every default filled in. */
export interface GatewayProfile {
  readonly token: string | null;
  readonly intents: number;
  readonly shards: number;
  readonly maxConcurrency: number;
  readonly identifiesPerDay: number;
  readonly guilds: number | null;
  readonly dispatchesPerSecond: number;
  readonly partBytes: number;
  readonly settings: GatewaySettings;
  readonly limits: ClientLimits;
}

const isObserver: Rule = {
  says: 'a function or an observer with next()',
  holds: (value) => isFunction.holds(value) || withMethods('next').holds(value),
};

const isRecorder: Rule = {
  says: 'a function that takes lines, an object with write(), or { to, contents }',
  holds: (value) => isFunction.holds(value) || (isObject(value) && ('write' in value || 'to' in value)),
};

/** What `profileFrom` checks, and so may be changed later. */
const CONFIGURABLE = {
  token: ANYTHING,
  heartbeatInterval: ANYTHING,
  intents: ANYTHING,
  shards: ANYTHING,
  maxConcurrency: ANYTHING,
  identifiesPerDay: ANYTHING,
  guilds: ANYTHING,
  dispatchesPerSecond: ANYTHING,
  partBytes: ANYTHING,
  settings: isPlainObject,
  limits: isPlainObject,
} as const satisfies Partial<Record<keyof GatewayOptions, Shape>>;

const OPTIONS: Readonly<Record<keyof GatewayOptions, Shape>> = {
  ...CONFIGURABLE,
  seed: { says: 'a number', holds: Number.isFinite },
  log: { says: 'a number of entries', holds: (value) => typeof value === 'number' && value >= 0 },
  recordDispatches: isTrueOrFalse,
  inspect: isObserver,
  record: isRecorder,
  onCause: isFunction,
};

/** Throws a `TypeError` or `RangeError` for an option that there is not, or that is of another kind. */
export function checkOptions(options: object, beside: Readonly<Record<string, Shape>>): void {
  demandShape('', options, { fields: { ...OPTIONS, ...beside } });
}

/** The same for what may be changed while the simulator runs. */
export function checkConfiguration(options: object): void {
  demandShape('', options ?? null, { fields: CONFIGURABLE });
}

/** Fills in the defaults. Throws a `RangeError` that names the option which is invalid. */
export function profileFrom(options: GatewayOptions, base: GatewayProfile = DEFAULT_PROFILE): GatewayProfile {
  const interval = options.heartbeatInterval;
  const profile: GatewayProfile = {
    token: options.token ?? base.token,
    intents: options.intents === undefined ? base.intents : intentBits(options.intents),
    shards: options.shards ?? base.shards,
    maxConcurrency: options.maxConcurrency ?? base.maxConcurrency,
    identifiesPerDay: options.identifiesPerDay ?? base.identifiesPerDay,
    guilds: options.guilds ?? base.guilds,
    dispatchesPerSecond: options.dispatchesPerSecond ?? base.dispatchesPerSecond,
    partBytes: options.partBytes ?? base.partBytes,
    settings: {
      ...base.settings,
      ...options.settings,
      ...(interval === undefined ? {} : { heartbeatInterval: interval }),
    },
    limits: { ...base.limits, ...options.limits },
  };
  check(profile);
  return profile;
}

function check({ settings, limits, ...profile }: GatewayProfile): void {
  demandKnown('settings.', settings, DEFAULT_PROFILE.settings);
  demandKnown('limits.', limits, DEFAULT_PROFILE.limits);
  demandShape('limits.sends', limits.sends, isPlainObject);
  demandKnown('limits.sends.', limits.sends, DEFAULT_PROFILE.limits.sends);
  for (const [name, value] of Object.entries(settings)) demandNumber(`settings.${name}`, value, 0);
  demandNumber('heartbeatInterval', settings.heartbeatInterval, 1);
  demandWhole('settings.replayBatch', settings.replayBatch, 1);
  demandWhole('settings.replayBuffer', settings.replayBuffer, 1);
  if (!isSendableCode(settings.missedHeartbeatCode)) {
    throw new RangeError(
      `settings.missedHeartbeatCode is ${settings.missedHeartbeatCode}: no close frame can hold that`,
    );
  }
  demandWhole('limits.sends.count', limits.sends.count, 1);
  demandNumber('limits.sends.windowMs', limits.sends.windowMs, 0);
  demandWhole('limits.payloadBytes', limits.payloadBytes, 1);
  demandNumber('limits.identifyWindowMs', limits.identifyWindowMs, 0);
  demandWhole('limits.guildsPerShard', limits.guildsPerShard, 1);
  demandWhole('shards', profile.shards, 1);
  demandWhole('maxConcurrency', profile.maxConcurrency, 1);
  demandWhole('identifiesPerDay', profile.identifiesPerDay, 0);
  demandWhole('guilds', profile.guilds ?? 0, 0);
  demandNumber('dispatchesPerSecond', profile.dispatchesPerSecond, 0);
  demandWhole('partBytes', profile.partBytes, 1);
  if (profile.token !== null && (typeof profile.token !== 'string' || profile.token === '')) {
    throw new RangeError('token must be a text');
  }
}

function demandNumber(name: string, value: unknown, least: number): void {
  if (typeof value !== 'number' || !(value >= least) || !Number.isFinite(value)) {
    throw new RangeError(`${name} is ${String(value)}; it must be a number of at least ${least}`);
  }
}

function demandWhole(name: string, value: unknown, least: number): void {
  demandNumber(name, value, least);
  if (!Number.isInteger(value)) throw new RangeError(`${name} is ${String(value)}; it must be a whole number`);
}

/** A misspelt name would have no effect and go unnoticed. */
function demandKnown(where: string, given: object, known: object): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  throw new RangeError(`there is no ${where}${unknown}: there are ${Object.keys(known).join(', ')}`);
}

const DEFAULT_PROFILE: GatewayProfile = {
  token: null,
  intents: ALL_INTENTS,
  shards: 1,
  maxConcurrency: 1,
  identifiesPerDay: LIMITS.identifies.perDay,
  guilds: null,
  dispatchesPerSecond: 0,
  partBytes: Number.MAX_SAFE_INTEGER,
  settings: DEFAULT_GATEWAY_SETTINGS,
  limits: {
    sends: LIMITS.sends,
    payloadBytes: LIMITS.payloadBytes,
    identifyWindowMs: LIMITS.identifies.windowMs,
    guildsPerShard: LIMITS.guildsPerShard,
  },
};
