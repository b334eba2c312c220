import { createShardLogic, type DispatchEvents, type ShardEmitted, type ShardSnapshot } from 'gatechart';
import { describe, expectTypeOf, it } from 'vitest';
import { assign, createActor, setup } from 'xstate';

const logic = createShardLogic({ token: 'token', intents: ['GUILDS'], url: 'ws://127.0.0.1:1' });

describe('the actor of a shard', () => {
  const actor = createActor(logic);

  it('emits dispatches and news whose payloads are typed by their names', () => {
    actor.on('MESSAGE_CREATE', ({ data, sequence, replayed }) => {
      expectTypeOf(data).toEqualTypeOf<DispatchEvents['MESSAGE_CREATE']>();
      expectTypeOf(sequence).toEqualTypeOf<number>();
      expectTypeOf(replayed).toEqualTypeOf<boolean>();
    });
    actor.on('transition', ({ to, cause }) => {
      expectTypeOf(to).toEqualTypeOf<string>();
      expectTypeOf(cause.closeCode).toEqualTypeOf<number | undefined>();
    });
    actor.on('*', (emitted) => expectTypeOf(emitted).toEqualTypeOf<ShardEmitted>());
    // @ts-expect-error there is no such event
    actor.on('MESSAGE_CREATED', () => {});
  });

  it('takes the events of the chart', () => {
    expectTypeOf(actor.send).toBeCallableWith({ type: 'stop' });
    expectTypeOf(actor.send).toBeCallableWith({ type: 'reconnect', fresh: true });
    // @ts-expect-error there is no such event
    expectTypeOf(actor.send).toBeCallableWith({ type: 'restart' });
  });

  it('has snapshots that know their states, tags and context', () => {
    const snapshot = actor.getSnapshot();
    expectTypeOf(snapshot).toEqualTypeOf<ShardSnapshot>();
    expectTypeOf(snapshot.matches('failed')).toEqualTypeOf<boolean>();
    snapshot.matches({ running: { connection: { open: { session: 'ready' } } } });
    // @ts-expect-error there is no such state
    snapshot.matches('online');
    // @ts-expect-error there is no such state within it
    snapshot.matches({ running: { connection: 'ready' } });
    snapshot.hasTag('streaming');
    // @ts-expect-error there is no such tag
    snapshot.hasTag('online');
    expectTypeOf(snapshot.context.session).toEqualTypeOf<{ readonly id: string; readonly url: string | null } | null>();
  });
});

describe('a shard within an actor system', () => {
  const { createMachine } = setup({
    types: {} as { context: { resumes: number }; children: { shard: 'shard' } },
    actors: { shard: logic },
  });

  it('is invoked by name, and its snapshots are typed', () => {
    const parent = createActor(
      createMachine({
        context: { resumes: 0 },
        invoke: {
          id: 'shard',
          src: 'shard',
          onSnapshot: [
            { guard: ({ event }) => event.snapshot.hasTag('streaming'), target: '.online' },
            { target: '.offline', actions: assign({ resumes: ({ event }) => event.snapshot.context.resumes }) },
          ],
        },
        initial: 'offline',
        states: { offline: {}, online: {} },
      }),
    );
    const { children } = parent.getSnapshot();
    children.shard?.on('MESSAGE_CREATE', ({ data }) => expectTypeOf(data.content).toEqualTypeOf<string>());
    expectTypeOf(children.shard?.getSnapshot()).toEqualTypeOf<ShardSnapshot | undefined>();
    // @ts-expect-error no actor of that name was set up
    createMachine({ context: { resumes: 0 }, invoke: { src: 'shards' } });
  });

  it('is spawned by name, and by its logic', () => {
    createMachine({
      context: ({ spawn }) => {
        spawn('shard', { id: 'shard' }).on('READY', ({ data }) => expectTypeOf(data.v).toEqualTypeOf<number>());
        spawn(logic).on('READY', ({ data }) => expectTypeOf(data.v).toEqualTypeOf<number>());
        return { resumes: 0 };
      },
    });
  });
});
