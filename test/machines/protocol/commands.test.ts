/** The table against documented.json, a transcription of Discord's documentation made apart from it, in both directions. */
import { describe, expect, it } from 'vitest';
import { COMMANDS, type Command, type CommandOpcode, type Field } from '../../../machines/protocol/commands.js';
import { OPCODES, Opcode } from '../../../machines/protocol/opcodes.js';
import documented from './documented.json' with { type: 'json' };

describe('Send Events', () => {
  interface DocumentedField {
    type: string;
    required: boolean | string;
    [bound: string]: unknown;
  }
  const rows = documented.commands as unknown as {
    op: number;
    name: string;
    d: string | Record<string, DocumentedField>;
  }[];
  const opcodes = Object.keys(COMMANDS).map(Number);
  const commandOf = (op: number): Command => COMMANDS[op as CommandOpcode];

  it('are the 8 documented ones, and no other', () => {
    expect(opcodes).toEqual(rows.map(({ op }) => op).sort((a, b) => a - b));
    expect(opcodes).toHaveLength(8);
  });

  it('are the opcodes a client may send', () => {
    const sent = Object.entries(OPCODES).filter(([, { direction }]) => direction !== 'receive');
    expect(opcodes).toEqual(sent.map(([op]) => Number(op)));
  });

  /** Our field in the words of the transcription. */
  const inTheirWords = ({
    type,
    required,
    least,
    most,
    items,
    bytes,
    values,
    bits,
    default: preset,
  }: Field): DocumentedField => ({
    type: type.join('|'),
    required: typeof required === 'boolean' ? required : 'with' in required ? `with ${required.with}` : 'one',
    ...(preset !== undefined && { default: preset }),
    ...(least !== undefined && most !== undefined && { min: least, max: most }),
    ...(type.includes('snowflake[]') && items !== undefined && { max: items }),
    ...(bytes !== undefined && { maxBytes: bytes }),
    ...(values !== undefined && { values }),
    ...(bits !== undefined && { bits }),
  });

  it.each(rows)('$name has the documented fields and bounds, and no other', ({ op, name, d }) => {
    const command = commandOf(op);
    expect(command.name).toBe(name);
    if (typeof d === 'string') return expect(command.fields).toBeNull();
    const ours = Object.entries(command.fields ?? {}).map(([field, row]) => [field, inTheirWords(row)]);
    const theirs = Object.entries(d).map(([field, { fields: _, ...row }]) => [field, row]);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
  });

  it('nest the documented fields in the properties and the presence of Identify', () => {
    const { properties, presence } = COMMANDS[Opcode.Identify].fields;
    const identify = rows.find(({ op }) => op === Opcode.Identify)?.d as Record<string, DocumentedField>;
    expect(Object.entries(properties.fields).map(([field, row]) => [field, inTheirWords(row)])).toEqual(
      Object.entries(identify['properties']?.['fields'] as object).map(([field, type]) => [
        field,
        { type, required: true },
      ]),
    );
    expect(presence.fields).toBe(COMMANDS[Opcode.PresenceUpdate].fields);
  });

  it('take a pair as shard, and a limit from 0 on, which asks for everyone', () => {
    expect(COMMANDS[Opcode.Identify].fields.shard.items).toBe(2);
    expect(COMMANDS[Opcode.RequestGuildMembers].fields.limit.least).toBe(0);
  });

  it('ask for one of query and user_ids, each by the name of the other', () => {
    const { query, user_ids, limit } = COMMANDS[Opcode.RequestGuildMembers].fields;
    expect([query.required, user_ids.required, limit.required]).toEqual([
      { unless: 'user_ids' },
      { unless: 'query' },
      { with: 'query' },
    ]);
  });

  it.each<[CommandOpcode, readonly (string | number)[]]>([
    [Opcode.Identify, ['READY', 9]],
    [Opcode.Resume, ['RESUMED', 9]],
    [Opcode.Heartbeat, [11]],
    [Opcode.RequestGuildMembers, ['GUILD_MEMBERS_CHUNK', 'RATE_LIMITED']],
    [Opcode.RequestSoundboardSounds, ['SOUNDBOARD_SOUNDS']],
    [Opcode.RequestChannelInfo, ['CHANNEL_INFO']],
    [Opcode.VoiceStateUpdate, ['VOICE_STATE_UPDATE', 'VOICE_SERVER_UPDATE']],
    [Opcode.PresenceUpdate, []],
  ])('%i is answered by %j', (op, replies) => {
    expect(commandOf(op).replies).toEqual(replies);
  });
});
