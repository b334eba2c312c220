import { createShardLogic, realClock, type ShardOptions } from 'gatechart';
import { createActor } from 'xstate';
import { switchMachine } from './invoke.js';
import { counterMachine } from './spawn.js';

const options: ShardOptions = { token: process.env.DISCORD_TOKEN ?? '', intents: ['GUILDS', 'GUILD_MESSAGES'] };

/** Timers run on the clock of the root actor; gatechart's lets what has arrived be read before a late one runs. */
const clock = realClock();

const bots = {
  invoke() {
    const bot = createActor(switchMachine(options), { clock });
    bot.subscribe(({ value, children }) => console.log(value, children.shard?.id ?? 'no shard'));
    bot.start().send({ type: 'switchOn' });
    return () => bot.send({ type: 'switchOff' });
  },
  spawn() {
    const bot = createActor(counterMachine(options), { clock });
    bot.subscribe(({ context }) => console.log(`${context.messages} messages`));
    bot.start();
    return () => bot.send({ type: 'quit' });
  },
  actor() {
    const shard = createActor(createShardLogic(options), { clock });
    shard.on('transition', ({ to, cause }) => console.log(`${to} (${cause.name})`));
    shard.on('MESSAGE_CREATE', ({ data }) => console.log(`${data.author.username} wrote in ${data.channel_id}`));
    shard.start();
    return () => shard.send({ type: 'stop' }); // goes offline; shard.stop() would just hang up
  },
};

const [, , way = 'invoke'] = process.argv;
const start = bots[way as keyof typeof bots];
process.once('SIGINT', start());
