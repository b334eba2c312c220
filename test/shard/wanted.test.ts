import { describe, expect, it } from 'vitest';
import type { DispatchEventName, IntentName } from '../../machines/index.js';
import { type EventNames, wantedFrom } from '../../src/shard/wanted.js';

const names = (...events: string[]) => events as unknown as EventNames;

describe('intents alone', () => {
  it.each<[intents: readonly IntentName[] | number, bits: number]>([
    [['GUILDS', 'GUILD_MESSAGES'], 513],
    [513, 513],
    [[], 0],
    [0, 0],
  ])('want every event: %j is %i', (intents, bits) => {
    expect(wantedFrom({ intents })).toEqual({ events: null, intents: bits, remarks: [] });
  });

  it('are not remarked on, privileged or not', () => {
    expect(wantedFrom({ intents: ['GUILD_MEMBERS', 'MESSAGE_CONTENT'] }).remarks).toEqual([]);
  });
});

describe('events alone', () => {
  it('mean the intents that bring them, from guilds and from direct messages', () => {
    expect(wantedFrom({ events: ['GUILD_CREATE', 'MESSAGE_CREATE'] })).toEqual({
      events: new Set(['GUILD_CREATE', 'MESSAGE_CREATE']),
      intents: (1 << 0) | (1 << 9) | (1 << 12),
      remarks: [],
    });
  });

  it('mean no intents where they need none, or where there are none', () => {
    expect(wantedFrom({ events: ['INTERACTION_CREATE'] }).intents).toBe(0);
    expect(wantedFrom({ events: [] })).toEqual({ events: new Set(), intents: 0, remarks: [] });
  });

  it('are remarked on once where they need privileged intents, all named', () => {
    const { intents, remarks } = wantedFrom({ events: ['PRESENCE_UPDATE', 'GUILD_MEMBER_ADD'] });
    expect(intents).toBe((1 << 1) | (1 << 8));
    expect(remarks).toEqual([
      'the events need GUILD_MEMBERS, GUILD_PRESENCES, to be enabled in the Developer Portal: ' +
        'set intents to say that they are',
    ]);
  });
});

describe('events with intents', () => {
  it('keep both as they were given', () => {
    expect(wantedFrom({ events: ['MESSAGE_CREATE'], intents: ['GUILD_MESSAGES', 'GUILDS'] })).toEqual({
      events: new Set(['MESSAGE_CREATE']),
      intents: 513,
      remarks: [],
    });
  });

  it.each<
    [what: string, events: readonly DispatchEventName[], intents: readonly IntentName[] | number, says: string[]]
  >([
    [
      'an event that never comes',
      ['TYPING_START'],
      0,
      ['TYPING_START never comes under these intents: add GUILD_MESSAGE_TYPING or DIRECT_MESSAGE_TYPING'],
    ],
    [
      'each event that never comes',
      ['GUILD_CREATE', 'PRESENCE_UPDATE'],
      ['GUILD_MESSAGES'],
      [
        'GUILD_CREATE never comes under these intents: add GUILDS',
        'PRESENCE_UPDATE never comes under these intents: add GUILD_PRESENCES',
      ],
    ],
    ['no event that any of its intents brings', ['MESSAGE_CREATE'], ['DIRECT_MESSAGES'], []],
    ['no event that needs no intent', ['READY', 'INTERACTION_CREATE'], [], []],
    ['no event about the bot itself', ['GUILD_MEMBER_UPDATE', 'THREAD_MEMBERS_UPDATE'], ['GUILDS'], []],
    ['no privileged intent that was set', ['GUILD_MEMBER_ADD'], ['GUILD_MEMBERS'], []],
  ])('are remarked on: %s', (_, events, intents, says) => {
    expect(wantedFrom({ events, intents }).remarks).toEqual(says);
  });

  it('may be undocumented: they are wanted too, and remarked on first', () => {
    const events = names('TYPING_START', 'GIFT_CODE_UPDATE', 'A1_B2');
    const { events: wanted, remarks } = wantedFrom({ events, intents: 0 });
    expect(wanted).toEqual(new Set(events));
    expect(remarks).toEqual([
      'events: there is no documented event "GIFT_CODE_UPDATE"',
      'events: there is no documented event "A1_B2"',
      expect.stringMatching(/^TYPING_START never comes /),
    ]);
  });
});

describe('what is refused', () => {
  it.each<[options: object, says: string | RegExp]>([
    [{}, 'intents is missing: set it, or set events to the dispatches that you want'],
    [{ events: undefined, intents: undefined }, 'intents is missing'],
    [{ events: { 0: 'READY' } }, "events must be a list of names, such as ['MESSAGE_CREATE']"],
    [{ events: null, intents: 0 }, "events must be a list of names, such as ['MESSAGE_CREATE']"],
    [{ events: [7], intents: 0 }, 'events: there is no documented event of that name (a number)'],
    [{ events: [''], intents: 0 }, 'events: there is no documented event'],
    [{ events: ['1_EVENT'], intents: 0 }, 'events: there is no documented event "1_EVENT"'],
    [{ events: ['READY', 'message create'], intents: 0 }, /"message create": write MESSAGE_CREATE$/],
    [{ events: ['READY\n'], intents: 0 }, 'events: there is no documented event of that name (a string)'],
    [
      { events: ['READY', 'NEW_EVENT'] },
      'events: there is no documented event "NEW_EVENT", so its intents are not known: set intents too',
    ],
    [
      { events: ['MESSAGE_CREATED'], intents: ['GUILDS'] },
      /^events: there is no documented event "MESSAGE_CREATED": write MESSAGE_CREATE$/,
    ],
    [{ events: ['MESSAGE_CREATE'], intents: ['GUILD'] }, /^there is no intent "GUILD": write GUILDS$/],
    [{ intents: 1 << 30 }, /^no intent has bit 30 /],
  ])('%j throws a TypeError with what to write', (options, says) => {
    const want = () => wantedFrom(options as Parameters<typeof wantedFrom>[0]);
    expect(want).toThrow(TypeError);
    expect(want).toThrow(says);
  });
});
