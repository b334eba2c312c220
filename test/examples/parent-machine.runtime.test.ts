/** The parent-machine examples against a simulator on loopback. */
import { createShardLogic, memoryPermits, realClock, type ShardLogic, type ShardOptions } from 'gatechart';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Actor, createActor, waitFor } from 'xstate';
import { switchMachine } from '../../examples/parent-machine/invoke.js';
import { counterMachine } from '../../examples/parent-machine/spawn.js';
import { leftovers, until } from '../support/leftovers.js';
import { type SimulatorThread, startSimulatorThread } from '../support/simulator-thread.js';
import { atMost } from '../support/slowness.js';

const SOON = { timeout: atMost(5_000) };
let simulator: SimulatorThread;
let options: ShardOptions;
let nothingIsLeft: () => Promise<void>;

beforeEach(async () => {
  simulator = await startSimulatorThread({ dispatchesPerSecond: 50, limits: { identifyWindowMs: 1 } });
  const permits = memoryPermits({ spacing: 1 });
  options = { token: 'token', intents: ['GUILDS', 'GUILD_MESSAGES'], url: simulator.url, permits };
  nothingIsLeft = await leftovers(simulator);
});
afterEach(() => simulator.stop());

describe('a machine that invokes a shard', () => {
  const start = () => {
    const bot = createActor(switchMachine(options), { clock: realClock() }).start();
    bot.send({ type: 'switchOn' });
    return bot;
  };
  const online = (bot: ReturnType<typeof start>) => waitFor(bot, (state) => state.matches({ on: 'online' }), SOON);

  it('is online once the shard is ready, and offline while it reconnects', async () => {
    const bot = start();
    expect(bot.getSnapshot().value).toEqual({ on: 'offline' });
    await online(bot);
    simulator.do({ fault: 'requestReconnect' });
    await waitFor(bot, (state) => state.matches({ on: 'offline' }), SOON);
    await online(bot);
    bot.stop();
    await nothingIsLeft();
  });

  it('leaves nothing when it leaves the state, and can come back', async () => {
    const bot = start();
    await online(bot);
    bot.send({ type: 'switchOff' });
    expect(bot.getSnapshot().children).toEqual({});
    await nothingIsLeft();
    bot.send({ type: 'switchOn' });
    bot.send({ type: 'switchOff' }); // while it was connecting
    await nothingIsLeft();
    bot.send({ type: 'switchOn' });
    await online(bot);
    bot.send({ type: 'switchOff' });
    await nothingIsLeft();
  });

  it('is told when Discord refuses the bot for good', async () => {
    const bot = start();
    await online(bot);
    simulator.do({ fault: 'closeWith', code: 4014 });
    await waitFor(bot, (state) => state.matches('refused'), SOON);
    await nothingIsLeft();
  });
});

describe('a machine that spawns a shard', () => {
  it('turns what the shard emits into events, and leaves nothing once it has stopped it', async () => {
    const bot = createActor(counterMachine(options), { clock: realClock() }).start();
    await waitFor(bot, ({ context }) => context.messages >= 5, SOON);
    bot.send({ type: 'quit' });
    const { messages } = bot.getSnapshot().context;
    await nothingIsLeft();
    expect(bot.getSnapshot().context.messages).toBe(messages);
  });
});

describe('a shard as an actor of its own', () => {
  it.each<[string, (shard: Actor<ShardLogic>) => void]>([
    ['goes offline when it is told to stop', (shard) => shard.send({ type: 'stop' })],
    ['hangs up when its actor is stopped', (shard) => shard.stop()],
  ])('%s, and leaves nothing', async (_, end) => {
    const shard = createActor(createShardLogic(options), { clock: realClock() });
    const got: string[] = [];
    shard.on('MESSAGE_CREATE', ({ data }) => got.push(data.content));
    shard.start();
    expect(await until(() => got.length >= 3)).toBe(true);
    end(shard);
    await nothingIsLeft();
  });
});
