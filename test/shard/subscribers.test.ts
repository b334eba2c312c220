import { describe, expect, it } from 'vitest';
import type { BacklogHost } from '../../src/shard/backlog.js';
import type { ShardSettings } from '../../src/shard/options.js';
import { Subscribers } from '../../src/shard/subscribers.js';

const HOST: BacklogHost = {
  pause: () => false,
  resume() {},
  news() {},
  dropping() {},
  leave: () => true,
  missing() {},
};

function setUp(events: ReadonlySet<string> | null = null) {
  const settings = { events, buffer: 9, bufferBytes: 99, overflow: 'end' } as unknown as ShardSettings;
  const subscribers = new Subscribers(settings);
  const lines: string[] = [];
  const listen = (event: string) =>
    subscribers.listeners.add(event, (first, second) => void lines.push(`${event} ${JSON.stringify([first, second])}`));
  const wants = (...names: string[]) => [subscribers.all(), ...names.map((name) => subscribers.has(name))];
  return { subscribers, lines, listen, wants };
}
const head = (name: string, sequence: number | null, replayed = false) => ({
  name,
  sequence,
  replayed,
  session: 's',
});

describe('the subscribers of a shard', () => {
  it('want nothing, until there is a listener or an iterator', () => {
    const { subscribers, listen, wants } = setUp();
    expect(wants('A', 'B')).toEqual([false, false, false]);
    listen('A');
    expect(wants('A', 'B')).toEqual([false, true, false]);
    subscribers.reader(new Set(['B']), HOST);
    expect(wants('A', 'B', 'C')).toEqual([false, true, true, false]);
  });

  it.each([
    ['a listener of dispatch', (its: ReturnType<typeof setUp>) => its.listen('dispatch')],
    ['an iterator over all', (its: ReturnType<typeof setUp>) => void its.subscribers.reader(null, HOST)],
  ])('want everything for %s, within the events of the shard', (_, subscribe) => {
    const all = setUp();
    subscribe(all);
    expect(all.wants('A')).toEqual([true, true]);
    const some = setUp(new Set(['A']));
    subscribe(some);
    expect(some.wants('A', 'B')).toEqual([false, true, false]);
  });

  it('want nothing as it came: raw messages need not be parsed', () => {
    const { listen, wants } = setUp();
    listen('raw');
    expect(wants('A')).toEqual([false, false]);
  });

  it('get a dispatch as it came, by its name and as any', () => {
    const { subscribers, listen, lines } = setUp();
    for (const event of ['dispatch', 'A', 'B', 'raw']) listen(event);
    subscribers.dispatch({ ...head('A', 3), data: 7 }, 'text');
    expect(lines).toEqual([
      'raw ["text",{"name":"A","sequence":3,"replayed":false,"session":"s"}]',
      'A [7,{"sequence":3,"replayed":false,"session":"s"}]',
      'dispatch [{"name":"A","sequence":3,"replayed":false,"session":"s","data":7},null]',
    ]);
  });

  it('get what is skipped as it came, if the shard is for it', () => {
    const { subscribers, listen, lines } = setUp(new Set(['A']));
    listen('raw');
    for (const name of ['A', 'B']) subscribers.skipped(head(name, 1), 'text');
    expect(lines).toEqual(['raw ["text",{"name":"A","sequence":1,"replayed":false,"session":"s"}]']);
  });

  it('know what was handled: from where to resume so that all that is unread comes again', () => {
    const { subscribers } = setUp();
    expect(subscribers.handledUpTo(5)).toBe(5);
    subscribers.beginAfter(3);
    subscribers.reader(null, HOST);
    subscribers.skipped(head('B', 4), 'text');
    subscribers.dispatch({ ...head('A', 5), data: 7 }, 'text');
    expect(subscribers.handledUpTo(5)).toBe(4);
    subscribers.abandon();
    expect(subscribers.handledUpTo(5)).toBe(5);
  });

  it('have not handled what listeners are told of right now', () => {
    const { subscribers } = setUp();
    const seen: number[] = [];
    subscribers.beginAfter(3);
    for (const event of ['raw', 'A']) subscribers.listeners.add(event, () => seen.push(subscribers.handledUpTo(9)));
    subscribers.dispatch({ ...head('A', 4), data: 7 }, 'text');
    subscribers.skipped(head('B', 5), 'text');
    expect([...seen, subscribers.handledUpTo(5)]).toEqual([3, 3, 4, 5]);
  });

  it('tell listeners nothing twice where a run begins before what they had', () => {
    const { subscribers, listen, lines } = setUp();
    listen('A');
    subscribers.dispatch({ ...head('A', 5), data: 7 }, 'text');
    subscribers.beginAfter(3);
    for (const sequence of [4, 5, 6]) subscribers.dispatch({ ...head('A', sequence), data: sequence }, 'text');
    expect(lines.map((line) => line.slice(0, 4))).toEqual(['A [7', 'A [6']);
  });

  it('are told of RESUMED whatever its number', () => {
    const { subscribers, listen, lines } = setUp();
    listen('RESUMED');
    subscribers.beginAfter(9);
    subscribers.dispatch({ ...head('RESUMED', 4), data: {} }, 'text');
    expect(lines).toHaveLength(1);
  });

  it('count from READY on again', () => {
    const { subscribers } = setUp();
    subscribers.beginAfter(30);
    subscribers.reader(null, HOST);
    subscribers.dispatch({ ...head('READY', 1), data: {} }, 'text');
    expect(subscribers.handledUpTo(9)).toBe(1);
  });

  it('count from none where READY came without a sequence', () => {
    const { subscribers } = setUp();
    subscribers.beginAfter(30);
    subscribers.reader(null, HOST);
    subscribers.dispatch({ ...head('READY', null), data: {} }, 'text');
    expect(subscribers.handledUpTo(9)).toBe(0);
  });

  it.each([
    ['has no sequence', null, 0],
    ['is behind those before it', 3, 8],
  ])('count no further with a dispatch that %s', (_, sequence, before) => {
    const { subscribers } = setUp();
    subscribers.beginAfter(before);
    subscribers.reader(null, HOST);
    subscribers.skipped(head('A', sequence), 'text');
    subscribers.dispatch({ ...head('A', 9), data: {} }, 'text');
    expect(subscribers.handledUpTo(9)).toBe(before);
  });

  it('are read while somebody waits for an iterator that has not ended', async () => {
    const { subscribers } = setUp();
    expect(subscribers.isRead).toBe(false);
    const reader = subscribers.reader(null, HOST);
    expect(subscribers.isRead).toBe(false);
    const next = reader.next();
    expect(subscribers.isRead).toBe(true);
    subscribers.finish({});
    expect(await next).toEqual({ done: true, value: undefined });
    expect(subscribers.isRead).toBe(false);
  });
});
