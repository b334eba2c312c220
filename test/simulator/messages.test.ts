import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/ports/clock.js';
import { seededRandom } from '../../src/ports/random.js';
import { Messages, type Recipient } from '../../src/simulator/messages.js';
import { inMemory } from './in-memory.js';

const GUILD_MESSAGES = 1 << 9;
const MESSAGE_CONTENT = 1 << 15;

interface MessageData {
  readonly guild_id: string;
  readonly content: string;
  readonly nonce: string;
}

/** Messages at a rate for sessions that come and go. */
function making(rate = 50) {
  const clock = simulatedClock();
  const recipients = new Map<string, Recipient>();
  const made: { readonly session: string; readonly name: string; readonly data: MessageData }[] = [];
  const settings = { rate };
  const messages = new Messages(
    clock,
    seededRandom(1),
    () => settings.rate,
    () => recipients,
  );
  return {
    clock,
    settings,
    messages,
    recipients,
    add(session: string, { intents = GUILD_MESSAGES, guilds = ['1'] }: Partial<Recipient> = {}) {
      const dispatch = (name: string, data: unknown) => void made.push({ session, name, data: data as MessageData });
      recipients.set(session, { intents, guilds, dispatch });
      messages.start();
    },
    /** What was made since the last call. */
    taken: () => made.splice(0),
  };
}

describe('Messages', () => {
  it.each([
    [50, 1_000, 50],
    [1_000, 500, 500],
    [25, 1_000, 25],
    [1, 3_000, 3],
    [0.5, 3_999, 1],
  ])('makes %d messages per second: in %d ms %d', (rate, ms, count) => {
    const { clock, add, taken } = making(rate);
    add('S');
    clock.increment(ms);
    expect(taken().map(({ session, name }) => [session, name])).toEqual(new Array(count).fill(['S', 'MESSAGE_CREATE']));
  });

  it('makes them for each session, and takes the guilds by turns', () => {
    const { clock, add, taken } = making(50);
    add('A', { guilds: ['1', '2', '3'] });
    add('B', { guilds: ['4'] });
    clock.increment(80);
    const guilds = taken().map(({ session, data }) => `${session}${data.guild_id}`);
    expect(guilds.sort()).toEqual(['A1', 'A1', 'A2', 'A3', 'B4', 'B4', 'B4', 'B4']);
  });

  it('numbers them from 0 across sessions', () => {
    const { clock, add, taken } = making(50);
    add('A');
    clock.increment(40);
    add('B');
    clock.increment(20);
    expect(taken().map(({ session, data }) => `${session}${data.nonce}`)).toEqual(['A0', 'A1', 'A2', 'B3']);
  });

  it('makes none without the intent for them or without guilds, and none later for that time', () => {
    const { clock, add, taken } = making(50);
    add('A', { intents: ~GUILD_MESSAGES });
    add('B', { guilds: [] });
    clock.increment(10_000);
    add('A');
    add('B');
    clock.increment(20);
    expect(taken().map(({ session }) => session)).toEqual(['A', 'B']);
  });

  it('gives them content with the intent for it', () => {
    const { clock, add, taken } = making(50);
    add('A');
    add('B', { intents: GUILD_MESSAGES | MESSAGE_CONTENT });
    clock.increment(200);
    const messages = taken();
    const contents = (id: string) => messages.filter(({ session }) => session === id).map(({ data }) => data.content);
    expect(contents('A')).toEqual(new Array(10).fill(''));
    expect(contents('B').filter((content) => /^[a-z]+( [a-z]+){3,26}$/.test(content))).toHaveLength(10);
  });

  it('goes on with the rate that holds now', () => {
    const { clock, settings, add, taken, messages } = making(50);
    add('S');
    clock.increment(100);
    settings.rate = 100;
    clock.increment(100);
    expect(taken()).toHaveLength(5 + 10);
    settings.rate = 0;
    clock.increment(100);
    expect([taken(), clock.next]).toEqual([[], undefined]);
    settings.rate = 50;
    messages.start();
    clock.increment(100);
    expect(taken()).toHaveLength(5);
  });

  it('has no timer without a rate, without a session, and once it is stopped', () => {
    const { clock, settings, recipients, add, messages } = making(0);
    add('S');
    expect(clock.next).toBeUndefined();
    settings.rate = 50;
    messages.start();
    recipients.clear();
    clock.increment(20);
    expect(clock.next).toBeUndefined();
    add('S');
    expect(clock.next).toBe(40);
    messages.stop();
    messages.stop();
    expect(clock.next).toBeUndefined();
  });

  it('keeps the time when it is started again while it runs', () => {
    const { clock, add, messages, taken } = making(50);
    add('S');
    for (let n = 0; n < 10; n += 1) {
      clock.increment(10);
      messages.start();
    }
    expect(taken()).toHaveLength(5);
  });
});

describe('messages of sessions', () => {
  it('come at a rate, connected or not, by their intents', () => {
    const { open, pass, resume } = inMemory({ dispatchesPerSecond: 50, maxConcurrency: 2, guilds: undefined as never });
    const client = open();
    client.identify({ shard: [0, 2] });
    const other = open();
    other.identify({ shard: [1, 2], intents: 1 });
    pass(1_000);
    client.socket.close(4900);
    pass(1_000);
    const next = resume(client, 4);
    const messages = [...client.payloads, ...next.payloads].filter(({ t }) => t === 'MESSAGE_CREATE');
    expect(new Set(messages.map(({ s }) => s)).size).toBeGreaterThanOrEqual(98);
    expect(messages.every(({ d }) => (d as { content: string }).content === '')).toBe(true);
    expect(other.payloads.filter(({ t }) => t === 'MESSAGE_CREATE')).toEqual([]);
  });
});
