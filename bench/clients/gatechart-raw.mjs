/** Everything, as bytes, to be forwarded. */
import { createShard } from 'gatechart';
import { meter } from '../meter.mjs';

const shard = createShard({ token: meter.token, intents: ['GUILDS', 'GUILD_MESSAGES'], url: meter.url });
shard.on('raw', (bytes) => meter.event(bytes));
await shard.start();
meter.ready();
