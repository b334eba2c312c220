import type { IdentifyFacts } from '../../machines/gateway/vocabulary.js';
import { ALL_INTENTS, PRIVILEGED_INTENTS } from '../../machines/protocol/intents.js';
import { DAY_MS } from '../../machines/protocol/limits.js';
import { API_VERSIONS } from '../../machines/protocol/url.js';
import type { ClockPort } from '../ports/index.js';
import { bare } from './log.js';
import type { GatewayProfile } from './options.js';
import type { IdentifyMessage } from './receive.js';

/** A shard's id, and the count of shards. */
export type ShardTuple = readonly [id: number, count: number];

/** The Session Start Limit Object, as Get Gateway Bot gives it. */
export interface SessionStartLimitObject {
  readonly total: number;
  readonly remaining: number;
  readonly reset_after: number;
  readonly max_concurrency: number;
}

/** Time a lane's window may fall short by: networks and timers are not exact. */
const LANE_TOLERANCE_MS = 100;

/** Where the URL names no version ("API Versioning"). */
export const DEFAULT_VERSION = '6';

/** Who may identify: the token, the checks of Identify, one per 5 s and lane, and so many a day. */
export class Identifies {
  /** Whether the token was reset, since the day's identifies were exceeded. */
  tokenReset = false;
  #lanes = new Map<number, number>();
  #used = 0;
  #since: number;

  constructor(
    private readonly clock: ClockPort,
    private readonly profile: () => GatewayProfile,
  ) {
    this.#since = clock.now();
  }

  isRightToken(token: unknown): boolean {
    const { token: right } = this.profile();
    return !this.tokenReset && (right === null || bare(token) === bare(right));
  }

  limit(): SessionStartLimitObject {
    this.#renew();
    const { identifiesPerDay: total, maxConcurrency } = this.profile();
    return {
      total,
      remaining: Math.max(0, total - this.#used),
      reset_after: Math.round(this.#since + DAY_MS - this.clock.now()),
      max_concurrency: maxConcurrency,
    };
  }

  /** Judges an Identify, and counts it ("Gateway Close Event Codes", "Rate Limiting"). */
  check({ token, intents, shard }: IdentifyMessage, version: string | null): IdentifyFacts {
    const tuple = shardFrom(shard);
    const isWhole = typeof intents === 'number' && Number.isSafeInteger(intents) && intents >= 0;
    const intentsValid = isWhole && (BigInt(intents) & ~BigInt(ALL_INTENTS)) === 0n;
    const facts = {
      tokenMatches: this.isRightToken(token) && this.#count(),
      shardValid: tuple !== null,
      shardingRequired: tuple !== null && this.#holdsTooManyGuilds(tuple),
      versionValid: isVersion(version ?? DEFAULT_VERSION),
      intentsValid,
      intentsAllowed: !intentsValid || (intents & PRIVILEGED_INTENTS & ~this.profile().intents) === 0,
    };
    const { tokenMatches, shardValid, shardingRequired, versionValid, intentsAllowed } = facts;
    const passes = tokenMatches && shardValid && !shardingRequired && versionValid && intentsValid && intentsAllowed;
    return { ...facts, permitted: !passes || tuple === null || this.#takeLane(tuple) };
  }

  #holdsTooManyGuilds([, count]: ShardTuple): boolean {
    const { guilds, limits } = this.profile();
    return guilds !== null && Math.ceil(guilds / count) > limits.guildsPerShard;
  }

  /** One identify per window in each lane `shard_id % max_concurrency`. */
  #takeLane([id]: ShardTuple): boolean {
    const { maxConcurrency, limits } = this.profile();
    const lane = id % maxConcurrency;
    const now = this.clock.now();
    const last = this.#lanes.get(lane);
    if (last !== undefined && now - last < limits.identifyWindowMs - LANE_TOLERANCE_MS) return false;
    this.#lanes.set(lane, now);
    return true;
  }

  /** False for the one that goes beyond the day's identifies: the token is then reset. */
  #count(): boolean {
    this.#renew();
    this.#used += 1;
    this.tokenReset = this.#used > this.profile().identifiesPerDay;
    return !this.tokenReset;
  }

  #renew(): void {
    const days = Math.floor((this.clock.now() - this.#since) / DAY_MS);
    if (days < 1) return;
    this.#since += days * DAY_MS;
    this.#used = 0;
  }
}

/** The shard of an Identify, [0, 1] where there is none; null if it is invalid. */
export function shardFrom(shard: unknown): ShardTuple | null {
  if (shard === undefined || shard === null) return [0, 1];
  if (!Array.isArray(shard) || shard.length !== 2 || !shard.every(Number.isSafeInteger)) return null;
  const [id, count] = shard as [number, number];
  return id >= 0 && id < count ? [id, count] : null;
}

function isVersion(version: string): boolean {
  const rows: Readonly<Record<string, string>> = API_VERSIONS;
  return Object.hasOwn(rows, version) && rows[version] !== 'discontinued';
}
