/** Two events out of many. */
import { createShard } from 'gatechart';
import { meter } from '../meter.mjs';

const shard = createShard({
  token: meter.token,
  intents: ['GUILDS', 'GUILD_MESSAGES', 'GUILD_MESSAGE_REACTIONS'],
  url: meter.url,
  events: ['MESSAGE_CREATE', 'MESSAGE_REACTION_ADD'],
});
shard.on('MESSAGE_CREATE', (message) => meter.event(message));
shard.on('MESSAGE_REACTION_ADD', (reaction) => meter.event(reaction));
await shard.start();
meter.ready();
