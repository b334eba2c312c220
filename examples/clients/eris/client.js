import { Agent } from 'node:https';
import eris from 'eris';

const { API_URL, BOT_TOKEN } = process.env;
const { hostname, port, pathname } = new URL(API_URL);

const client = eris(`Bot ${BOT_TOKEN}`, {
  intents: ['guilds', 'guildMessages', 'messageContent'],
  rest: {
    domain: hostname,
    baseURL: `${pathname}/v10`,
    agent: Object.assign(new Agent(), { defaultPort: port }), // eris has no option for the port
  },
});
client.on('ready', () => console.log('READY'));
client.on('shardResume', () => console.log('RESUMED'));
client.on('messageCreate', ({ content }) => console.log(`MSG ${content}`));
client.on('warn', console.error);
client.on('error', ({ message }) => console.error(message));
await client.connect();
