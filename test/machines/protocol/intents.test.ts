import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALL_INTENTS,
  INTENT_NAMES,
  INTENTS,
  type IntentName,
  Intents,
  InvalidIntentsError,
  intentBits,
  intentNames,
  PRIVILEGED_INTENTS,
  UNPRIVILEGED_INTENTS,
} from '../../../machines/client.js';
import documented from './documented.json' with { type: 'json' };

const bits = (intents: unknown) => intentBits(intents as number);

// Against documented.json, a transcription of Discord's documentation made apart from our table, in both directions.
describe('List of Intents', () => {
  it('is complete, in order, and has no other', () => {
    expect(Object.keys(INTENTS)).toEqual(documented.intents.map(({ name }) => name));
    expect(INTENT_NAMES).toEqual(documented.intents.map(({ name }) => name));
  });

  it.each(documented.intents)('$name is bit $bit, privileged: $privileged', (row) => {
    const ours = INTENTS[row.name as IntentName];
    expect(ours).toMatchObject({ bit: row.bit, privileged: row.privileged, formerly: row.formerly });
    expect(Intents[row.name as IntentName]).toBe(row.value);
    expect([...ours.guild]).toEqual(row.scope === 'guild' ? row.events : []);
    expect([...ours.direct]).toEqual(row.scope === 'dm' ? row.events : []);
  });

  it('adds up to the documented masks', () => {
    expect(ALL_INTENTS).toBe(documented.masks.all);
    expect(PRIVILEGED_INTENTS).toBe(documented.masks.privileged);
    expect(UNPRIVILEGED_INTENTS).toBe(documented.masks.nonPrivileged);
  });
});

describe('intentBits', () => {
  it('joins names, in any order and repeated', () => {
    expect(bits(['GUILDS', 'GUILD_MESSAGES'])).toBe(513);
    expect(bits(['GUILD_MESSAGES', 'GUILDS', 'GUILDS'])).toBe(513);
  });

  it('takes no intents at all', () => {
    expect(bits([])).toBe(0);
    expect(bits(0)).toBe(0);
  });

  it('is undone by intentNames', () => {
    fc.assert(
      fc.property(fc.subarray([...INTENT_NAMES]), (names: IntentName[]) => {
        expect(intentNames(intentBits(names))).toEqual(names);
        expect(intentBits(intentBits(names))).toBe(intentBits(names));
      }),
    );
  });

  it('takes exactly the bit fields made of existing bits', () => {
    const existing = [...BigInt(ALL_INTENTS).toString(2)]
      .reverse()
      .flatMap((bit, at) => (bit === '1' ? [2 ** at] : []));
    const sum = (fields: readonly number[]) => fields.reduce((all, each) => all + each, 0);
    const field = fc.oneof(fc.maxSafeNat(), fc.subarray(existing).map(sum));
    const tried = { legal: 0, other: 0 };
    fc.assert(
      fc.property(field, (field) => {
        const legal = BigInt(field) === (BigInt(field) & BigInt(ALL_INTENTS));
        tried[legal ? 'legal' : 'other'] += 1;
        if (legal) expect(bits(field)).toBe(field);
        else expect(() => bits(field)).toThrow(InvalidIntentsError);
      }),
    );
    expect(Math.min(tried.legal, tried.other)).toBeGreaterThan(20);
  });

  it.each([
    [['GuildMessages'], 'there is no intent "GuildMessages": write GUILD_MESSAGES'],
    [['guild-members'], 'there is no intent "guild-members": write GUILD_MEMBERS'],
    [['GUILD_BANS'], 'there is no intent "GUILD_BANS": write GUILD_MODERATION'],
    [['GUILD_EMOJIS_AND_STICKERS'], 'there is no intent "GUILD_EMOJIS_AND_STICKERS": write GUILD_EXPRESSIONS'],
    [['NOPE'], /^there is no intent "NOPE"; there are GUILDS, GUILD_MEMBERS, .*DIRECT_MESSAGE_POLLS$/],
    [['toString'], /^there is no intent "toString"; there are/],
    [[{}], /^there is no intent of that name \(an object\); there are/],
    [['GULIDS'], /^there is no intent "GULIDS": write GUILDS$/],
    [[1 << 30], /^no intent has bit 30 /],
    ['GUILDS', 'intents must be a list of names or a bit field, not "GUILDS": write [\'GUILDS\']'],
    [null, 'intents must be a list of names or a bit field, not null'],
    [undefined, 'intents must be a list of names or a bit field, not undefined'],
    [1 << 17, 'no intent has bit 17 of 131072: Discord would close with 4013; the highest is 25'],
    [2 ** 40 + 2 ** 22 + 1, /^no intent has bit 22, 40 of/],
    [-1, `an intent bit field is a whole number from 0 to ${ALL_INTENTS}, not -1`],
    [1.5, /not 1.5$/],
    [Number.NaN, /not NaN$/],
  ])('refuses %j and says what to do', (intents, message) => {
    expect(() => bits(intents)).toThrow(message);
    expect(() => bits(intents)).toThrow(expect.objectContaining({ code: 'ERR_INTENTS', name: 'InvalidIntentsError' }));
  });

  it('does not show what may be a secret in the wrong place', () => {
    const token = 'MTE3NjU0.GxYzAb.c2VjcmV0';
    for (const wrong of [token, [token]]) expect(() => bits(wrong)).toThrow(expect.not.stringContaining('GxYzAb'));
  });
});
