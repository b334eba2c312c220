import { describe, expect, it } from 'vitest';
import { problemOfArrived, problemOfCommand, problemOfPresence } from '../../../machines/protocol/check-command.js';
import type { CommandOpcode } from '../../../machines/protocol/commands.js';
import { Opcode } from '../../../machines/protocol/opcodes.js';

const PRESENCE = { since: null, activities: [], status: 'online', afk: false };
const ID = '175928847299117063';
const VOICE = { guild_id: ID, channel_id: null, self_mute: false, self_deaf: true };
const IDENTIFY = { token: 'x', properties: { os: 'a', browser: 'b', device: 'c' }, intents: 0 };

describe('a command as the documentation has it', () => {
  it.each<[string, CommandOpcode, unknown]>([
    ['a presence', Opcode.PresenceUpdate, PRESENCE],
    ['a presence that is idle since', Opcode.PresenceUpdate, { ...PRESENCE, since: 91879201 }],
    ['activities', Opcode.PresenceUpdate, { ...PRESENCE, activities: [{ name: 'a', type: 1, url: 'b', state: null }] }],
    ['a voice state', Opcode.VoiceStateUpdate, VOICE],
    ['every member', Opcode.RequestGuildMembers, { guild_id: ID, query: '', limit: 0 }],
    ['one member', Opcode.RequestGuildMembers, { guild_id: ID, user_ids: ID }],
    ['100 members', Opcode.RequestGuildMembers, { guild_id: ID, user_ids: Array(100).fill(ID), nonce: 'é'.repeat(16) }],
    [
      'null for what may be left out',
      Opcode.RequestGuildMembers,
      { guild_id: ID, user_ids: [], presences: null, nonce: null },
    ],
    ['sounds', Opcode.RequestSoundboardSounds, { guild_ids: [ID] }],
    ['channel info', Opcode.RequestChannelInfo, { guild_id: ID, fields: ['status', 'voice_start_time'] }],
    ['a heartbeat', Opcode.Heartbeat, null],
    ['Identify', Opcode.Identify, IDENTIFY],
    [
      'Identify with everything',
      Opcode.Identify,
      { ...IDENTIFY, shard: [0, 1], large_threshold: 250, compress: true, presence: PRESENCE },
    ],
    ['a field that nobody knows', Opcode.VoiceStateUpdate, { ...VOICE, flags: {} }],
  ])('is right: %s', (_, op, data) => expect(problemOfCommand(op, data)).toBeNull());

  it.each<[CommandOpcode, unknown, string]>([
    [Opcode.PresenceUpdate, null, 'Update Presence is null; it must be an object'],
    [Opcode.PresenceUpdate, [], 'Update Presence is a list; it must be an object'],
    [
      Opcode.PresenceUpdate,
      { ...PRESENCE, status: 'busy' },
      'status is "busy"; it must be one of online, dnd, idle, invisible, offline',
    ],
    [
      Opcode.PresenceUpdate,
      { ...PRESENCE, status: 1 },
      'status is the number 1; it must be one of online, dnd, idle, invisible, offline',
    ],
    [Opcode.PresenceUpdate, { ...PRESENCE, since: 1.5 }, 'since is the number 1.5; it must be a whole number or null'],
    [Opcode.PresenceUpdate, { ...PRESENCE, since: 1n }, 'since is a bigint; it must be a whole number or null'],
    [Opcode.PresenceUpdate, { ...PRESENCE, afk: 'no' }, 'afk is "no"; it must be true or false'],
    [Opcode.PresenceUpdate, { ...PRESENCE, activities: {} }, 'activities is an object; it must be a list of objects'],
    [Opcode.PresenceUpdate, { ...PRESENCE, activities: ['x'] }, 'activities is a list; it must be a list of objects'],
    [
      Opcode.PresenceUpdate,
      { ...PRESENCE, activities: [{ name: 'a', type: 6 }] },
      'activities[0].type is 6; the most is 5',
    ],
    [
      Opcode.PresenceUpdate,
      { ...PRESENCE, activities: [{ name: 'a', type: 0 }, { type: 0 }] },
      'activities[1].name is missing',
    ],
    [Opcode.VoiceStateUpdate, { ...VOICE, channel_id: undefined }, 'channel_id is missing'],
    [
      Opcode.VoiceStateUpdate,
      { ...VOICE, guild_id: Number('175928847299117063') },
      'guild_id is the number 175928847299117060; it must be an id as a string of digits',
    ],
    [Opcode.VoiceStateUpdate, { ...VOICE, guild_id: null }, 'guild_id is null; it must be an id as a string of digits'],
    [
      Opcode.VoiceStateUpdate,
      { ...VOICE, channel_id: 'general' },
      'channel_id is "general"; it must be an id as a string of digits or null',
    ],
    [Opcode.VoiceStateUpdate, { ...VOICE, self_mute: 0 }, 'self_mute is the number 0; it must be true or false'],
    [Opcode.RequestGuildMembers, { guild_id: ID }, 'query or user_ids is missing'],
    [Opcode.RequestGuildMembers, { guild_id: ID, query: '' }, 'limit is missing beside query'],
    [Opcode.RequestGuildMembers, { guild_id: ID, query: '', limit: -1 }, 'limit is -1; the least is 0'],
    [
      Opcode.RequestGuildMembers,
      { guild_id: ID, user_ids: Array(101).fill(ID) },
      'user_ids has 101 entries; there may be 100',
    ],
    [
      Opcode.RequestGuildMembers,
      { guild_id: ID, user_ids: [ID, 7] },
      'user_ids is a list; it must be an id as a string of digits or a list of ids as strings of digits',
    ],
    [
      Opcode.RequestGuildMembers,
      { guild_id: ID, user_ids: [], nonce: 'é'.repeat(17) },
      'nonce has 34 bytes; there may be 32',
    ],
    [
      Opcode.RequestSoundboardSounds,
      { guild_ids: ID },
      'guild_ids is "175928847299117063"; it must be a list of ids as strings of digits',
    ],
    [
      Opcode.RequestChannelInfo,
      { guild_id: ID, fields: ['topic'] },
      'fields[0] is "topic"; it must be one of status, voice_start_time',
    ],
    [Opcode.Identify, { ...IDENTIFY, shard: [0] }, 'shard has 1 entries; it must have 2'],
    [Opcode.Identify, { ...IDENTIFY, properties: { os: 'a' } }, 'properties.browser is missing'],
    [
      Opcode.Identify,
      { ...IDENTIFY, presence: { ...PRESENCE, status: 'x y'.repeat(40) } },
      'presence.status is a string; it must be one of online, dnd, idle, invisible, offline',
    ],
    [Opcode.Identify, { ...IDENTIFY, large_threshold: 49 }, 'large_threshold is 49; the least is 50'],
  ])('%s is wrong: %o', (op, data, says) => expect(problemOfCommand(op, data)).toBe(says));

  it('is a presence by itself too', () => {
    expect(problemOfPresence(PRESENCE)).toBeNull();
    expect(problemOfPresence({ ...PRESENCE, status: 'away' })).toContain('status is "away"');
  });
});

describe('a command that has arrived', () => {
  it.each<[CommandOpcode, unknown]>([
    [Opcode.RequestGuildMembers, { guild_id: 1, user_ids: [2, 3] }],
    [Opcode.VoiceStateUpdate, { guild_id: 1, channel_id: null, self_mute: false, self_deaf: false }],
    [Opcode.RequestSoundboardSounds, { guild_ids: [1, '2'] }],
  ])('may have ids as numbers: %s %j', (op, data) => {
    expect(problemOfArrived(op, data)).toBeNull();
    expect(problemOfCommand(op, data)).toMatch(/of digits/);
  });

  it.each<[string, object]>([
    ['no field', {}],
    ['no since', { activities: [], afk: false, status: 'online' }],
    ['game for activities', { since: null, afk: false, game: null, status: 'online' }],
    ['null for activities', { activities: null, afk: false, since: null, status: 'offline' }],
    ['an empty status', { since: 0, game: { name: '', type: 0 }, status: '', afk: false }],
  ])('may be a presence with %s', (_, presence) => {
    expect(problemOfArrived(Opcode.PresenceUpdate, presence)).toBeNull();
    expect(problemOfPresence(presence)).not.toBeNull();
  });

  it('is wrong as ever otherwise', () => {
    expect(problemOfArrived(Opcode.PresenceUpdate, { activities: {} })).toContain('activities is an object');
    expect(problemOfArrived(Opcode.RequestGuildMembers, { guild_id: 1.5, user_ids: [] })).toContain('guild_id is');
    expect(problemOfArrived(Opcode.RequestGuildMembers, { guild_id: 1 })).toBe('query or user_ids is missing');
    expect(problemOfArrived(Opcode.PresenceUpdate, { ...PRESENCE, status: 1 })).toContain('status is the number 1');
    expect(problemOfArrived(Opcode.PresenceUpdate, null)).toBe('Update Presence is null; it must be an object');
    expect(problemOfArrived(Opcode.Heartbeat, 5)).toBeNull();
  });
});
