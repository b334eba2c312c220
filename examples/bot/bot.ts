import { createShard } from 'gatechart';

const shard = createShard({ token: process.env.DISCORD_TOKEN ?? '', intents: ['GUILDS', 'GUILD_MESSAGES'] });

shard.on('transition', ({ to, cause }) => console.log(`${to} (${cause.name})`));
shard.on('MESSAGE_CREATE', (message) => console.log(`${message.author.username} wrote in ${message.channel_id}`));
process.once('SIGINT', () => shard.stop());

await shard.start(); // rejects if Discord refuses the bot
await shard.closed; // resolves once stopped, rejects if Discord ends it for good
