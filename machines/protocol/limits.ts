/**
 * What the documentation allows, with the unit in the name (`Ms`, `Bytes`) or a plain count.
 * Limits that come with an answer at run time (shards, session starts, heartbeat interval) are not here.
 */
export const LIMITS = {
  /** "Rate Limiting": payloads per connection, heartbeats and Identify included; beyond it 4008. A new connection starts afresh. */
  sends: { count: 120, windowMs: 60_000 },
  /** "Sending Events": a serialised payload; beyond it 4002. */
  payloadBytes: 4096,
  /** "Update Presence": beyond it nothing is documented. */
  presenceUpdates: { count: 5, windowMs: 20_000 },
  /**
   * "Session Start Limit" and "Sharding": one Identify per `windowMs` in each lane `shard_id % max_concurrency`, beyond it
   * Invalid Session; `perDay` for all shards together, beyond it the token is reset. Resumes do not count.
   */
  identifies: { perLane: 1, windowMs: 5000, perDay: 1000 },
  /** "Identify": members above which GUILD_CREATE leaves out those offline. */
  largeThreshold: { least: 50, most: 250, default: 50 },
  /** "Request Guild Members". `everyMemberMs`: one request for all members per guild and bot in this time, beyond it RATE_LIMITED. */
  requestGuildMembers: { userIds: 100, nonceBytes: 32, queryResults: 100, chunkMembers: 1000, everyMemberMs: 30_000 },
  /** "Invalid Session" as worded until September 2022, confirmed by staff: a random wait before the next try. Gone from the text since. */
  invalidSessionWaitMs: { least: 1000, most: 5000 },
  /** "Sharding": beyond it 4011. */
  guildsPerShard: 2500,
  /** "Guild Create": members beyond which it lists the bot and those in voice channels alone, GUILD_PRESENCES or not. */
  listedMembers: 75_000,
  /** "Privileged Intents": users who can see the application, from which on such an intent takes a review, each year (since 2026-06-10). */
  privilegedReviewUsers: 10_000,
  /** "Sharding for Very Large Bots": from here on Discord assigns a number that the shard count must be a multiple of. */
  veryLargeBotGuilds: 150_000,
} as const;

/** Identifies per day for a bot in `guilds` guilds, all shards together ("Sharding for Very Large Bots"). */
export const identifiesPerDay = (guilds: number): number =>
  guilds > LIMITS.veryLargeBotGuilds ? Math.max(2000, Math.floor((guilds / 1000) * 5)) : LIMITS.identifies.perDay;

/** Over so long identifies are counted, in ms ("Session Start Limit Object"). */
export const DAY_MS = 24 * 60 * 60 * 1000;
