import { describe, expect, it } from 'vitest';
import { ApplicationCommands } from '../../src/simulator/application-commands.js';

const namesOf = (commands: readonly { readonly name: string }[] | null) => commands?.map(({ name }) => name);

describe('ApplicationCommands', () => {
  it('echoes a command with what Discord adds to it', () => {
    const [global, ofGuild] = [null, '7'].map((guild) => new ApplicationCommands().add(guild, { name: 'ping', x: 1 }));
    const echo = {
      id: expect.stringMatching(/^\d{17,}$/),
      application_id: '80351110224678912',
      version: expect.stringMatching(/^\d{17,}$/),
      type: 1,
      name: 'ping',
      name_localizations: null,
      description: '',
      description_localizations: null,
      default_member_permissions: null,
      nsfw: false,
      integration_types: [0],
      contexts: null,
      x: 1,
    };
    expect([global, ofGuild]).toEqual([
      { ...echo, dm_permission: true },
      { ...echo, guild_id: '7' },
    ]);
  });

  it('keeps commands apart by guild, and global ones from both', () => {
    const commands = new ApplicationCommands();
    for (const guild of [null, '1', '2']) commands.replace(guild, [{ name: `of-${guild}` }]);
    expect([null, '1', '2', '3'].map((guild) => namesOf(commands.of(guild)))).toEqual([
      ['of-null'],
      ['of-1'],
      ['of-2'],
      [],
    ]);
    commands.clear();
    expect(commands.of('1')).toEqual([]);
  });

  it('replaces all commands, or adds one in place of that of its name and type, with the ids of the others', () => {
    const commands = new ApplicationCommands();
    const [first] = commands.replace(null, [{ name: 'a' }, { name: 'b' }]) ?? [];
    commands.add(null, { name: 'b', description: 'new' });
    commands.add(null, { name: 'b', type: 2 });
    expect(commands.of(null)).toMatchObject([
      { name: 'a', id: first?.id },
      { name: 'b', type: 1, description: 'new' },
      { name: 'b', type: 2 },
    ]);
    expect(new Set(commands.of(null).map(({ id }) => id)).size).toBe(3);
    expect(namesOf(commands.replace(null, [{ name: 'c' }]))).toEqual(['c']);
  });

  it.each([null, {}, 'ping', [{}], [{ name: '' }], [{ name: 7 }], [null], new Array(131).fill({ name: 'a' })])(
    'takes no list that makes no sense: %j',
    (given) => {
      const commands = new ApplicationCommands();
      expect([commands.replace(null, given), commands.add(null, given)]).toEqual([null, null]);
      expect(commands.of(null)).toEqual([]);
    },
  );

  it('keeps those of a thousand places, and lets the oldest go', () => {
    const commands = new ApplicationCommands();
    for (let n = 0; n <= 1_000; n += 1) commands.add(`${n}`, { name: 'a' });
    expect(['0', '1', '1000'].map((guild) => commands.of(guild).length)).toEqual([0, 1, 1]);
  });
});
