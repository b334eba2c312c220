/** Everything, parsed, over a compressed connection. */
import { createShard } from 'gatechart';
import { meter } from '../meter.mjs';

const { token, url, compress } = meter;
const shard = createShard({ token, intents: ['GUILDS', 'GUILD_MESSAGES'], url, compress });
shard.on('dispatch', ({ data }) => meter.event(data));
await shard.start();
meter.ready();
