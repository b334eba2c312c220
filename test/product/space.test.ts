import { describe, expect, it } from 'vitest';
import { type JointState, QUESTIONS, SOCKETS } from '../../src/product/joint-state.js';
import { Numbers, Space } from '../../src/product/space.js';
import { ProductRun, TO_READY } from '../support/product-run.js';

describe('an array of numbers that grows', () => {
  it('keeps what was pushed, in order, past its first room', () => {
    const numbers = new Numbers(2);
    for (let i = 0; i < 100; i += 1) numbers.push(i * i);
    expect(numbers.length).toBe(100);
    expect(Array.from({ length: 100 }, (_, i) => numbers.at(i))).toEqual(Array.from({ length: 100 }, (_, i) => i * i));
  });

  it('grows from a room of one', () => {
    const numbers = new Numbers(1);
    for (const number of [5, 6, 7]) numbers.push(number);
    expect([numbers.at(0), numbers.at(1), numbers.at(2)]).toEqual([5, 6, 7]);
  });

  it('has room for 32 bits in each', () => {
    const numbers = new Numbers();
    numbers.push(2 ** 32 - 1);
    expect(numbers.at(0)).toBe(2 ** 32 - 1);
  });
});

const run = new ProductRun();
const first = run.world;
run.make(...TO_READY);
const ready = run.world;
const begin = () => new Space(run.joint);

describe('the space of states', () => {
  it('numbers states in the order in which they are added, and each once', () => {
    const space = begin();
    expect(space.size).toBe(0);
    expect([space.add(first, 0, 0), space.add(ready, 0, 7), space.add({ ...first }, 1, 3)]).toEqual([0, 1, 0]);
    expect(space.size).toBe(2);
  });

  it.each<[string, Partial<JointState>]>([
    ['what is on its way up', { up: 'a' }],
    ['what is on its way down', { down: 'a' }],
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
  ])('tells states apart by %s, and gives them back', (_, change) => {
    const space = begin();
    const changed = { ...first, ...change };
    expect([space.add(first, 0, 0), space.add(changed, 0, 0)]).toEqual([0, 1]);
    expect(space.stateAt(0)).toEqual(first);
    expect(space.stateAt(1)).toEqual(changed);
  });

  it('tells states apart by either chart, and gives them back', () => {
    const space = begin();
    const worlds = [first, { ...first, shard: ready.shard }, { ...first, gateway: ready.gateway }, ready];
    expect(worlds.map((world) => space.add(world, 0, 0))).toEqual([0, 1, 2, 3]);
    expect(worlds.map((_, index) => space.stateAt(index))).toEqual(worlds);
    expect(space.stateAt(3).shard).toBe(ready.shard);
  });

  it('tells a queue to one side from the same queue to the other', () => {
    const space = begin();
    const worlds = [
      { ...first, up: 'ab', down: 'c' },
      { ...first, up: 'c', down: 'ab' },
    ];
    expect(worlds.map((world) => space.add(world, 0, 0))).toEqual([0, 1]);
    expect(worlds.map((_, index) => space.stateAt(index))).toEqual(worlds);
  });

  it('gives the moves by which a state was reached first', () => {
    const space = begin();
    const at = (up: string) => ({ ...first, up });
    space.add(first, 0, 0);
    const one = space.add(at('a'), 0, 5);
    const two = space.add(at('b'), one, 6);
    space.add(at('b'), 0, 9); // a shorter way, but a later one
    const three = space.add(at('c'), two, 0);
    expect([0, one, two, three].map((index) => space.pathTo(index))).toEqual([[], [5], [5, 6], [5, 6, 0]]);
  });

  it('finds every state again once it has grown', () => {
    const space = begin();
    const count = 9_000; // beyond its first room
    const world = (at: number): JointState => ({ ...first, up: String.fromCharCode(at), colour: at % 64 });
    for (let at = 0; at < count; at += 1) space.add(world(at), Math.max(0, at - 1), at % 100);
    expect(space.size).toBe(count);
    let wrong = 0;
    for (let at = 0; at < count; at += 1) if (space.add(world(at), 0, 0) !== at) wrong += 1;
    expect([wrong, space.size]).toEqual([0, count]);
    expect(space.stateAt(8_500)).toEqual(world(8_500));
    expect(space.pathTo(3)).toEqual([1, 2, 3]);
  });

  it.each<[string, Partial<JointState>]>([
    ['a colour of 64', { colour: 64 }],
    ['65,537 states of the shard', { shard: { ...first.shard, index: 0x10000 } }],
  ])('has no room for %s', (_, change) => {
    const space = begin();
    expect(() => space.add({ ...first, ...change }, 0, 0)).toThrow(
      new RangeError('The shard has more states than have been foreseen.'),
    );
  });
});
