/** A shard for the conformance kit, wherever it runs: it prints its messages, and obeys and answers on the control channel. */
import { createShard } from 'gatechart';

/**
 * A shard that has begun, and `obey` for its orders. `print` writes a line on standard output, `complain` on standard
 * error; `options` is what else `createShard` is to be given.
 */
export function beginShard({ DISCORD_TOKEN, GATECHART_REST, GATECHART_RECORD }, { print, complain, options = {} }) {
  const say = (line) => print(`CTL ${JSON.stringify(line)}`);
  say({ can: ['send', 'stop', 'detach', 'record', 'tell', 'block'] });

  const shard = createShard({
    token: DISCORD_TOKEN,
    intents: ['GUILDS', 'GUILD_MESSAGES'],
    events: ['MESSAGE_CREATE'],
    restUrl: `${GATECHART_REST}/v10`,
    allowInsecure: true,
    ...(GATECHART_RECORD === undefined ? {} : { resume: JSON.parse(GATECHART_RECORD) }),
    ...options,
  });
  shard.on('MESSAGE_CREATE', ({ id }) => print(`MSG ${id}`));
  shard.on('transition', ({ cause }) => {
    if (cause.name === 'ready' || cause.name === 'resumed') say({ told: cause.name });
  });
  shard.on('failed', ({ error }) => {
    say({ told: 'failed', reason: error.message, code: error.closeCode });
    complain(error.message);
  });

  const orders = {
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

  shard.start().catch(() => {}); // told as `failed`, or it was stopped
  return { shard, obey: (order) => orders[order.order](order) };
}
