/** cloudstorm, with a WebSocket of its own. The newest version needs Node 22. */
import { createRequire } from 'node:module';
import { meter } from '../meter.mjs';

const require = createRequire(import.meta.url);
const [major] = process.versions.node.split('.').map(Number);
const name = major < 22 ? 'cloudstorm-node-20' : 'cloudstorm';
const { Client } = require(name);
const { SnowTransfer } = createRequire(require.resolve(name))('snowtransfer');

const { token, rest } = meter;
const bot = new Client(token, {
  intents: 513,
  shards: 'auto',
  snowtransferInstance: new SnowTransfer(token, { baseHost: rest }),
  ws: { compress: meter.compress === 'zlib-stream', encoding: 'json' },
});
let isReady = false;
bot.on('ready', () => {
  isReady = true;
  meter.ready();
});
bot.on('dispatch', ({ d }) => isReady && meter.event(d));
bot.on('error', console.error);
await bot.connect();
