import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addCommand, choiceOr, command } from '../../src/cli/command.js';
import { chart, chartOrShard, jsonFormat, seed, WATCHING } from '../../src/cli/shared-options.js';

const ROW = command({
  name: 'try',
  summary: '',
  description: '',
  options: {
    ...WATCHING,
    format: choiceOr('--format <name>', '', ['table', 'json'], 'table'),
    json: jsonFormat,
    seed: seed(''),
    other: chartOrShard(''),
  },
  epilog: '',
});

async function read(...args: readonly string[]): Promise<unknown> {
  let seen: unknown;
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addCommand(program, ROW, async (options) => {
    seen = options;
  });
  await program.parseAsync(['try', ...args], { from: 'user' });
  return seen;
}

const DEFAULTS = { open: true, format: 'table', seed: 1, chart: 'shard' };

describe('shared options', () => {
  it.each([
    [[], {}],
    [['--inspect'], { inspect: 'local' }],
    [['--inspect', 'stately', '--no-open'], { inspect: 'stately', open: false }],
    [['--json'], { format: 'json', json: true }],
    [['--seed', '7', '--chart', 'gateway'], { seed: 7, chart: 'gateway' }],
  ])('are read from %j', async (args, says) => {
    expect(await read(...args)).toEqual({ ...DEFAULTS, ...says });
  });

  it('take a seed that a generator of 32 bits can use', async () => {
    expect(await read('--seed', `${2 ** 31}`)).toMatchObject({ seed: 2 ** 31 });
    await expect(read('--seed', `${2 ** 31 + 1}`)).rejects.toThrow('Write a whole number from 0 to 2147483648.');
  });

  it('take no chart where a command has one of its own', () => {
    expect(chart('', 'none').declaration.argChoices).toEqual(['shard', 'gateway', 'none']);
    expect(chart('').declaration.argChoices).toEqual(['shard', 'gateway']);
  });
});
