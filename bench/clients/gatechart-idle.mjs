/** Many shards that hear nothing, as the README makes them: locator and permits are those by default. */
import { createShard } from 'gatechart';
import { meter } from '../meter.mjs';

const { token, rest, shards } = meter;
const all = Array.from({ length: shards }, (_, id) =>
  createShard({ token, restUrl: `${rest}/api/v10`, intents: ['GUILDS', 'GUILD_MESSAGES'], shard: [id, shards] }),
);
await Promise.all(all.map((shard) => shard.start()));
meter.ready();
