import { describe, expect, it } from 'vitest';
import {
  DISPATCH_EVENTS,
  EVENTS_WITHOUT_INTENT,
  explainIntents,
  INTENT_NAMES,
  intentsFor,
  undeliverable,
} from '../../machines/index.js';

describe('intentsFor', () => {
  it('names what brings events from guilds and from direct messages', () => {
    expect(intentsFor(['MESSAGE_CREATE', 'GUILD_CREATE'])).toEqual(['GUILDS', 'GUILD_MESSAGES', 'DIRECT_MESSAGES']);
    expect(intentsFor(['CHANNEL_PINS_UPDATE'])).toEqual(['GUILDS', 'DIRECT_MESSAGES']);
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
  });

  it('holds MESSAGE_CONTENT for needed with messages only', () => {
    expect(explainIntents(['MESSAGE_UPDATE'], ['GUILD_MESSAGES', 'MESSAGE_CONTENT']).unneeded).toEqual([]);
    expect(explainIntents(['GUILD_CREATE'], ['GUILDS', 'MESSAGE_CONTENT']).unneeded).toEqual(['MESSAGE_CONTENT']);
  });

  it('derives the intents where none are given, and takes bits', () => {
    expect(explainIntents(['TYPING_START']).intents).toEqual(['GUILD_MESSAGE_TYPING', 'DIRECT_MESSAGE_TYPING']);
    expect(explainIntents(['TYPING_START'], 1 << 14).events[0]?.arrives).toBe('direct');
  });
});
