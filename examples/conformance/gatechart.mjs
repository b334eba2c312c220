/** gatechart's own shard under the conformance kit: `gatechart conform -- node examples/conformance/gatechart.mjs`. */
import { createShard } from 'gatechart';

const { DISCORD_TOKEN, GATECHART_REST } = process.env;

const shard = createShard({
  token: DISCORD_TOKEN,
  intents: ['GUILDS', 'GUILD_MESSAGES'],
  events: ['MESSAGE_CREATE'],
  restUrl: `${GATECHART_REST}/v10`,
  allowInsecure: true,
});
shard.on('MESSAGE_CREATE', ({ id }) => console.log(`MSG ${id}`));
shard.on('failed', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
process.once('SIGTERM', () => shard.stop());
await shard.start();
