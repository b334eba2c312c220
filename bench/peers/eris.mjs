/** eris: `rawWS`, with its own handling of every event but READY switched off (`disableEvents`) as far as it can be. */
import { Client } from 'eris';
import { meter } from '../meter.mjs';

const HANDLED =
  'PRESENCE_UPDATE VOICE_STATE_UPDATE TYPING_START MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_REACTION_ADD GUILD_MEMBER_UPDATE GUILD_CREATE GUILD_MEMBERS_CHUNK'.split(
    ' ',
  );

const { token, url, shards } = meter;
const bot = new Client(`Bot ${token}`, {
  intents: 513,
  maxShards: shards,
  shardConcurrency: shards,
  compress: meter.compress === 'zlib-stream',
  disableEvents: Object.fromEntries(HANDLED.map((name) => [name, true])),
  ws: { perMessageDeflate: false },
});
bot.getBotGateway = bot.getGateway = async () => ({ url, shards }); // its REST knows https alone
bot.on('rawWS', ({ op, d }) => op === 0 && meter.event(d));
bot.on('ready', () => meter.ready());
bot.on('error', console.error);
await bot.connect();
