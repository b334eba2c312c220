import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { type CommandOpcode, Opcode } from '../../machines/index.js';
import { commandSchema } from '../../src/spec/commands.js';

const fits = (op: CommandOpcode, d: unknown) => new Ajv({ strict: false }).validate(commandSchema(op), d);
const MEMBERS = { guild_id: '1', query: '', limit: 0 };
const IDENTIFY = { token: 'x', intents: 1, properties: { os: 'a', browser: 'b', device: 'c' } };

describe('the schema of a command', () => {
  it.each<[string, CommandOpcode, unknown]>([
    ['a heartbeat before the first event', Opcode.Heartbeat, null],
    ['a heartbeat', Opcode.Heartbeat, 5],
    ['an Identify of a shard', Opcode.Identify, { ...IDENTIFY, shard: [0, 1], large_threshold: 250 }],
    ['members by name', Opcode.RequestGuildMembers, MEMBERS],
    ['members by id', Opcode.RequestGuildMembers, { guild_id: '1', user_ids: ['2', '3'] }],
    ['one member by id', Opcode.RequestGuildMembers, { guild_id: '1', user_ids: '2' }],
    [
      'leaving a voice channel',
      Opcode.VoiceStateUpdate,
      { guild_id: '1', channel_id: null, self_mute: true, self_deaf: true },
    ],
  ])('takes %s', (_, op, d) => expect(fits(op, d)).toBe(true));

  it.each<[string, CommandOpcode, unknown]>([
    ['a heartbeat in words', Opcode.Heartbeat, '5'],
    ['an Identify without a token', Opcode.Identify, { ...IDENTIFY, token: undefined }],
    ['a shard without its count', Opcode.Identify, { ...IDENTIFY, shard: [0] }],
    ['too large a threshold', Opcode.Identify, { ...IDENTIFY, large_threshold: 251 }],
    ['members of neither name nor id', Opcode.RequestGuildMembers, { guild_id: '1', limit: 0 }],
    ['members by name without a limit', Opcode.RequestGuildMembers, { guild_id: '1', query: '' }],
    ['a guild that is no snowflake', Opcode.RequestGuildMembers, { ...MEMBERS, guild_id: 'one' }],
    ['more ids than may be asked for', Opcode.RequestGuildMembers, { guild_id: '1', user_ids: Array(101).fill('2') }],
    ['a status that there is not', Opcode.PresenceUpdate, { since: null, activities: [], status: 'away', afk: false }],
    ['a field of a channel that there is not', Opcode.RequestChannelInfo, { guild_id: '1', fields: ['colour'] }],
  ])('refuses %s', (_, op, d) => expect(fits(op, d)).toBe(false));
});
