/** @discordjs/ws: its simple strategy (one process), and zlib-sync where compressed. */
import { REST } from '@discordjs/rest';
import { CompressionMethod, WebSocketManager, WebSocketShardEvents } from '@discordjs/ws';
import { meter } from '../meter.mjs';

const COMPRESSION = { 'zlib-stream': CompressionMethod.ZlibSync };

const { token, shards, rest, compress } = meter;
const manager = new WebSocketManager({
  token,
  intents: 513,
  rest: new REST({ api: `${rest}/api` }).setToken(token),
  shardCount: shards,
  compression: COMPRESSION[compress] ?? null,
});
manager.on(WebSocketShardEvents.Dispatch, ({ d }) => meter.event(d));
await manager.connect();
meter.ready();
