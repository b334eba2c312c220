/** Shards on one clock share an actor system; they must not notice. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createActor, fromCallback } from 'xstate';
import { zlibInflate } from '../../adapters/zlib.js';
import { memoryPermits } from '../../src/limits/memory-permits.js';
import { simulatedClock } from '../../src/ports/clock.js';
import { shardsOn } from '../../src/shard/index.js';
import { createMemoryGateway } from '../../src/simulator/memory.js';
import { breakAt } from '../support/breaking.js';

const TOKEN = 'root-token';

function world() {
  const clock = simulatedClock();
  const gateway = createMemoryGateway({ clock, token: TOKEN });
  const { createShard } = shardsOn({ socket: () => gateway.socketPort, inflate: zlibInflate });
  const permits = memoryPermits({ clock, maxConcurrency: 10 });
  const make = (id: number) =>
    createShard({
      token: TOKEN,
      intents: [],
      shard: [id, 10],
      clock,
      permits,
      random: () => 0.5,
      locator: gateway.locator,
    });
  return { clock, gateway, make };
}

async function pass(clock: ReturnType<typeof simulatedClock>, ms: number): Promise<void> {
  for (let end = clock.now() + ms; clock.now() < end; ) {
    for (let i = 0; i < 10; i += 1) await null;
    clock.set(Math.min(end, clock.next ?? end));
  }
}

describe('shards on one clock', () => {
  it('go on when another of them breaks', async () => {
    const { clock, make } = world();
    const breaks = make(1);
    breakAt('openSocket', 'no socket');
    const others = [make(2), make(3)];
    const failed = breaks.start().catch((error: unknown) => error);
    await Promise.all([pass(clock, 200_000), ...others.map((shard) => shard.start())]);
    expect(await failed).toMatchObject({ code: 'ERR_INTERNAL' });
    expect(others.map(({ isReady, latency }) => [isReady, latency.recent.length])).toEqual([
      [true, 5],
      [true, 5],
    ]);
    await Promise.all([pass(clock, 1_000), ...others.map((shard) => shard.stop())]);
    expect(clock.next).toBeUndefined();
  });

  it('are collected when nobody holds them, whether they ran or not', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const { clock, make } = world();
    const refs = await (async () => {
      const [ran, never] = [make(1), make(2)];
      await Promise.all([pass(clock, 10_000), ran.start()]);
      await Promise.all([pass(clock, 10_000), ran.stop()]);
      return [new WeakRef(ran), new WeakRef(never)];
    })();
    for (let i = 0; i < 10 && refs.some((ref) => ref.deref()); i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      gc();
    }
    expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined]);
    make(3); // the clock, and with it the actor system, is held until here
  });

  it('rely on how an actor system forgets', () => {
    const actor = createActor(fromCallback(() => {})).start();
    expect((actor.system as unknown as { _unregister: unknown })._unregister).toBeTypeOf('function');
    actor.stop();
  });
});
