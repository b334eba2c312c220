import { Argument, Command, InvalidArgumentError } from 'commander';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  addCommand,
  argument,
  choice,
  choiceOr,
  command,
  examples,
  flag,
  negated,
  type OptionsOf,
  parsed,
  parsedOr,
  repeated,
  text,
  textOr,
} from '../../src/cli/command.js';
import { compiles } from '../support/compiles.js';

function number(value: string): number {
  if (Number.isNaN(Number(value))) throw new InvalidArgumentError('Write a number.');
  return Number(value);
}

const ROW = command({
  name: 'paint',
  summary: 'paint something',
  description: 'Paints something.',
  argument: argument<readonly string[]>(new Argument('[things...]', 'what to paint')),
  options: {
    wet: flag('--wet', 'paint wet'),
    dry: negated('--no-dry', 'do not dry it'),
    brush: text('--brush <name>', 'with which brush'),
    wall: textOr('--wall <name>', 'on which wall', 'north'),
    coats: parsed('--coats <number>', 'how many coats', number),
    hours: parsedOr('--hours <number>', 'for how long', number, 8),
    gloss: choice('--gloss <name>', 'how it shines', ['mat', 'silk']),
    colour: choiceOr('--colour <name>', 'in which colour', ['red', 'blue'], 'red'),
    skip: repeated('--skip <part>', 'what to leave out'),
  },
  epilog: examples('paint fence', 'paint door --wet'),
});

/** What a command line is read as. */
async function read(...args: readonly string[]): Promise<unknown> {
  let seen: unknown;
  const program = new Command().exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  addCommand(program, ROW, async (options, things) => {
    seen = { things, ...options };
  });
  await program.parseAsync(['paint', ...args], { from: 'user' });
  return seen;
}

const DEFAULTS = { things: [], dry: true, wall: 'north', hours: 8, colour: 'red' };

describe('addCommand', () => {
  it('reads what is not given as its default, or leaves it out', async () => {
    expect(await read()).toEqual(DEFAULTS);
  });

  it.each([
    [['fence', 'door'], { things: ['fence', 'door'] }],
    [['--wet'], { wet: true }],
    [['--no-dry'], { dry: false }],
    [['--brush', 'b', '--wall', 'w'], { brush: 'b', wall: 'w' }],
    [['--coats', '2', '--hours', '3'], { coats: 2, hours: 3 }],
    [['--gloss', 'silk', '--colour', 'blue'], { gloss: 'silk', colour: 'blue' }],
    [['--skip', 'a', '--skip', 'b'], { skip: ['a', 'b'] }],
  ])('reads %j', async (args, says) => {
    expect(await read(...args)).toEqual({ ...DEFAULTS, ...says });
  });

  it.each([
    [['--colour', 'green'], 'Allowed choices are red, blue.'],
    [['--gloss', 'none'], 'Allowed choices are mat, silk.'],
    [['--coats', 'x'], 'Write a number.'],
  ])('refuses %j', async (args, says) => {
    await expect(read(...args)).rejects.toThrow(says);
  });

  it('keeps nothing from one command line to the next', async () => {
    await read('--skip', 'a', '--wet');
    expect(await read('--skip', 'b')).toEqual({ ...DEFAULTS, skip: ['b'] });
  });

  it('ends its help with the epilog', () => {
    const help: string[] = [];
    const program = new Command();
    addCommand(program, ROW, async () => {});
    const [paint] = program.commands;
    paint?.configureOutput({ writeOut: (part) => void help.push(part) }).outputHelp();
    expect(help.join('')).toContain('  --no-dry');
    expect(help.join('').endsWith('\nExamples:\n  $ paint fence\n  $ paint door --wet\n\n')).toBe(true);
  });
});

describe('OptionsOf', () => {
  compiles('is the type of what is read', () => {
    type Read = OptionsOf<typeof ROW.options>;
    expectTypeOf<Read['wet']>().toEqualTypeOf<boolean | undefined>();
    expectTypeOf<Read['dry']>().toEqualTypeOf<boolean>();
    expectTypeOf<Read['coats']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Read['hours']>().toEqualTypeOf<number>();
    expectTypeOf<Read['gloss']>().toEqualTypeOf<'mat' | 'silk' | undefined>();
    expectTypeOf<Read['colour']>().toEqualTypeOf<'red' | 'blue'>();
    expectTypeOf<Read['skip']>().toEqualTypeOf<readonly string[] | undefined>();
    expectTypeOf<{ dry: true; wall: ''; hours: 0; colour: 'red' }>().toExtend<Read>();
  });
});
