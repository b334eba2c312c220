/** A shard in an actor system, on loopback: however it ends or those above it do, nothing is left of it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AnyActor, type AnyActorLogic, createActor, setup } from 'xstate';
import { createShardLogic, type ShardOptions } from '../../src/index.js';
import { breakAt } from '../support/breaking.js';
import { leftovers, until } from '../support/leftovers.js';
import { type SimulatorThread, startSimulatorThread } from '../support/simulator-thread.js';

let simulator: SimulatorThread;
let options: ShardOptions;
let nothingIsLeft: () => Promise<void>;

beforeEach(async () => {
  simulator = await startSimulatorThread({});
  options = { token: 'token', intents: ['GUILDS'], url: simulator.url };
  nothingIsLeft = await leftovers(simulator);
});
afterEach(() => simulator.stop());

/** A machine that invokes an actor until it finishes, leaves or breaks. */
function keeperOf(kept: AnyActorLogic) {
  return setup({
    types: {} as { events: { type: 'leave' } | { type: 'finish' } | { type: 'break' } },
    actors: { kept },
    actions: {
      raise: () => {
        throw new Error('the keeper broke');
      },
    },
  }).createMachine({
    initial: 'keeping',
    states: {
      keeping: {
        invoke: { src: 'kept', id: 'kept' },
        on: { leave: 'left', finish: 'finished', break: { actions: 'raise' } },
      },
      left: {},
      finished: { type: 'final' },
    },
  });
}

async function connected(...actors: AnyActor[]): Promise<void> {
  for (const actor of actors) actor.start();
  expect(
    await until(async () => (await simulator.state()).sessions.some(({ connection }) => connection !== null)),
  ).toBe(true);
}

/** What is thrown in tasks of their own while something runs. */
function thrownLater(run: () => void): unknown[] {
  const later = vi.spyOn(globalThis, 'setTimeout');
  run();
  const tasks = later.mock.results.map(({ value }, n) => [value, later.mock.calls[n]?.[0]] as const);
  later.mockRestore();
  return tasks.flatMap(([timer, task]) => {
    clearTimeout(timer);
    try {
      task?.();
      return [];
    } catch (error) {
      return [error];
    }
  });
}

describe('a shard within a machine', () => {
  it.each(['leave', 'finish'] as const)('leaves nothing when the machine comes to %s', async (type) => {
    const keeper = createActor(keeperOf(createShardLogic(options)));
    await connected(keeper);
    keeper.send({ type });
    await nothingIsLeft();
  });

  it('leaves nothing when the machine is stopped', async () => {
    const keeper = createActor(keeperOf(createShardLogic(options)));
    await connected(keeper);
    keeper.stop();
    await nothingIsLeft();
  });

  it('leaves nothing when the machine breaks, which is told to who observes it', async () => {
    const errors: unknown[] = [];
    const keeper = createActor(keeperOf(createShardLogic(options)));
    keeper.subscribe({ error: (error) => errors.push(error) });
    await connected(keeper);
    expect(thrownLater(() => keeper.send({ type: 'break' }))).toEqual([]);
    expect(errors).toEqual([new Error('the keeper broke')]);
    await nothingIsLeft();
  });

  it('leaves nothing when a machine further up breaks', async () => {
    const keeper = createActor(keeperOf(keeperOf(createShardLogic(options))));
    keeper.subscribe({ error() {} });
    await connected(keeper);
    keeper.send({ type: 'break' });
    await nothingIsLeft();
  });

  it('does not keep quiet what breaks a machine that nobody observes', async () => {
    const keeper = createActor(keeperOf(createShardLogic(options)));
    await connected(keeper);
    expect(thrownLater(() => keeper.send({ type: 'break' }))).toEqual([new Error('the keeper broke')]);
    await nothingIsLeft();
  });

  it('observes nobody once it has ended', async () => {
    const keeper = createActor(keeperOf(createShardLogic(options)));
    await connected(keeper);
    keeper.send({ type: 'leave' });
    expect((keeper as unknown as { observers: Set<unknown> }).observers.size).toBe(0);
    await nothingIsLeft();
  });
});

describe('a shard that breaks itself', () => {
  it('leaves nothing, though its socket was open', async () => {
    breakAt('requestPermit', 'no chance');
    const shard = createActor(createShardLogic(options));
    const errors: unknown[] = [];
    shard.subscribe({ error: (error) => errors.push(error) });
    shard.start();
    expect(await until(() => errors.length > 0)).toBe(true);
    expect(errors).toEqual([new Error('no chance')]);
    await nothingIsLeft();
  });
});

describe('a shard restored from a snapshot', () => {
  it('holds no connection, so it makes one, and resumes its session', async () => {
    const logic = createShardLogic(options);
    const before = createActor(logic);
    await connected(before);
    const snapshot = before.getPersistedSnapshot();
    before.stop();
    await nothingIsLeft();
    const after = createActor(logic, { snapshot: JSON.parse(JSON.stringify(snapshot)) });
    const got: string[] = [];
    after.on('*', ({ type }) => got.push(type));
    after.start();
    expect(await until(() => got.includes('RESUMED'))).toBe(true);
    expect(got).not.toContain('READY');
    after.stop();
    await nothingIsLeft();
  });
});
