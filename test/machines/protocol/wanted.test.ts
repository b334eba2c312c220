import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  DISPATCH_EVENTS,
  type DispatchEventName,
  EVENTS_WITHOUT_INTENT,
  type EventsUnder,
  explainIntents,
  INTENT_NAMES,
  INTENTS,
  type IntentName,
  type IntentsOf,
  intentsFor,
  undeliverable,
} from '../../../machines/index.js';
import { compiles } from '../../support/compiles.js';
import documented from './documented.json' with { type: 'json' };

const someEvents = fc.subarray([...DISPATCH_EVENTS]);
const someIntents = fc.subarray([...INTENT_NAMES]);

describe('intentsFor', () => {
  it('names what brings events from guilds and from direct messages', () => {
    expect(intentsFor(['MESSAGE_CREATE', 'GUILD_CREATE'])).toEqual(['GUILDS', 'GUILD_MESSAGES', 'DIRECT_MESSAGES']);
    expect(intentsFor(['CHANNEL_PINS_UPDATE'])).toEqual(['GUILDS', 'DIRECT_MESSAGES']);
    expect(intentsFor(['GUILD_SCHEDULED_EVENT_EXCEPTION_CREATE'])).toEqual(['GUILD_SCHEDULED_EVENTS']);
    expect(intentsFor(['GUILD_JOIN_REQUEST_DELETE'])).toEqual(['GUILD_MODERATION']);
  });

  it('names nothing for events that always come', () => {
    expect(intentsFor(['INTERACTION_CREATE', 'READY'])).toEqual([]);
    expect(intentsFor(EVENTS_WITHOUT_INTENT)).toEqual([]);
  });

  it('takes an intent that needs no approval where there is one', () => {
    expect(intentsFor(['THREAD_MEMBERS_UPDATE'])).toEqual(['GUILDS']);
    expect(intentsFor(['GUILD_MEMBER_ADD'])).toEqual(['GUILD_MEMBERS']);
  });

  it('lets every event arrive', () => {
    for (const event of DISPATCH_EVENTS) expect(undeliverable([event], intentsFor([event]))).toEqual([]);
    expect(intentsFor(DISPATCH_EVENTS)).toEqual(INTENT_NAMES.filter((name) => name !== 'MESSAGE_CONTENT'));
  });

  it('names none that could be done without, nor a privileged one where another would do', () => {
    for (const event of DISPATCH_EVENTS) {
      const intents = intentsFor([event]);
      const arrival = (names: readonly IntentName[]) => explainIntents([event], names).events[0]?.arrives;
      for (const left of intents) expect(arrival(intents.filter((name) => name !== left))).not.toBe(arrival(intents));
    }
    for (const event of DISPATCH_EVENTS) {
      const { guild, direct } = documented.events[event];
      const isFree = [...guild, ...direct].every((name) => !INTENTS[name as IntentName].privileged);
      const isPrivileged = intentsFor([event]).some((name) => INTENTS[name].privileged);
      expect(isPrivileged).toBe(!isFree && event !== 'THREAD_MEMBERS_UPDATE');
    }
  });

  it.each([
    ['messageCreate', 'there is no documented event "messageCreate": write MESSAGE_CREATE'],
    ['MESSAGE_CREATED', 'there is no documented event "MESSAGE_CREATED": write MESSAGE_CREATE'],
    ['MESSAGE_CRAETE', 'there is no documented event "MESSAGE_CRAETE": write MESSAGE_CREATE'],
    ['toString', 'there is no documented event "toString"'],
    ['MTE3NjU0.GxYzAb.c2VjcmV0', 'there is no documented event of that name (a string)'],
    [7, 'there is no documented event of that name (a number)'],
  ])('refuses %j and says what to write', (event, message) => {
    expect(() => intentsFor([event as DispatchEventName])).toThrow(new TypeError(message));
    expect(() => explainIntents([event as DispatchEventName], [])).toThrow(new TypeError(message));
  });
});

describe('explainIntents', () => {
  it('tells how each event arrives, and what is privileged, unneeded or missing', () => {
    const report = explainIntents(
      ['MESSAGE_CREATE', 'INTERACTION_CREATE', 'GUILD_MEMBER_ADD', 'PRESENCE_UPDATE'],
      ['GUILDS', 'GUILD_MEMBERS', 'GUILD_MESSAGES'],
    );
    expect(report.events.map(({ event, arrives }) => `${event} ${arrives}`)).toEqual([
      'GUILD_MEMBER_ADD guild',
      'INTERACTION_CREATE always',
      'MESSAGE_CREATE guild',
      'PRESENCE_UPDATE never',
    ]);
    expect(report).toMatchObject({
      bits: 515,
      privileged: ['GUILD_MEMBERS'],
      unneeded: ['GUILDS'],
      missing: ['GUILD_PRESENCES', 'DIRECT_MESSAGES'],
    });
  });

  it('remarks on what arrives empty or only in part', () => {
    const remarks = (...args: Parameters<typeof explainIntents>) =>
      explainIntents(...args).events[0]?.remarks.join('; ');
    expect(remarks(['MESSAGE_CREATE'], ['GUILD_MESSAGES'])).toMatch(/empty without MESSAGE_CONTENT.*ephemeral/);
    expect(remarks(['MESSAGE_CREATE'], ['GUILD_MESSAGES', 'DIRECT_MESSAGES', 'MESSAGE_CONTENT'])).toBe('');
    expect(remarks(['THREAD_MEMBERS_UPDATE'])).toMatch(/itself only/);
    expect(remarks(['VOICE_SERVER_UPDATE'])).toMatch(/VOICE_STATE_UPDATE/);
    expect(remarks(['GUILD_CREATE'], ['GUILDS'])).toMatch(/only without GUILD_PRESENCES$/);
    expect(remarks(['GUILD_CREATE'], ['GUILDS', 'GUILD_PRESENCES'])).toMatch(
      /only, of guilds with over 75000 members$/,
    );
  });

  it('remarks on what takes a permission, and on what is not documented yet', () => {
    const remarks = (event: DispatchEventName) => explainIntents([event]).events[0]?.remarks;
    expect(remarks('INVITE_DELETE')).toEqual(['only with the permission MANAGE_CHANNELS in the channel']);
    expect(remarks('GUILD_SCHEDULED_EVENT_EXCEPTION_DELETE')).toEqual(['reaches bots, but is not documented yet']);
    expect(remarks('GUILD_JOIN_REQUEST_UPDATE')).toEqual([
      'reaches bots, but is not documented yet',
      expect.stringContaining('KICK_MEMBERS, in guilds with MEMBER_VERIFICATION_GATE_ENABLED and'),
    ]);
  });

  it('holds MESSAGE_CONTENT for needed with messages only', () => {
    expect(explainIntents(['MESSAGE_UPDATE'], ['GUILD_MESSAGES', 'MESSAGE_CONTENT']).unneeded).toEqual([]);
    expect(explainIntents(['GUILD_CREATE'], ['GUILDS', 'MESSAGE_CONTENT']).unneeded).toEqual(['MESSAGE_CONTENT']);
  });

  it('derives the intents where none are given, and takes bits', () => {
    expect(explainIntents(['TYPING_START']).intents).toEqual(['GUILD_MESSAGE_TYPING', 'DIRECT_MESSAGE_TYPING']);
    expect(explainIntents(['TYPING_START'], 1 << 14).events[0]?.arrives).toBe('direct');
  });

  it.each<[DispatchEventName, IntentName[], string]>([
    ['INTERACTION_CREATE', [], 'always'],
    ['MESSAGE_CREATE', ['GUILD_MESSAGES', 'DIRECT_MESSAGES'], 'guild and direct'],
    ['MESSAGE_CREATE', ['DIRECT_MESSAGES'], 'direct'],
    ['MESSAGE_CREATE', ['MESSAGE_CONTENT', 'GUILDS'], 'never'],
    ['MESSAGE_DELETE_BULK', ['DIRECT_MESSAGES'], 'never'],
    ['GUILD_MEMBER_UPDATE', ['GUILD_MEMBERS'], 'guild'],
    ['GUILD_MEMBER_UPDATE', [], 'itself'],
    ['THREAD_MEMBERS_UPDATE', ['GUILD_MEMBERS'], 'guild'],
    ['THREAD_MEMBERS_UPDATE', ['GUILDS'], 'itself'],
    ['THREAD_MEMBERS_UPDATE', [], 'never'],
    ['VOICE_STATE_UPDATE', ['GUILDS'], 'never'], // not even the bot's own
  ])('says of %s under %j: %s', (event, intents, arrives) => {
    expect(explainIntents([event], intents).events[0]?.arrives).toBe(arrives);
  });

  it('holds an intent that fills an event for needed with it only', () => {
    expect(explainIntents(['GUILD_CREATE'], ['GUILDS', 'GUILD_PRESENCES', 'GUILD_MEMBERS']).unneeded).toEqual([
      'GUILD_MEMBERS',
    ]);
    expect(explainIntents(['GUILD_MEMBERS_CHUNK'], ['GUILD_MEMBERS', 'GUILD_PRESENCES']).unneeded).toEqual([]);
  });
});

describe('undeliverable', () => {
  it('is what comes under none of the intents by the documentation', () => {
    fc.assert(
      fc.property(someEvents, someIntents, (events, intents) => {
        const never = events.filter((event) => {
          if (event === 'GUILD_MEMBER_UPDATE') return false; // about the bot itself it always comes
          const brought: readonly string[] = [...documented.events[event].guild, ...documented.events[event].direct];
          return brought.length > 0 && !intents.some((intent) => brought.includes(intent));
        });
        expect(undeliverable(events, intents)).toEqual(never);
      }),
    );
  });
});

describe('the types', () => {
  compiles('know which intents bring an event', () => {
    expectTypeOf<IntentsOf<'MESSAGE_CREATE'>>().toEqualTypeOf<'GUILD_MESSAGES' | 'DIRECT_MESSAGES'>();
    expectTypeOf<IntentsOf<'THREAD_MEMBERS_UPDATE'>>().toEqualTypeOf<'GUILDS' | 'GUILD_MEMBERS'>();
    expectTypeOf<IntentsOf<'READY'>>().toEqualTypeOf<never>();
  });

  compiles('know which events can arrive under intents', () => {
    type Free = EventsUnder<never>;
    expectTypeOf<Extract<Free, 'READY' | 'GUILD_MEMBER_UPDATE' | 'MESSAGE_CREATE'>>().toEqualTypeOf<
      'READY' | 'GUILD_MEMBER_UPDATE'
    >();
    expectTypeOf<Exclude<EventsUnder<'DIRECT_MESSAGE_TYPING'>, Free>>().toEqualTypeOf<'TYPING_START'>();
    expectTypeOf<EventsUnder<IntentName>>().toEqualTypeOf<DispatchEventName>();
  });
});
