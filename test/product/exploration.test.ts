import { describe, expect, it } from 'vitest';
import { createMachine, raise } from 'xstate';
import { DEFAULT_POLICY } from '../../machines/shard/policy.js';
import { Exploration, type Limits } from '../../src/product/exploration.js';
import type { Charts } from '../../src/product/joint.js';
import { PROPERTY_NAMES } from '../../src/product/properties.js';
import { CHARTS } from '../support/product-run.js';

/** The context of a shard without a session, or with one. */
const shardContext = (session: object | null = null) => ({
  policy: DEFAULT_POLICY,
  session,
  sequence: session === null ? null : 1,
  gatewayUrl: null,
  connection: 1,
  request: 1,
  resumes: 0,
});
const gatewayContext = (session: object | null = null) => ({ connection: 0, session, backlog: [] });
const effect = (type: string, params: object = {}) => ({ type, params });

/** A shard of two states: stopped, and running as the state is given. */
const shardWith = (running: object, session: object | null = null) =>
  createMachine({
    id: 'shard',
    context: shardContext(session),
    initial: 'stopped',
    states: { stopped: { on: { start: 'running' } }, running },
  } as never);

const deafGateway = createMachine({
  id: 'gateway',
  context: gatewayContext(),
  initial: 'listening',
  states: { listening: {} },
});

/** Each is so small that its product with the other can be counted by hand. */
const chartsOf = (shard: object, gateway: object = deafGateway) => ({ ...CHARTS, shard, gateway }) as unknown as Charts;

const findings = (charts: Charts, options: Limits = {}) => {
  const exploration = new Exploration(charts, options);
  exploration.advance(1_000);
  exploration.judge();
  return exploration.report();
};

/** Runs, and never goes on by itself. */
const LAZY = chartsOf(shardWith({ on: { stop: 'stopped' } }));

/**
 * Ready and live once a socket is accepted, and then sends a heartbeat at each reconnect that is ordered. Its states by
 * moves: 0 start 1 accepted 2 opened 3; from there a heartbeat on its way, or several.
 */
const SESSION = { id: 'session', url: null };
const readyShard = (ready: object) => {
  const within = (...path: readonly string[]): object =>
    path.reduceRight<object>((inner, name) => ({ initial: name, states: { [name]: inner } }), ready);
  const opening = { entry: effect('openSocket', { connection: 1, url: '' }) };
  return shardWith({ ...opening, ...within('connection', 'open', 'session', 'ready') }, SESSION);
};
const chatty = readyShard({
  initial: 'mute',
  states: {
    mute: { on: { opened: 'chatting' } },
    chatting: { on: { reconnect: { actions: effect('sendHeartbeat') } } },
  },
});
const live = createMachine({
  id: 'gateway',
  context: gatewayContext({ id: 'session', sequence: 1, floor: 1, buffer: [] }),
  initial: 'listening',
  states: {
    listening: { on: { connected: 'connection' } },
    connection: {
      initial: 'open',
      states: { open: { initial: 'session', states: { session: { initial: 'live', states: { live: {} } } } } },
    },
  },
} as never);
const HAPPY = chartsOf(chatty, live);

describe('exploring the product', () => {
  it('finds its states, transitions and how far the farthest is away', () => {
    expect(findings(LAZY, { properties: [] })).toEqual({
      messages: 1,
      faults: true,
      states: 2, // stopped, running
      transitions: 2, // start, stop
      cut: 0,
      depth: 1,
      frontier: 0,
      shardStates: 2,
      gatewayStates: 1,
      checked: [],
      counterexamples: [],
    });
  });

  it('has room for as many messages as it is told, and counts what is cut off', () => {
    const of = (messages: number) => {
      const { states, transitions, cut, depth } = findings(HAPPY, { messages, faults: false });
      return { states, transitions, cut, depth };
    };
    // The chain of 4 states; two orders to reconnect that each send one, and its delivery; then both are cut off.
    expect(of(1)).toEqual({ states: 5, transitions: 3 + 2 + 1, cut: 2, depth: 4 });
    expect(of(2)).toEqual({ states: 6, transitions: 3 + 4 + 2, cut: 2, depth: 5 });
    expect(of(3)).toEqual({ states: 7, transitions: 3 + 6 + 3, cut: 2, depth: 6 });
  });

  it('cuts off nothing that leaves as many messages as there are, though an answer was more than one', () => {
    const twice = readyShard({
      initial: 'mute',
      states: {
        mute: { on: { opened: { target: 'chatting', actions: [effect('sendHeartbeat'), effect('sendHeartbeat')] } } },
        chatting: { on: { reconnect: 'silent' } },
        silent: {},
      },
    });
    const { states, transitions, cut } = findings(chartsOf(twice, live), { messages: 1, faults: false });
    // Three states up to the end of the handshake; then chatting or silent, with 2, 1 or 0 heartbeats on their way.
    expect({ states, transitions, cut }).toEqual({ states: 3 + 6, transitions: 3 + 2 * 3 + 2 + 2, cut: 0 });
  });

  it('goes on bit by bit', () => {
    const exploration = new Exploration(HAPPY, { faults: false });
    const seen: unknown[] = [];
    const keep = () => seen.push([exploration.states, exploration.frontier, exploration.goesOn]);
    keep();
    exploration.advance(1);
    keep();
    exploration.advance(2);
    keep();
    exploration.advance(100);
    keep();
    expect(seen).toEqual([
      [1, 1, true],
      [2, 1, true],
      [4, 1, true],
      [5, 0, false],
    ]);
  });

  it('ends once there are more states than the limit, and judges nothing that takes all of them', () => {
    const { states, frontier, counterexamples, depth } = findings(LAZY, { limit: 1 });
    expect({ states, frontier, counterexamples, depth }).toEqual({
      states: 2,
      frontier: 1,
      counterexamples: [],
      depth: 1,
    });
    expect(findings(LAZY, { limit: 2 })).toMatchObject({ states: 2, frontier: 0 });
  });

  it('has no faults if there are to be none', () => {
    const asking = chartsOf(
      shardWith({ entry: effect('locateGateway'), on: { located: {}, locateFailed: 'stopped' } }),
    );
    const counted = (faults: boolean) => {
      const { states, transitions } = findings(asking, { faults, properties: [] });
      return { states, transitions };
    };
    // Stopped, asking, answered; in the beginning nothing is asked.
    expect(counted(false)).toEqual({ states: 3, transitions: 2 });
    // It fails for two reasons, back to the beginning.
    expect(counted(true)).toEqual({ states: 3, transitions: 4 });
  });
});

describe('judging the product', () => {
  const brokenIn = (charts: Charts, options: Limits = {}) => findings(charts, options).counterexamples;

  it('finds nothing wrong where the session gets ready and live, and nothing goes round', () => {
    expect(brokenIn(HAPPY, { faults: false })).toEqual([]);
  });

  it('finds where nothing goes on by itself, and the first state that gets to no session', () => {
    expect(brokenIn(LAZY)).toEqual([
      { property: 'deadlock', moves: ['start'], cycle: 0 },
      { property: 'stuck', moves: [], cycle: 0 },
    ]);
  });

  it('finds no deadlock where a timer goes on, and no spin', () => {
    const again = raise({ type: 'timer.reconnect' } as never, { id: 'reconnect', delay: 1_000 });
    const on = { 'timer.reconnect': { target: 'running', reenter: true } };
    const ticking = chartsOf(shardWith({ entry: again, on }));
    expect(findings(ticking, { properties: ['deadlock', 'spin'] })).toMatchObject({
      states: 2,
      transitions: 2,
      counterexamples: [],
    });
    expect(brokenIn(chartsOf(shardWith({ on })), { properties: ['deadlock', 'spin'] })).toEqual([
      { property: 'deadlock', moves: ['start'], cycle: 0 },
    ]);
  });

  it('finds what goes round at once', () => {
    const spinning = chartsOf(
      shardWith({ entry: effect('locateGateway'), on: { located: { target: 'running', reenter: true } } }),
    );
    expect(brokenIn(spinning, { properties: ['spin', 'deadlock'], faults: false })).toEqual([
      { property: 'spin', moves: ['start', 'located'], cycle: 1 },
    ]);
  });

  it('finds what opens sockets without a delay, if only somebody refuses', () => {
    const hammering = chartsOf(
      shardWith({
        entry: effect('openSocket', { connection: 1, url: '' }),
        exit: effect('dropSocket', { connection: 1 }),
        on: { closed: { target: 'running', reenter: true } },
      }),
    );
    expect(findings(hammering, { properties: ['hammer', 'spin', 'twoSockets'] })).toMatchObject({
      states: 3, // stopped, asked, refused
      transitions: 3,
      counterexamples: [
        {
          property: 'hammer',
          // It begins where the socket is opened again: refused, told, refused.
          moves: ['start', 'the socket is refused', 'to the shard', 'the socket is refused'],
          cycle: 2,
        },
      ],
    });
    expect(brokenIn(hammering, { properties: ['hammer'], faults: false })).toEqual([]);
  });

  const TWICE = chartsOf(
    shardWith({
      entry: [effect('openSocket', { connection: 1, url: '' }), effect('openSocket', { connection: 2, url: '' })],
      on: { stop: 'stopped' },
    }),
  );

  it('finds what a step breaks, and asks no more of where it leads', () => {
    // Running, nothing goes on by itself: that is no deadlock as something is broken there anyway.
    expect(findings(TWICE, { faults: false })).toMatchObject({
      states: 3, // stopped, running, stopped with a socket
      transitions: 3,
      counterexamples: [{ property: 'twoSockets', moves: ['start'], cycle: 0 }],
    });
  });

  it('checks everything, or what it is told', () => {
    expect(findings(LAZY).checked).toEqual(PROPERTY_NAMES);
    expect(findings(LAZY, { properties: ['stuck'] })).toMatchObject({
      checked: ['stuck'],
      counterexamples: [{ property: 'stuck', moves: [], cycle: 0 }],
    });
    expect(brokenIn(TWICE, { properties: ['lost'] })).toEqual([]);
  });

  it('ends with the first counterexample if that is enough', () => {
    const first = findings(TWICE, { first: true });
    expect(first.counterexamples).toEqual([{ property: 'twoSockets', moves: ['start'], cycle: 0 }]);
    expect(first.frontier).toBeGreaterThan(0);
  });
});
