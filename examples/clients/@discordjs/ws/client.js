import { REST } from '@discordjs/rest';
import { WebSocketManager, WebSocketShardEvents } from '@discordjs/ws';

const { DISCORD_TOKEN, GATECHART_REST } = process.env;
const GUILDS = 1 << 0;
const GUILD_MESSAGES = 1 << 9;

const manager = new WebSocketManager({
  token: DISCORD_TOKEN,
  intents: GUILDS | GUILD_MESSAGES,
  rest: new REST({ api: GATECHART_REST }).setToken(DISCORD_TOKEN),
});
manager.on(WebSocketShardEvents.Ready, () => console.log('READY'));
manager.on(WebSocketShardEvents.Resumed, () => console.log('RESUMED'));
manager.on(WebSocketShardEvents.Dispatch, ({ t, d }) => {
  if (t === 'MESSAGE_CREATE') console.log(`MSG ${d.id}`);
});
manager.on(WebSocketShardEvents.Error, (error) => console.error(error));
await manager.connect();
