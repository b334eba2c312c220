import { describe, expect, it } from 'vitest';
import { laneOf } from '../../src/host/outgoing.js';
import { CommandQueue, QUEUE, type QueueOptions, queueFrom } from '../../src/shard/queue.js';
import { failureOf } from '../support/checks.js';

interface Named {
  readonly name: string;
  readonly payload: { readonly lane: ReturnType<typeof laneOf>; readonly op: number; readonly data: unknown };
}

const command = (name: string, op = 99, data: unknown = null): Named => ({
  name,
  payload: { lane: laneOf(op), op, data },
});
const voice = (name: string, guild_id: unknown) => command(name, 4, { guild_id });

/** Adds commands: those that wait in the end, and what gave way. */
function adding(options: QueueOptions, ...commands: readonly Named[]): [waiting: string, gaveWay: string] {
  const queue = new CommandQueue<Named>({ size: 3, policy: 'coalesce', ...options });
  const gaveWay = commands.flatMap((each) => {
    const way = queue.add(each);
    return way === null ? [] : [`${way.command.name} ${way.outcome}`];
  });
  const waiting = [...queue].map(({ name }) => name);
  expect(queue.length).toBe(waiting.length);
  return [waiting.join(' '), gaveWay.join(', ')];
}

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((name) => command(name)) as [Named, Named, Named, Named];

describe('a queue of commands', () => {
  it('has those of voice first, and each in the order in which they came', () => {
    expect(adding({ size: 9 }, A, voice('v', '1'), B, voice('w', '2'))).toEqual(['v w a b', '']);
  });

  it.each([
    ['coalesce', 'a b c', 'd queueFull'],
    ['rejectNewest', 'a b c', 'd queueFull'],
    ['dropOldest', 'b c d', 'a dropped'],
  ] as const)('that is full decides by its policy: %s', (policy, waiting, gaveWay) => {
    expect(adding({ policy }, A, B, C, D)).toEqual([waiting, gaveWay]);
  });

  it('drops the oldest of voice only where there is nothing else', () => {
    const [v, w, x] = [voice('v', '1'), voice('w', '2'), voice('x', '3')] as const;
    expect(adding({ policy: 'dropOldest' }, v, w, A, x)).toEqual(['v w x', 'a dropped']);
    expect(adding({ policy: 'dropOldest' }, v, w, x, A)).toEqual(['w x a', 'v dropped']);
  });

  it('has a newer presence take the place of one that waits, full or not', () => {
    const [p, q] = [command('p', 3), command('q', 3)];
    expect(adding({}, A, p, B, q)).toEqual(['a q b', 'p superseded']);
    expect(adding({ policy: 'rejectNewest', size: 9 }, p, q)).toEqual(['p q', '']);
    expect(adding({ policy: 'dropOldest', size: 9 }, p, q)).toEqual(['p q', '']);
  });

  it('has a newer voice state take the place of one of the same guild', () => {
    expect(adding({ size: 9 }, voice('v', '1'), voice('w', '2'), voice('x', '1'))).toEqual(['x w', 'v superseded']);
    expect(adding({ size: 9 }, voice('v', 1), voice('w', 1), command('n', 4, null))).toEqual(['v w n', '']);
    expect(adding({ size: 9 }, command('r', 8, { guild_id: '1' }), command('s', 8, { guild_id: '1' }))).toEqual([
      'r s',
      '',
    ]);
  });

  it('passes over what was taken back, and takes back no other', () => {
    const queue = new CommandQueue<Named>({ size: 9, policy: 'coalesce' });
    const [p, q] = [command('p', 3), command('q', 3)];
    for (const each of [A, p, q]) queue.add(each);
    queue.delete(p); // which q has superseded
    queue.delete(A);
    expect([...queue]).toEqual([q]);
  });
});

describe('the option queue', () => {
  it('is completed, and may be none', () => {
    expect(queueFrom(undefined)).toEqual({ size: 1_000, policy: 'coalesce' });
    expect(queueFrom({})).toEqual({ size: 1_000, policy: 'coalesce' });
    expect(queueFrom({ size: 5, policy: 'dropOldest' })).toEqual({ size: 5, policy: 'dropOldest' });
    expect(queueFrom(false)).toBeNull();
  });

  it.each<[object, string]>([
    [{ size: 0 }, 'RangeError: queue.size is 0; it must be a whole number above 0'],
    [
      { policy: 'drop' },
      "TypeError: queue.policy is 'drop'; it must be one of 'coalesce', 'rejectNewest', 'dropOldest'",
    ],
    [{ length: 5 }, 'TypeError: there is no option queue.length; there are size, policy'],
  ])('may not be %j', (queue, says) => expect(failureOf(() => queueFrom(queue))).toBe(says));

  it.each([false, {}])('may be %j', (queue) => expect(QUEUE.holds(queue)).toBe(true));
  it.each([true, null, 5])('may not be %s', (queue) => expect(QUEUE.holds(queue)).toBe(false));
});
