/** gatechart's own shard under the conformance kit: `gatechart conform -- node examples/conformance/gatechart.mjs`. */
import { createInterface } from 'node:readline';
import { createShard } from 'gatechart';

const { DISCORD_TOKEN, GATECHART_REST, GATECHART_RECORD } = process.env;

/** The control channel: what this client can be told to do, and what it tells. */
const say = (line) => console.log(`CTL ${JSON.stringify(line)}`);
say({ can: ['send', 'stop', 'detach', 'record', 'tell', 'block'] });

const shard = createShard({
  token: DISCORD_TOKEN,
  intents: ['GUILDS', 'GUILD_MESSAGES'],
  events: ['MESSAGE_CREATE'],
  restUrl: `${GATECHART_REST}/v10`,
  allowInsecure: true,
  ...(GATECHART_RECORD === undefined ? {} : { resume: JSON.parse(GATECHART_RECORD) }),
});
shard.on('MESSAGE_CREATE', ({ id }) => console.log(`MSG ${id}`));
shard.on('transition', ({ cause }) => {
  if (cause.name === 'ready' || cause.name === 'resumed') say({ told: cause.name });
});
shard.on('failed', ({ error }) => {
  say({ told: 'failed', reason: error.message, code: error.closeCode });
  console.error(error.message);
  process.exitCode = 1;
});

const ORDERS = {
  async send({ id, op, d }) {
    try {
      await shard.sendRaw(op, d);
      say({ told: 'sent', id });
    } catch (error) {
      say({ told: 'rejected', id, reason: error.message });
    }
  },
  async stop() {
    await shard.stop();
    say({ told: 'closed' });
  },
  async detach() {
    say({ told: 'record', record: await shard.detach() });
  },
  block({ ms }) {
    for (const until = performance.now() + ms; performance.now() < until; );
  },
};
const orders = createInterface({ input: process.stdin });
orders.on('line', (line) => {
  const order = JSON.parse(line);
  ORDERS[order.order](order);
});

process.once('SIGTERM', () => {
  orders.close(); // or it would wait for more
  shard.stop();
});
await shard.start().catch(() => {}); // told as `failed`, or it was stopped
