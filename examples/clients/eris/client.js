import { Agent } from 'node:https';
import eris from 'eris';

const { DISCORD_TOKEN, GATECHART_REST } = process.env;
const { hostname, port, pathname } = new URL(GATECHART_REST);

const client = eris(`Bot ${DISCORD_TOKEN}`, {
  intents: ['guilds', 'guildMessages'],
  rest: {
    domain: hostname,
    baseURL: `${pathname}/v10`,
    agent: Object.assign(new Agent(), { defaultPort: port }), // eris has no option for the port
  },
});
client.on('ready', () => console.log('READY'));
client.on('shardResume', () => console.log('RESUMED'));
client.on('messageCreate', ({ id }) => console.log(`MSG ${id}`));
client.on('warn', console.error);
client.on('error', ({ message }) => console.error(message));
await client.connect();
