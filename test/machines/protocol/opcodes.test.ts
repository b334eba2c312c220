/** The table against documented.json, a transcription of Discord's documentation made apart from it, in both directions. */
import { describe, expect, it } from 'vitest';
import { isOpcode, OPCODES, Opcode } from '../../../machines/protocol/opcodes.js';
import documented from './documented.json' with { type: 'json' };

describe('Gateway Opcodes', () => {
  const rows = documented.opcodes as [number, string, keyof typeof Opcode, string][];

  it('are all there, and no other', () => {
    expect(Object.keys(OPCODES).map(Number)).toEqual(rows.map(([code]) => code).sort((a, b) => a - b));
    expect(Object.entries(Opcode)).toEqual(rows.map(([code, , key]) => [key, code]));
  });

  it.each(rows)('%i %s is spelled %s in code, and its direction is: %s', (code, name, key, direction) => {
    expect(Opcode[key]).toBe(code);
    expect(OPCODES[Opcode[key]]).toMatchObject({ name, direction });
    expect(isOpcode(code)).toBe(true);
  });

  it.each([5, 12, 36, 40, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '1', null, undefined, {}])(
    'of %j is none',
    (other) => {
      expect(isOpcode(other)).toBe(false);
    },
  );

  it.each([
    [Opcode.Identify, ['token', 'properties', 'intents']],
    [Opcode.PresenceUpdate, ['since', 'activities', 'status', 'afk']],
    [Opcode.VoiceStateUpdate, ['guild_id', 'channel_id', 'self_mute', 'self_deaf']],
    [Opcode.Resume, ['token', 'session_id', 'seq']],
    [Opcode.RequestGuildMembers, ['guild_id', 'query', 'limit', 'user_ids']],
    [Opcode.Hello, ['heartbeat_interval']],
    [Opcode.RequestSoundboardSounds, ['guild_ids']],
    [Opcode.RequestChannelInfo, ['guild_id', 'fields']],
  ])('%i names the fields of its data', (op, fields) => {
    expect(fields.filter((field) => !OPCODES[op].d.includes(field))).toEqual([]);
  });
});
