import { describe, expect, it, vi } from 'vitest';
import { assign, cancel, raise, setup } from 'xstate';
import { gatewayMachine } from '../../machines/gateway/chart.js';
import { pure } from '../../machines/kit/pure.js';
import { shardMachine } from '../../machines/shard/chart.js';
import {
  ChartStates,
  FOREIGN_ID,
  type Form,
  gatewayForm,
  MESSAGES,
  rankIn,
  shardForm,
} from '../../src/product/charts.js';
import { CHARTS, ProductRun, TO_READY } from '../support/product-run.js';

describe('the rank of a sequence', () => {
  it.each([
    [0b10110, 0, 0],
    [0b10110, 1, 1],
    [0b10110, 2, 2],
    [0b10110, 3, 2],
    [0b10110, 4, 3],
    [0b10110, 9, 3],
    [0, 5, 0],
    [2 ** 30, 30, 1],
  ])('among those of mask %i is for %i how many are at most so great: %i', (mask, sequence, rank) => {
    expect(rankIn(mask, sequence)).toBe(rank);
  });

  it('is the sequence itself where none is replaced', () => {
    expect(rankIn(null, 4_211)).toBe(4_211);
  });
});

type Event = { type: 'add'; by: number } | { type: 'wind' } | { type: 'ring' } | { type: 'boom' } | { type: 'idle' };

const words = setup({
  types: {} as { context: { at: number; connection: number }; events: Event },
  delays: { bell: 1_000 },
  actions: {
    count: assign({ at: ({ context, event }) => context.at + ('by' in event ? event.by : 0) }),
    connect: assign({ connection: ({ context }) => context.connection + 1 }),
    explode: assign(() => {
      throw new Error('too much');
    }),
    wind: raise({ type: 'ring' }, { id: 'bell', delay: 'bell' }),
    unwind: cancel('bell'),
    click: () => {},
  },
});
const clock = words.createMachine({
  id: 'clock',
  context: { at: 0, connection: 7 },
  initial: 'on',
  states: {
    on: {
      on: {
        add: { actions: ['count', 'connect', 'click'] },
        wind: { actions: 'wind' },
        ring: { actions: 'unwind' },
        boom: { actions: 'explode' },
      },
    },
  },
});
const form: Form<typeof clock, { isLate: boolean }> = {
  machine: clock,
  key: ({ context }) => String(context.at),
  facts: ({ context }) => ({ isLate: context.at > 10 }),
  rebased: (snapshot) => ({ ...snapshot, context: { ...snapshot.context, connection: 1 } }),
  renamed: (snapshot, { mask }) => ({
    ...snapshot,
    context: { ...snapshot.context, at: rankIn(mask, snapshot.context.at) },
  }),
};
const add = (by: number) => () => ({ type: 'add', by }) as const;
const MASK = { shared: false, plain: false };

describe('the states of a chart', () => {
  it('begin with the first, its newest connection called 1', () => {
    const states = new ChartStates(form, false);
    const first = states.begin(undefined);
    expect(first).toMatchObject({
      index: 0,
      facts: { isLate: false },
      snapshot: { context: { at: 0, connection: 1 } },
    });
    expect([...first.armed]).toEqual([]);
    expect(states.all).toEqual([first]);
  });

  it('are kept once each, whatever led to them', () => {
    const states = new ChartStates(form, false);
    const first = states.begin(undefined);
    const two = states.step(first, 1, add(2)).to;
    const three = states.step(two, 2, add(1)).to;
    expect(states.step(first, 3, add(3)).to).toBe(three);
    expect(states.begin(undefined)).toBe(first);
    expect(states.all.map(({ index, snapshot }) => [index, snapshot.context.at])).toEqual([
      [0, 0],
      [1, 2],
      [2, 3],
    ]);
  });

  it('differ by the timers that run', () => {
    const states = new ChartStates(form, false);
    const first = states.begin(undefined);
    const wound = states.step(first, 1, () => ({ type: 'wind' })).to;
    expect(wound).not.toBe(first);
    expect([...wound.armed]).toEqual(['bell']);
    expect(states.step(wound, 2, () => ({ type: 'ring' })).to).toBe(first);
  });

  it('know what an event leads to, without its timers', () => {
    const states = new ChartStates(form, false);
    const first = states.begin(undefined);
    const { to, effects, isHandled } = states.step(first, 1, add(11));
    expect([to.facts, effects, isHandled]).toEqual([{ isLate: true }, [{ type: 'click', params: {} }], true]);
    expect(states.step(first, 2, () => ({ type: 'wind' })).effects).toEqual([]);
  });

  it('know which timers an event starts, and leave out effects that do not matter', () => {
    const states = new ChartStates({ ...form, matters: ({ type }) => type !== 'click' }, false);
    const first = states.begin(undefined);
    expect(states.step(first, 1, () => ({ type: 'wind' })).starts).toEqual(['bell']);
    const { effects, starts } = states.step(first, 2, add(11));
    expect([effects, starts]).toEqual([[], []]);
  });

  it('stay the same on an event that is not handled', () => {
    const states = new ChartStates(form, false);
    const first = states.begin(undefined);
    expect(states.step(first, 1, () => ({ type: 'idle' }))).toEqual({
      to: first,
      effects: [],
      starts: [],
      isHandled: false,
    });
    expect(states.all).toHaveLength(1);
  });

  it.each([1, 99, MESSAGES, MESSAGES | 0xffff])('remember the step of event %i, which is made once', (number) => {
    const states = new ChartStates(form, false);
    const first = states.begin(undefined);
    const event = vi.fn(add(1));
    const step = states.step(first, number, event);
    expect(states.step(first, number, event)).toBe(step);
    expect(event.mock.calls).toEqual([[first.snapshot, number]]);
    expect(states.step(step.to, number, event)).not.toBe(step);
  });

  it('say in which state, and on which event, a chart throws', () => {
    const states = new ChartStates(form, false);
    const exploding = () => states.step(states.begin(undefined), 1, () => ({ type: 'boom' }));
    expect(exploding).toThrow(
      expect.objectContaining({
        message: 'The clock chart throws on boom in on: too much',
        cause: new Error('too much'),
      }),
    );
  });

  it('have their numbers replaced, and are themselves where nothing changes', () => {
    const states = new ChartStates(form, false);
    const first = states.begin(undefined);
    const five = states.step(first, 1, add(5)).to;
    const two = states.step(first, 2, add(2)).to;
    expect(states.rename(five, { ...MASK, mask: 0b100100 })).toBe(two); // 5 is the second of 2 and 5
    expect(states.rename(five, { ...MASK, mask: 0b111110 })).toBe(five);
    expect(states.rename(five, { ...MASK, mask: 0b111110 })).toBe(five);
    expect(states.rename(five, { ...MASK, mask: 0b100100 })).toBe(two);
  });

  it('are renamed for each naming by itself', () => {
    const renamed = vi.fn(form.renamed);
    const states = new ChartStates({ ...form, renamed }, false);
    const first = states.begin(undefined);
    for (const naming of [
      { mask: 2, shared: false, plain: false },
      { mask: 2, shared: true, plain: false },
      { mask: 2, shared: false, plain: true },
      { mask: 4, shared: false, plain: false },
    ]) {
      states.rename(first, naming);
      states.rename(first, naming);
    }
    expect(renamed).toHaveBeenCalledTimes(4);
  });

  it('keep every number if they are to be exact, and are new each time', () => {
    const states = new ChartStates(form, true);
    const first = states.begin(undefined);
    const second = states.step(first, 1, add(1)).to;
    const third = states.step(second, 2, add(0)).to;
    expect([first, second, third].map(({ snapshot }) => snapshot.context)).toEqual([
      { at: 0, connection: 7 },
      { at: 1, connection: 8 },
      { at: 1, connection: 9 },
    ]);
    expect(third).not.toBe(second);
    expect(states.step(third, 4, () => ({ type: 'idle' })).to).toBe(third);
  });
});

describe('the shard in the product', () => {
  const { rebased, renamed, key } = shardForm(shardMachine);
  const { snapshot } = pure(shardMachine).initial(CHARTS.shardInput);
  const having = (context: Partial<typeof snapshot.context>) => ({
    ...snapshot,
    context: { ...snapshot.context, ...context },
  });
  const SESSION = { id: 'session-3', url: 'wss://gateway-us-east1-b.discord.gg' };
  const named = (context: Partial<typeof snapshot.context>, mask: number | null, shared: boolean) => {
    const { session, sequence } = renamed(having(context), { mask, shared, plain: false }).context;
    return [session?.id ?? null, session?.url ?? null, sequence];
  };

  it.each<[string, readonly string[], object]>([
    ['is idle before a start', [], { isIdle: true, isStreaming: false, isReady: false, sessionId: null, sequence: 0 }],
    ['is idle no longer after it', ['start'], { isIdle: false, isStreaming: false }],
    [
      'has a session and streams once it is ready',
      TO_READY,
      { isIdle: false, isStreaming: true, isReady: true, isPaused: false, sessionId: 'session', sequence: 1 },
    ],
    ['is paused while its consumer is behind', [...TO_READY, 'backlogFull'], { isPaused: true, isReady: true }],
    ['keeps its session once it is detached', [...TO_READY, 'detach'], { isReady: false, sessionId: 'session' }],
    [
      'is idle once it has failed',
      [...TO_READY, 'closeWith (4004)', 'to the shard'],
      { isIdle: true, isReady: false, sessionId: null },
    ],
  ])('%s', (_, moves, facts) => {
    const run = new ProductRun();
    run.make(...moves);
    expect(run.world.shard.facts).toMatchObject(facts);
  });

  it('has its newest connection and request called 1', () => {
    expect(rebased(having({ connection: 9, request: 4 })).context).toMatchObject({ connection: 1, request: 1 });
  });

  it('has the rank of its sequence where both sides know its session', () => {
    expect(named({ session: SESSION, sequence: 9 }, 0b1000000110, true)).toEqual(['session', SESSION.url, 3]);
    expect(named({ session: SESSION, sequence: null }, 0b10, true)).toEqual(['session', SESSION.url, 0]);
  });

  it('has the sequence 1 of a dead session where the Gateway has another or none', () => {
    expect(named({ session: SESSION, sequence: 9 }, 0b1000000110, false)).toEqual([FOREIGN_ID, SESSION.url, 1]);
  });

  it('has no sequence that counts without a session', () => {
    expect(named({ session: null, sequence: 9 }, 0b10, true)).toEqual([null, null, 1]);
    expect(named({ session: null, sequence: null }, 0b10, true)).toEqual([null, null, null]);
  });

  it('has session and sequence in its key', () => {
    const keys = [
      {},
      { session: SESSION, sequence: 1 },
      { session: SESSION, sequence: 2 },
      { session: { ...SESSION, id: 'b' } },
    ];
    expect(new Set(keys.map((context) => key(having(context)))).size).toBe(4);
  });
});

describe('the Gateway in the product', () => {
  const { rebased, renamed, key } = gatewayForm(gatewayMachine);
  const { snapshot } = pure(gatewayMachine).initial(CHARTS.gatewayInput);
  type Context = typeof snapshot.context;
  const having = (context: Partial<Context>) => ({ ...snapshot, context: { ...snapshot.context, ...context } });
  const dispatch = (sequence: number, name = 'PLAIN') => ({ sequence, name, data: null });
  const context: Partial<Context> = {
    session: { id: 'session-3', sequence: 9, floor: 2, buffer: [[dispatch(4)], [dispatch(9, 'COLOURED')]] },
    backlog: [dispatch(9, 'COLOURED')],
  };
  const named = (naming: Parameters<typeof renamed>[1]) => {
    const { session, backlog } = renamed(having(context), naming).context;
    return { session, backlog };
  };
  const MASK_OF_ALL = 0b1000010100;

  it.each<[string, readonly string[], object]>([
    ['has no connection at first', [], { isConnected: false, owes: null, sessionId: null, mask: 0, backlog: 0 }],
    ['owes Hello to a new connection', TO_READY.slice(0, 4), { isConnected: true, owes: 'hello', isLive: false }],
    ['owes nothing before Identify', TO_READY.slice(0, 6), { owes: null, isLive: false }],
    ['owes READY after it', TO_READY.slice(0, 8), { owes: 'ready', isLive: false, sessionId: null }],
    [
      'is live once it has sent it',
      TO_READY,
      { owes: null, isLive: true, sessionId: 'session', sequence: 1, mask: 0b10 },
    ],
    [
      'holds what it dispatched',
      [...TO_READY, 'dispatch', 'dispatch, the coloured one'],
      { sequence: 3, mask: 0b1110, isColoured: true, backlog: 0 },
    ],
    ['is deaf while it does not read', [...TO_READY, 'reconnect', 'stopReading'], { isDeaf: true }],
    [
      'is leaving once it has asked for a reconnect',
      [...TO_READY, 'requestReconnect'],
      { isLeaving: true, isLive: true },
    ],
  ])('%s', (_, moves, facts) => {
    const run = new ProductRun();
    run.make(...moves);
    expect(run.world.gateway.facts).toMatchObject(facts);
  });

  it('owes RESUMED once its replay is sent', () => {
    const run = new ProductRun();
    run.make(
      ...TO_READY,
      'dispatch',
      'the network fails',
      'to the shard',
      'to the Gateway',
      'timer.reconnect of the shard',
    );
    run.make('the socket is accepted', 'to the shard', 'timer.hello of the Gateway', 'to the shard', 'to the Gateway');
    expect(run.world.gateway.facts).toMatchObject({ owes: null, backlog: 1 });
    run.make('timer.replay of the Gateway');
    expect(run.world.gateway.facts).toMatchObject({ owes: 'resumed', backlog: 0 });
  });

  it('has its newest connection called 1', () => {
    expect(rebased(having({ connection: 9 })).context.connection).toBe(1);
  });

  it('has ranks for sequences and one run of what it keeps', () => {
    expect(named({ mask: MASK_OF_ALL, shared: true, plain: false })).toEqual({
      session: { id: 'session', sequence: 3, floor: 1, buffer: [[dispatch(2), dispatch(3, 'COLOURED')]] },
      backlog: [dispatch(3, 'COLOURED')],
    });
  });

  it('has dispatches all alike where none is followed', () => {
    const { session, backlog } = named({ mask: MASK_OF_ALL, shared: true, plain: true });
    expect([session?.buffer, backlog]).toEqual([[[dispatch(2), dispatch(3)]], [dispatch(3)]]);
  });

  it('keeps its numbers, and loses the colour alone, in a run that is exact', () => {
    expect(named({ mask: null, shared: true, plain: true })).toEqual({
      session: { id: 'session-3', sequence: 9, floor: 2, buffer: [[dispatch(4), dispatch(9)]] },
      backlog: [dispatch(9)],
    });
  });

  it('holds nothing in a session that nobody knows', () => {
    expect(named({ mask: 0, shared: false, plain: true })).toEqual({
      session: { id: 'session', sequence: 1, floor: 1, buffer: [] },
      backlog: [],
    });
  });

  it('has in its key what it keeps and what it has still to replay, but for how the former is cut', () => {
    const { session } = context as Context;
    const cut = having({ session: { ...session!, buffer: [session!.buffer.flat()] }, backlog: context.backlog! });
    expect(key(cut)).toBe(key(having(context)));
    const others: Partial<Context>[] = [
      context,
      { ...context, backlog: [] },
      { ...context, session: null },
      { ...context, session: { ...session!, sequence: 10 } },
      { ...context, session: { ...session!, floor: 3 } },
      { ...context, session: { ...session!, buffer: [[dispatch(4)], [dispatch(9)]] } },
      { ...context, session: { ...session!, id: 'session-4' } },
    ];
    expect(new Set(others.map((each) => key(having(each)))).size).toBe(others.length);
  });
});
