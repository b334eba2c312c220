import { Client } from 'oceanic.js';

const { API_URL, BOT_TOKEN } = process.env;

const client = new Client({
  auth: `Bot ${BOT_TOKEN}`,
  gateway: { intents: ['GUILDS', 'GUILD_MESSAGES', 'MESSAGE_CONTENT'] },
  rest: { baseURL: `${API_URL}/v10` },
});
client.on('ready', () => console.log('READY'));
client.on('shardResume', () => console.log('RESUMED'));
client.on('messageCreate', ({ content }) => console.log(`MSG ${content}`));
client.on('warn', console.error);
client.on('error', ({ message }) => console.error(message));
await client.connect();
