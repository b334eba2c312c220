/** The table against documented.json, a transcription of Discord's documentation made apart from it, and discord-api-types. */
import { VoiceOpcodes } from 'discord-api-types/voice/v8';
import { describe, expect, it } from 'vitest';
import { isVoiceOpcode, VOICE_OPCODES, VoiceOpcode } from '../../../machines/voice/opcodes.js';
import documented from './documented.json' with { type: 'json' };

const DIRECTIONS = { client: 'send', server: 'receive', both: 'both' } as const;
const rows = Object.entries(documented.opcodes).flatMap(([from, formats]) =>
  Object.entries(formats).flatMap(([format, list]) =>
    list.split(', ').map((entry) => {
      const [code = '', ...words] = entry.split(' ');
      return { code: Number(code), name: words.join(' '), format, direction: DIRECTIONS[from as 'client'] };
    }),
  ),
);

describe('Voice Opcodes', () => {
  it('are the 23 documented ones, and no other', () => {
    expect(Object.keys(VOICE_OPCODES).map(Number)).toEqual(rows.map(({ code }) => code).sort((a, b) => a - b));
    expect(rows).toHaveLength(23);
  });

  it.each(rows)('$code $name: $direction, as $format', ({ code, name, direction, format }) => {
    expect(isVoiceOpcode(code)).toBe(true);
    expect(VOICE_OPCODES[code as VoiceOpcode]).toMatchObject({ name, direction, format });
  });

  it.each(Object.entries(documented.fields))('%s names the fields of its data', (name, fields) => {
    const row = Object.values(VOICE_OPCODES).find((each) => each.name === name);
    expect(row?.d.match(/\w+/g)).toEqual(expect.arrayContaining(fields));
  });

  it('have the numbers and the names in code of discord-api-types', () => {
    const theirs = Object.entries(VoiceOpcodes).filter(([key]) => Number.isNaN(Number(key)));
    expect(Object.entries(VoiceOpcode)).toEqual(theirs);
  });

  it.each([10, 12, 14, 20, 32, -1, 0.5, Number.NaN, '1', null, undefined])('have no %j', (op) => {
    expect(isVoiceOpcode(op)).toBe(false);
  });
});
