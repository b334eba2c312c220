import { Client } from 'cloudstorm';
import { SnowTransfer } from 'snowtransfer';

const { DISCORD_TOKEN, GATECHART_REST } = process.env;

const client = new Client(DISCORD_TOKEN, {
  intents: ['GUILDS', 'GUILD_MESSAGES'],
  snowtransferInstance: new SnowTransfer(DISCORD_TOKEN, { baseHost: new URL(GATECHART_REST).origin }),
});
client.on('event', ({ t, d }) => {
  if (t === 'READY' || t === 'RESUMED') console.log(t);
  if (t === 'MESSAGE_CREATE') console.log(`MSG ${d.id}`);
});
client.on('error', (error) => console.error(error));
await client.connect();
