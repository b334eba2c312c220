import { Client, Events, GatewayIntentBits } from 'discord.js';

const { API_URL, BOT_TOKEN } = process.env;

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
  rest: { api: API_URL },
});
client.on(Events.ClientReady, () => console.log('READY'));
client.on(Events.ShardResume, () => console.log('RESUMED'));
client.on(Events.MessageCreate, ({ content }) => console.log(`MSG ${content}`));
for (const event of [Events.Warn, Events.Error, Events.ShardError]) client.on(event, console.error);
await client.login(BOT_TOKEN);
