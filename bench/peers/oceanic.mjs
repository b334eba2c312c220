/** oceanic.js: `packet`, with its own handling of these events taken out of its dispatcher. */
import { Client } from 'oceanic.js';
import { meter } from '../meter.mjs';

const HANDLED =
  'PRESENCE_UPDATE VOICE_STATE_UPDATE TYPING_START MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_REACTION_ADD GUILD_MEMBER_UPDATE GUILD_CREATE GUILD_MEMBERS_CHUNK'.split(
    ' ',
  );

const { token, url, shards, compress } = meter;
const bot = new Client({
  auth: `Bot ${token}`,
  gateway: {
    intents: 513,
    maxShards: shards,
    compress: compress ?? false,
    override: {
      appendQuery: true,
      getBot: async () => ({
        url,
        shards,
        sessionStartLimit: { total: 100_000, remaining: 100_000, resetAfter: 86_400_000, maxConcurrency: shards },
      }),
    },
    ws: { perMessageDeflate: false },
  },
});
// `dispatcher.whitelist` has no effect in 1.15: without a blacklist, everything is handled.
for (const name of HANDLED) bot.shards.dispatcher.unregister(name);
let readied = 0;
bot.on('packet', ({ t, d }) => {
  if (t !== 'READY') return meter.event(d);
  readied += 1;
  if (readied === shards) meter.ready();
});
bot.on('error', console.error);
await bot.connect();
