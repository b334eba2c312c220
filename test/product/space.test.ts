import { describe, expect, it } from 'vitest';
import { type Draft, type JointState, QUESTIONS, SOCKETS } from '../../src/product/joint-state.js';
import { messageOf } from '../../src/product/messages.js';
import { queueOf } from '../../src/product/queues.js';
import { MOST_STAGED, Space } from '../../src/product/space.js';
import { ProductRun, TO_READY } from '../support/product-run.js';

const run = new ProductRun();
const first = run.world;
run.make(...TO_READY);
const ready = run.world;
const begin = () => new Space(run.joint);

/** Adds states together; gives their numbers. */
function add(space: Space, ...states: readonly JointState[]): number[] {
  for (const state of states) space.stage(state);
  space.prepare();
  const numbers = states.map((_, at) => space.add(at));
  space.staged = 0;
  return numbers;
}

function stateAt(space: Space, index: number): JointState {
  const draft: Draft = { ...first };
  space.load(index, draft);
  return draft;
}

const HELLO = queueOf(messageOf('hello'));
const PAIR = queueOf(messageOf('hello') + messageOf('heartbeatAck'));

describe('the space of states', () => {
  it('numbers states in the order in which they are added, and each once', () => {
    const space = begin();
    expect(space.size).toBe(0);
    expect(add(space, first, ready, { ...first })).toEqual([0, 1, 0]);
    expect(add(space, { ...ready }, first)).toEqual([1, 0]);
    expect(space.size).toBe(2);
    expect([space.isAt(0, first), space.isAt(1, first), space.isAt(1, ready)]).toEqual([true, false, true]);
  });

  it.each<[string, Partial<JointState>]>([
    ['what is on its way up', { up: HELLO }],
    ['what is on its way down', { down: HELLO }],
    ...SOCKETS.slice(1).map((socket) => [`a socket that is ${socket}`, { socket }] as [string, Partial<JointState>]),
    ['who has the seat', { isSeated: true }],
    ...QUESTIONS.slice(1).map(
      (question) => [`a question to ${question}`, { question }] as [string, Partial<JointState>],
    ),
    ...QUESTIONS.slice(1).map((late) => [`a late answer to ${late}`, { late }] as [string, Partial<JointState>]),
    ['whether another question followed', { isLateFollowed: true }],
    ['whether it was delivered', { isDelivered: true }],
    ['the colour', { colour: 1 }],
    ['the last colour there is room for', { colour: 63 }],
    ['what a slice remembers', { aside: 1 }],
    ['the most that a slice can remember', { aside: 0xffff }],
  ])('tells states apart by %s, and gives them back', (_, change) => {
    const space = begin();
    const changed = { ...first, ...change };
    expect(add(space, first, changed)).toEqual([0, 1]);
    expect(stateAt(space, 0)).toEqual(first);
    expect(stateAt(space, 1)).toEqual(changed);
  });

  it('tells states apart by either chart, and gives them back', () => {
    const space = begin();
    const worlds = [first, { ...first, shard: ready.shard }, { ...first, gateway: ready.gateway }, ready];
    expect(add(space, ...worlds)).toEqual([0, 1, 2, 3]);
    expect(worlds.map((_, index) => stateAt(space, index))).toEqual(worlds);
    expect(stateAt(space, 3).shard).toBe(ready.shard);
  });

  it('tells a queue to one side from the same queue to the other', () => {
    const space = begin();
    const worlds = [
      { ...first, up: PAIR, down: HELLO },
      { ...first, up: HELLO, down: PAIR },
    ];
    expect(add(space, ...worlds)).toEqual([0, 1]);
    expect(worlds.map((_, index) => stateAt(space, index))).toEqual(worlds);
  });

  it('finds every state again once it has grown', () => {
    const space = begin();
    const count = 20_000; // beyond its first room
    const world = (at: number): JointState => ({ ...first, aside: at >>> 6, colour: at % 64 });
    for (let at = 0; at < count; at += MOST_STAGED / 2) {
      add(space, ...Array.from({ length: MOST_STAGED / 2 }, (_, i) => world(at + i)));
    }
    const { size } = space;
    expect(size).toBeGreaterThanOrEqual(count);
    let wrong = 0;
    for (let at = 0; at < count; at += 1) if (add(space, world(at))[0] !== at) wrong += 1;
    expect([wrong, space.size]).toEqual([0, size]);
    expect(stateAt(space, 8_500)).toEqual(world(8_500));
  });

  it('has no room for a colour of 64', () => {
    expect(() => begin().stage({ ...first, colour: 64 })).toThrow(
      new RangeError('There are more sequences than have been foreseen.'),
    );
  });

  it('has no room for 65,537 states of the shard and its socket', () => {
    const space = begin();
    const states = (count: number) => {
      for (let aside = 0; aside < count; aside += 1) {
        space.stage({ ...first, aside });
        space.staged = 0;
      }
    };
    states(0x10000);
    expect(() => space.stage({ ...ready })).toThrow(
      new RangeError(
        'there are more than 65,536 states of the shard and its socket, which is what can be told apart: allow fewer messages',
      ),
    );
  });
});
