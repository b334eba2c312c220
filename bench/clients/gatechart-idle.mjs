/** Many shards that hear nothing. */
import { createShard, memoryPermits } from 'gatechart';
import { meter } from '../meter.mjs';

const { token, url, shards } = meter;
const permits = memoryPermits({ maxConcurrency: shards });
const all = Array.from({ length: shards }, (_, id) =>
  createShard({ token, url, intents: ['GUILDS', 'GUILD_MESSAGES'], shard: [id, shards], permits }),
);
await Promise.all(all.map((shard) => shard.start()));
meter.ready();
