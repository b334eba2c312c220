import { Client } from 'oceanic.js';

const { DISCORD_TOKEN, GATECHART_REST } = process.env;

const client = new Client({
  auth: `Bot ${DISCORD_TOKEN}`,
  gateway: { intents: ['GUILDS', 'GUILD_MESSAGES'] },
  rest: { baseURL: `${GATECHART_REST}/v10` },
});
client.on('ready', () => console.log('READY'));
client.on('shardResume', () => console.log('RESUMED'));
client.on('messageCreate', ({ id }) => console.log(`MSG ${id}`));
client.on('warn', console.error);
client.on('error', ({ message }) => console.error(message));
await client.connect();
