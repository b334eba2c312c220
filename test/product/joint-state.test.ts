import { describe, expect, it } from 'vitest';
import { type GatewayFacts, MESSAGES, type ShardFacts } from '../../src/product/charts.js';
import {
  copy,
  type Draft,
  disown,
  forgetColour,
  isHeard,
  isKnown,
  isRead,
  isShared,
  type JointState,
  normalise,
  SOCKETS,
} from '../../src/product/joint-state.js';
import {
  ageOf,
  type Content,
  GIVEN_UP,
  isColoured,
  isForeign,
  type Kind,
  kindOf,
  mapQueue,
  messageOf,
  numberOf,
} from '../../src/product/messages.js';
import { EMPTY, type Queue, queueOf } from '../../src/product/queues.js';
import { CHARTS, ProductRun, TO_READY } from '../support/product-run.js';

const SHARD = { sessionId: null, sequence: 0 } as ShardFacts;
const GATEWAY = { isConnected: true, sessionId: null, isColoured: false, mask: 0 } as GatewayFacts;

/** A state with these facts about its charts, as far as they matter here. */
function worldOf(
  change: Partial<Omit<JointState, 'shard' | 'gateway' | 'up' | 'down'>> & {
    up?: string;
    down?: string;
    shard?: Partial<ShardFacts>;
    gateway?: Partial<GatewayFacts>;
  },
): Draft {
  const { up = '', down = '', shard, gateway, ...rest } = change;
  return {
    up: queueOf(up),
    down: queueOf(down),
    socket: 'open',
    isSeated: true,
    question: 'none',
    late: 'none',
    isLateFollowed: false,
    colour: 0,
    isDelivered: false,
    aside: 0,
    shard: { facts: { ...SHARD, ...shard } } as JointState['shard'],
    gateway: { facts: { ...GATEWAY, ...gateway } } as JointState['gateway'],
    ...rest,
  };
}

const held = (queue: Queue) =>
  Array.from(queue.text, (character) => {
    const message = character.charCodeAt(0);
    return {
      kind: kindOf(message),
      number: numberOf(message),
      ...(ageOf(message) === 0 ? {} : { age: ageOf(message) }),
      ...(isColoured(message) ? { coloured: true } : {}),
      ...(isForeign(message) ? { foreign: true } : {}),
    };
  });
const old = (kind: Kind, content?: Content) =>
  mapQueue(messageOf(kind, content), (message) => message | (GIVEN_UP << 4));

describe('whether anybody gets what is sent', () => {
  it('is known of the shard by the seat and by whether the Gateway holds a connection', () => {
    expect(isHeard(worldOf({}))).toBe(true);
    expect(isHeard(worldOf({ isSeated: false }))).toBe(false);
    expect(isHeard(worldOf({ gateway: { isConnected: false } }))).toBe(false);
  });

  it('is known of the Gateway by the seat and by where the socket is', () => {
    const read = SOCKETS.filter((socket) => isRead(worldOf({ socket })));
    expect(read).toEqual(['answered', 'open', 'closing']);
    expect(SOCKETS.filter((socket) => isRead(worldOf({ socket, isSeated: false })))).toEqual([]);
  });
});

describe('whether both sides know one session', () => {
  const both = { shard: { sessionId: 'a' }, gateway: { sessionId: 'a' } };

  it('takes the same id on both sides', () => {
    expect(isShared(worldOf(both))).toBe(true);
    expect(isShared(worldOf({ ...both, gateway: { sessionId: 'b' } }))).toBe(false);
    expect(isShared(worldOf({ ...both, shard: { sessionId: null } }))).toBe(false);
    expect(isShared(worldOf({}))).toBe(false);
  });

  it.each<[string, boolean, Parameters<typeof worldOf>[0]]>([
    ['it does already', true, both],
    ['READY is on its way', true, { gateway: { sessionId: 'a' }, down: messageOf('hello') + messageOf('ready') }],
    ['a Resume for it is on its way', true, { gateway: { sessionId: 'a' }, up: messageOf('resume', { sequence: 1 }) }],
    ['READY is of a connection given up', false, { gateway: { sessionId: 'a' }, down: old('ready') }],
    [
      'READY is of another session',
      false,
      { gateway: { sessionId: 'a' }, down: messageOf('ready', { foreign: true }) },
    ],
    [
      'nothing tells of it',
      false,
      { gateway: { sessionId: 'a' }, down: messageOf('hello'), up: messageOf('identify') },
    ],
    ['there is none', false, { down: messageOf('ready') }],
  ])('the client can still come to know of it as %s: %s', (_, known, change) => {
    expect(isKnown(worldOf(change))).toBe(known);
  });
});

describe('a session of the Gateway that ends', () => {
  it('makes what is on its way foreign, and the coloured dispatch like all others', () => {
    const draft = worldOf({
      up: messageOf('resume', { sequence: 3 }) + messageOf('heartbeat'),
      down: messageOf('dispatch', { sequence: 4, coloured: true }),
      colour: 4,
      isDelivered: true,
    });
    disown(draft);
    expect([held(draft.up), held(draft.down), draft.colour, draft.isDelivered]).toEqual([
      [
        { kind: 'resume', number: 0, foreign: true },
        { kind: 'heartbeat', number: 0 },
      ],
      [{ kind: 'dispatch', number: 0, foreign: true }],
      0,
      false,
    ]);
  });
});

describe('the coloured dispatch', () => {
  const known = { shard: { sessionId: 'a', sequence: 1 }, gateway: { sessionId: 'a' }, colour: 2 };
  const coloured = messageOf('dispatch', { sequence: 2, coloured: true });
  const colourOf = (change: Parameters<typeof worldOf>[0]) => {
    const draft = worldOf(change);
    forgetColour(draft);
    return { colour: draft.colour, isDelivered: draft.isDelivered, down: held(draft.down) };
  };
  const followed = { kind: 'dispatch', number: 2, coloured: true };
  const plain = { kind: 'dispatch', number: 2 };

  it.each<[string, Parameters<typeof worldOf>[0], object]>([
    ['is followed on its way', { ...known, down: coloured }, { colour: 2, isDelivered: false, down: [followed] }],
    [
      'is followed while the Gateway holds it for a replay',
      { ...known, gateway: { sessionId: 'a', isColoured: true }, isDelivered: true },
      { colour: 2, isDelivered: true, down: [] },
    ],
    [
      'is followed after its delivery if it comes once more',
      { ...known, isDelivered: true, down: coloured },
      { colour: 2, isDelivered: true, down: [followed] },
    ],
    [
      'is forgotten once it is delivered and nothing holds it',
      { ...known, isDelivered: true },
      { colour: 0, isDelivered: false, down: [] },
    ],
    ['is followed where it was neither delivered nor is held', known, { colour: 2, isDelivered: false, down: [] }],
    [
      'is forgotten once the client cannot know of its session',
      { ...known, shard: { sessionId: null, sequence: 0 }, down: coloured },
      { colour: 0, isDelivered: false, down: [{ kind: 'dispatch', number: 0, foreign: true }] },
    ],
    [
      'has no colour on its way when none is followed',
      { ...known, colour: 0, down: coloured },
      { colour: 0, isDelivered: false, down: [plain] },
    ],
  ])('%s', (_, change, expected) => {
    expect(colourOf(change)).toEqual(expected);
  });
});

describe('a copy', () => {
  it('has everything of the state', () => {
    const from = worldOf({
      up: 'a',
      down: 'b',
      socket: 'closing',
      isSeated: false,
      question: 'locate',
      late: 'permit',
      isLateFollowed: true,
      colour: 3,
      isDelivered: true,
      aside: 5,
    });
    const draft = worldOf({});
    copy(from, draft);
    expect(draft).toEqual(from);
    expect(Object.keys(draft).sort()).toEqual(Object.keys(from).sort());
    expect([draft.shard, draft.gateway]).toEqual([from.shard, from.gateway]);
  });
});

describe('the normal form of a state', () => {
  const run = new ProductRun();
  run.make(...TO_READY);
  const { shards, gateways } = run.joint;

  /** What is left of numbers in a state that both sides know a session in. */
  function normalised(change: Partial<Draft>) {
    const draft: Draft = { ...run.world, ...change };
    normalise(draft, shards, gateways);
    const { shard, gateway, colour } = draft;
    return {
      shard: shard.facts.sequence,
      gateway: gateway.facts.sequence,
      colour,
      down: held(draft.down).map(({ number }) => number),
    };
  }
  const dispatches = (...sequences: number[]) =>
    queueOf(sequences.map((sequence) => messageOf('dispatch', { sequence })).join(''));

  it('has the ranks of sequences in place of sequences', () => {
    expect(normalised({ down: dispatches(4, 9, 30) })).toEqual({ shard: 1, gateway: 1, colour: 0, down: [2, 3, 4] });
    expect(normalised({ down: dispatches(4, 9), colour: 9 })).toEqual({
      shard: 1,
      gateway: 1,
      colour: 3,
      down: [2, 3],
    });
  });

  it('counts the sequence that the shard has', () => {
    const dispatch = { type: 'dispatch', connection: 1, sequence: 9 } as const;
    const shard = shards.step(run.world.shard, MESSAGES, () => dispatch).to;
    expect(normalised({ shard, down: dispatches(12) })).toEqual({ shard: 2, gateway: 1, colour: 0, down: [3] });
  });

  it('is the state itself where the ranks are the sequences', () => {
    const draft: Draft = { ...run.world, down: dispatches(2, 3) };
    const before = { ...draft };
    normalise(draft, shards, gateways);
    expect(draft).toEqual(before);
    expect([draft.shard, draft.gateway]).toEqual([run.world.shard, run.world.gateway]);
  });

  it('has no rank for what no longer counts', () => {
    const down = queueOf(old('dispatch', { sequence: 3 }) + messageOf('hello') + dispatches(8).text);
    expect(normalised({ down }).down).toEqual([3, 0, 2]);
  });

  it('calls the session of the shard another where the Gateway has none', () => {
    const draft: Draft = { ...run.world, gateway: gateways.begin(CHARTS.gatewayInput) };
    normalise(draft, shards, gateways);
    expect(draft.shard.facts).toMatchObject({ sessionId: 'a dead session', sequence: 1 });
  });

  it('has nothing of what a session of the Gateway holds that nobody will ask for', () => {
    const away = new ProductRun();
    away.make(...TO_READY, 'dispatch', 'dispatch');
    const draft: Draft = { ...away.world, shard: away.joint.shards.begin(CHARTS.shardInput), down: EMPTY };
    normalise(draft, away.joint.shards, away.joint.gateways);
    expect(draft.gateway.snapshot.context.session).toEqual({ id: 'session', sequence: 1, floor: 1, buffer: [] });
  });
});
