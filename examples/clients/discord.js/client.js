import { Client, Events, GatewayIntentBits } from 'discord.js';

const { DISCORD_TOKEN, GATECHART_REST } = process.env;

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
  rest: { api: GATECHART_REST },
});
client.on(Events.ClientReady, () => console.log('READY'));
client.on(Events.ShardResume, () => console.log('RESUMED'));
client.on(Events.MessageCreate, ({ id }) => console.log(`MSG ${id}`));
for (const event of [Events.Warn, Events.Error, Events.ShardError]) client.on(event, console.error);
await client.login(DISCORD_TOKEN);
