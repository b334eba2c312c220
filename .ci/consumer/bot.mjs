/** What .ci/check-package.mjs bundles: a shard that gets ready and stops. With an argument: one that is only made, with that compression. */
import { createShard } from 'gatechart';
import { startSimulator } from 'gatechart/simulator';

const [, , compress] = process.argv;

async function main() {
  const simulator = await startSimulator({ heartbeatInterval: 1_000 });
  const shard = createShard({ token: 'token', intents: ['GUILDS'], url: simulator.url, compress: 'zlib-stream' });
  await shard.start();
  console.log(`ready: ${shard.isReady}`);
  await shard.stop();
  await simulator.close();
}

if (compress) console.log(`made: ${createShard({ token: 'token', intents: ['GUILDS'], compress }).state}`);
else main();
