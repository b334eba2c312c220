/** Which shard a guild is on, and which shards a process runs ("Sharding"). */
import { demandGiven, wholeNumber } from '../kit/shape.js';

/** A shard as Identify names it: its id, from 0 on, and how many there are. */
export type ShardId = readonly [id: number, count: number];

const COUNT = wholeNumber('a number of shards, a whole number from 1 on', 1);
const SNOWFLAKE = /^\d{1,20}$/;
const BITS_BELOW_TIME = 22n;
const MOST = 2n ** 64n;

/**
 * The id of the shard that a guild's dispatches come on: `(guild_id >> 22) % count`. What belongs to no guild comes on
 * shard 0. Throws a `TypeError` for what is no snowflake; as a number it would have lost digits.
 */
export function shardIdOf(guildId: string | bigint, count: number): number {
  demandGiven('count', count, COUNT);
  return Number((snowflake(guildId) >> BITS_BELOW_TIME) % BigInt(count));
}

/** The shards from `first` to `last`, both included, for a process that runs a part of them in a row. */
export function shardRange(first: number, last: number, count: number): ShardId[] {
  demandGiven('count', count, COUNT);
  demandGiven('last', last, wholeNumber(`the id of a shard, from 0 to ${count - 1}`, 0, count - 1));
  demandGiven('first', first, wholeNumber(`the id of a shard, from 0 to ${last}`, 0, last));
  return Array.from({ length: last - first + 1 }, (_, i) => [first + i, count]);
}

/**
 * Every shard whose id leaves the remainder `lane` when divided by `lanes`. With `lanes` as `max_concurrency`, these are
 * the shards that share a `rate_limit_key`, so that a process which runs them waits for no other with its identifies.
 */
export function shardLane(lane: number, lanes: number, count: number): ShardId[] {
  demandGiven('count', count, COUNT);
  demandGiven('lanes', lanes, wholeNumber('a number of lanes, a whole number from 1 on', 1));
  demandGiven('lane', lane, wholeNumber(`a lane, from 0 to ${lanes - 1}`, 0, lanes - 1));
  return Array.from({ length: Math.max(0, Math.ceil((count - lane) / lanes)) }, (_, i) => [lane + i * lanes, count]);
}

function snowflake(id: unknown): bigint {
  if (typeof id === 'bigint' && id >= 0n && id < MOST) return id;
  if (typeof id === 'string' && SNOWFLAKE.test(id) && BigInt(id) < MOST) return BigInt(id);
  throw new TypeError("guildId must be a snowflake: its digits as a string, such as '175928847299117063', or a bigint");
}
