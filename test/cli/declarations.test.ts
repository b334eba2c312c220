/** What holds for the declarations of all commands. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommandRow } from '../../src/cli/command.js';

const ROOM = join(import.meta.dirname, '../../src/cli');
const names = readdirSync(ROOM).filter((name) => existsSync(join(ROOM, name, 'command.ts')));
const rows: readonly CommandRow[] = await Promise.all(
  names.map(async (name) => (await import(`../../src/cli/${name}/command.ts`))[name.toUpperCase()]),
);
const optionsOf = ({ name, options }: CommandRow) =>
  Object.entries(options).map(([key, { declaration }]) => ({ command: name, key, option: declaration }));

describe('the commands', () => {
  it('are declared in folders of their names', () => {
    expect(rows.map(({ name }) => name)).toEqual(names);
    expect(names.length).toBeGreaterThan(12);
  });

  it('know each option by the name that commander reads it under', () => {
    const strange = rows.flatMap(optionsOf).filter(({ key, option }) => option.attributeName() !== key);
    expect(strange).toEqual([]);
  });
});
