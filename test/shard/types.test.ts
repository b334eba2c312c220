import type * as gatechart from 'gatechart';
import {
  type AnyGatewayError,
  createShard,
  createShardLogic,
  type Deliverable,
  type Dispatch,
  type DispatchEventName,
  type DispatchEvents,
  GatewayClosedError,
  type IntentName,
  LocalProtocolError,
  type RawMessage,
  type Shard,
  type ShardEmitted,
  type ShardFailure,
  type ShardListenerArguments,
  type ShardNews,
  type ShardOptions,
  type ShardSnapshot,
  type TypedDispatch,
} from 'gatechart';
import type * as diagram from 'gatechart/diagram';
import type * as file from 'gatechart/file';
import type * as machines from 'gatechart/machines';
import type * as testing from 'gatechart/testing';
import type * as trace from 'gatechart/trace';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { assign, createActor, setup } from 'xstate';
import type { NEWS } from '../../src/shard/events.js';
import { compiles } from '../support/compiles.js';

const logic = createShardLogic({ token: 'token', intents: ['GUILDS'], url: 'ws://127.0.0.1:1' });

describe('the actor of a shard', () => {
  const actor = createActor(logic);

  compiles('emits dispatches and news whose payloads are typed by their names', () => {
    actor.on('MESSAGE_CREATE', ({ data, sequence, replayed }) => {
      expectTypeOf(data).toEqualTypeOf<DispatchEvents['MESSAGE_CREATE']>();
      expectTypeOf(sequence).toEqualTypeOf<number | null>();
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

  compiles('takes the events of the chart', () => {
    expectTypeOf(actor.send).toBeCallableWith({ type: 'stop' });
    expectTypeOf(actor.send).toBeCallableWith({ type: 'reconnect', fresh: true });
    // @ts-expect-error there is no such event
    expectTypeOf(actor.send).toBeCallableWith({ type: 'restart' });
  });

  compiles('has snapshots that know their states, tags and context', () => {
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

  compiles('is invoked by name, and its snapshots are typed', () => {
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

  compiles('is spawned by name, and by its logic', () => {
    createMachine({
      context: ({ spawn }) => {
        spawn('shard', { id: 'shard' }).on('READY', ({ data }) => expectTypeOf(data.v).toEqualTypeOf<number>());
        spawn(logic).on('READY', ({ data }) => expectTypeOf(data.v).toEqualTypeOf<number>());
        return { resumes: 0 };
      },
    });
  });
});

describe('a shard with events', () => {
  const options = { token: 'token', url: 'ws://127.0.0.1:1' };
  const shard = createShard({ ...options, events: ['MESSAGE_CREATE', 'TYPING_START'] });

  it('knows them, and no other dispatches', () => {
    expectTypeOf(shard).toEqualTypeOf<Shard<'MESSAGE_CREATE' | 'TYPING_START'>>();
    shard.on('MESSAGE_CREATE', (message) => expectTypeOf(message).toEqualTypeOf<DispatchEvents['MESSAGE_CREATE']>());
    shard.once('TYPING_START', (typing) => expectTypeOf(typing).toEqualTypeOf<DispatchEvents['TYPING_START']>());
    shard.on('dispatch', (each) =>
      expectTypeOf(each).toEqualTypeOf<TypedDispatch<'MESSAGE_CREATE' | 'TYPING_START'>>(),
    );
    shard.on('transition', ({ to }) => expectTypeOf(to).toEqualTypeOf<string>());
    shard.on('raw', (message) => expectTypeOf(message).toEqualTypeOf<RawMessage>());
    expectTypeOf(shard.dispatches('MESSAGE_CREATE')).toEqualTypeOf<
      AsyncIterableIterator<TypedDispatch<'MESSAGE_CREATE'>>
    >();
    expectTypeOf(shard.dispatches()).toEqualTypeOf<
      AsyncIterableIterator<TypedDispatch<'MESSAGE_CREATE' | 'TYPING_START'>>
    >();
    // @ts-expect-error it is not among its events
    expect(() => shard.on('GUILD_CREATE', () => {})).toThrow('never comes');
    // @ts-expect-error it is not among its events
    expect(() => shard.once('READY', () => {})).toThrow('never comes');
    // @ts-expect-error it is not among its events
    expect(() => shard.dispatches('GUILD_CREATE')).toThrow('never comes');
    // @ts-expect-error there is no such event
    expect(() => createShard({ ...options, events: ['MESSAGE_CREATED'] })).toThrow('no documented event');
  });

  compiles('emits what the check of listeners knows, and no other news', () => {
    type News = Exclude<keyof ShardListenerArguments, DispatchEventName>;
    expectTypeOf<(typeof NEWS)[number]>().toEqualTypeOf<News>();
  });

  compiles('without them knows all', () => {
    const all = createShard({ ...options, intents: ['GUILDS'] });
    expectTypeOf(all).toEqualTypeOf<Shard>();
    all.on('dispatch', (each) => expectTypeOf(each).toEqualTypeOf<Dispatch>());
    const some: readonly DispatchEventName[] = ['READY'];
    expectTypeOf(createShard({ ...options, events: some })).toEqualTypeOf<Shard>();
  });

  compiles('fits where any shard does', () => {
    const follow = (given: Shard) => given.on('transition', ({ to }: ShardNews['transition']) => to);
    follow(shard);
  });

  compiles('emits them alone as an actor', () => {
    const actor = createActor(createShardLogic({ ...options, events: ['MESSAGE_CREATE'] }));
    actor.on('MESSAGE_CREATE', ({ data }) => expectTypeOf(data).toEqualTypeOf<DispatchEvents['MESSAGE_CREATE']>());
    actor.on('warning', ({ problem }) => expectTypeOf(problem).toEqualTypeOf<string>());
    // @ts-expect-error it is not among its events
    actor.on('TYPING_START', () => {});
  });
});

describe('events and intents', () => {
  const options = { token: 'token', url: 'ws://127.0.0.1:1' };

  compiles('are taken together where the intents may bring the events', () => {
    createShard({ ...options, events: ['MESSAGE_CREATE'], intents: ['GUILDS', 'DIRECT_MESSAGES'] });
    createShard({ ...options, events: ['INTERACTION_CREATE', 'READY', 'GUILD_MEMBER_UPDATE'], intents: [] });
    createShard({ ...options, events: ['MESSAGE_CREATE'], intents: 512 });
    createShard({ ...options, events: ['MESSAGE_CREATE'], intents: 0 }); // bits: only a warning
    const some: IntentName[] = ['GUILDS'];
    createShard({ ...options, events: ['MESSAGE_CREATE'], intents: some });
    const given: ShardOptions = { ...options, intents: ['GUILDS'], events: ['MESSAGE_CREATE'] };
    createShard(given);
  });

  compiles('are refused where they cannot', () => {
    // @ts-expect-error no intent given brings MESSAGE_CREATE
    createShard({ ...options, events: ['MESSAGE_CREATE'], intents: ['GUILDS'] });
    // @ts-expect-error no intent given brings TYPING_START
    createShard({ ...options, intents: ['GUILDS'], events: ['GUILD_CREATE', 'TYPING_START'] });
    // @ts-expect-error no intent given brings GUILD_CREATE
    createShardLogic({ ...options, intents: [], events: ['GUILD_CREATE'] });
    type Said = NonNullable<Deliverable<readonly ['GUILD_CREATE', 'MESSAGE_CREATE'], readonly ['GUILDS']>['events']>;
    expectTypeOf<Said>().toEqualTypeOf<
      readonly ['GUILD_CREATE', { readonly 'no intent given brings it, add': 'GUILD_MESSAGES' | 'DIRECT_MESSAGES' }]
    >();
  });

  it('are needed, one of them', () => {
    // @ts-expect-error intents is missing
    expect(() => createShard(options)).toThrow('intents is missing');
    // @ts-expect-error there is no such intent
    expect(() => createShard({ ...options, intents: ['GUILD'] })).toThrow('there is no intent');
  });
});

describe('the code of an error', () => {
  it('narrows the union of all of them to its class', () => {
    const factsOf = (error: AnyGatewayError) => {
      switch (error.code) {
        case 'ERR_GATEWAY_CLOSED':
          expectTypeOf(error).toEqualTypeOf<GatewayClosedError>();
          return error.closeCode;
        case 'ERR_IDENTIFY_REFUSED':
          return error.reason;
        case 'ERR_BUFFER_OVERFLOW':
          return error.capacity;
        case 'ERR_COMMAND_REJECTED':
        case 'ERR_REQUEST':
          return error.opcode;
        case 'ERR_PAYLOAD_TOO_LARGE':
        case 'ERR_COMMAND':
        case 'ERR_RESUME_RECORD':
        case 'ERR_SNAPSHOT':
          expectTypeOf(error).toEqualTypeOf<LocalProtocolError>();
          // @ts-expect-error another error has it
          return error.closeCode;
        case 'ERR_LOCATE':
          return error.httpStatus;
        case 'ERR_GATEWAY_URL':
          return error.part;
        // @ts-expect-error there is no such code
        case 'ERR_GATEWAY':
          return error;
        case 'ERR_UNAUTHORIZED':
        case 'ERR_STOPPED':
        case 'ERR_INTENTS':
        case 'ERR_INTERNAL':
          return undefined;
        default:
          return error satisfies never; // none is left
      }
    };
    expect(factsOf(new GatewayClosedError(4004, undefined))).toBe(4004);
    expect(factsOf(new LocalProtocolError('ERR_COMMAND', 'not so'))).toBeUndefined();
  });

  it('narrows what a shard fails with', () => {
    const closeCodeOf = ({ error }: ShardListenerArguments['failed'][0]) => {
      expectTypeOf(error).toEqualTypeOf<ShardFailure>();
      // @ts-expect-error no shard fails with that
      if (error.code === 'ERR_STOPPED') return null;
      return error.code === 'ERR_GATEWAY_CLOSED' ? error.closeCode : null;
    };
    expect(closeCodeOf({ error: new GatewayClosedError(4014, undefined) })).toBe(4014);
  });

  compiles('is a literal for every class that an entry exports, and its union has them all', () => {
    expectTypeOf<CodesOf<Omit<typeof gatechart, 'GatewayError'>>>().toEqualTypeOf<AnyGatewayError['code']>();
    expectTypeOf<CodesOf<typeof machines>>().toEqualTypeOf<'ERR_GATEWAY_URL' | 'ERR_INTENTS'>();
    expectTypeOf<CodesOf<typeof testing>>().toEqualTypeOf<testing.AnyTestingError['code']>();
    expectTypeOf<CodesOf<typeof diagram>>().toEqualTypeOf<diagram.AnyDiagramError['code']>();
    expectTypeOf<CodesOf<typeof trace>>().toEqualTypeOf<'ERR_TRACE'>();
    expectTypeOf<CodesOf<typeof file>>().toEqualTypeOf<'ERR_STORE_FILE'>();
    expectTypeOf<string extends testing.AnyTestingError['code'] ? 'open' : 'literal'>().toEqualTypeOf<'literal'>();
  });
});

/** The codes of the error classes among the exports of an entry. */
type CodesOf<Entry> = {
  [Name in keyof Entry]: Entry[Name] extends (new (
    ...args: never
  ) => infer E extends Error & { code: unknown })
    ? E['code']
    : never;
}[keyof Entry];
