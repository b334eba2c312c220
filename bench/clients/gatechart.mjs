/** Everything, parsed. */
import { createShard } from 'gatechart';
import { meter } from '../meter.mjs';

const shard = createShard({ token: meter.token, intents: ['GUILDS', 'GUILD_MESSAGES'], url: meter.url });
shard.on('dispatch', ({ data }) => meter.event(data));
await shard.start();
meter.ready();
