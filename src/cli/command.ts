/** How a command is declared: once, as a row from which both its help and the type of its options come. */
import { type Argument, type Command, Option } from 'commander';

/** An option or argument and, for the compiler alone, what is read from it. */
export class Declared<T, Of extends Option | Argument = Option> {
  declare readonly value: T;
  constructor(readonly declaration: Of) {}
}

/** The options of a command by the names of their values, in the order of its help. */
type OptionRows = Readonly<Record<string, Declared<unknown>>>;

type Value<D> = D extends Declared<infer T, infer _> ? T : never;
type Absent<Rows> = { [K in keyof Rows]: undefined extends Value<Rows[K]> ? K : never }[keyof Rows];

/** What is read from options. One without a default may be absent. */
export type OptionsOf<Rows> = {
  readonly [K in Exclude<keyof Rows, Absent<Rows>>]: Value<Rows[K]>;
} & { readonly [K in Absent<Rows>]?: Exclude<Value<Rows[K]>, undefined> };

/** A command as its help shows it. */
export interface CommandRow<Options extends OptionRows = OptionRows, Arg = unknown> {
  readonly name: string;
  /** For the list of commands. */
  readonly summary: string;
  readonly description: string;
  readonly argument?: Declared<Arg, Argument>;
  readonly options: Options;
  /** What comes after the options. */
  readonly epilog: string;
}

/** Gives a declaration its types. */
export const command = <Options extends OptionRows, Arg = undefined>(row: CommandRow<Options, Arg>) => row;

/** Adds a command to the program; `run` gets what is read of its options, and its argument. */
export function addCommand<Options extends OptionRows, Arg>(
  program: Command,
  { name, summary, description, argument, options, epilog }: CommandRow<Options, Arg>,
  run: (options: OptionsOf<Options>, argument: Arg) => Promise<void>,
): void {
  const added = program.command(name).summary(summary).description(description);
  if (argument !== undefined) added.addArgument(argument.declaration);
  for (const { declaration } of Object.values(options)) added.addOption(declaration);
  added.addHelpText('after', epilog);
  added.action((...read: unknown[]) =>
    argument === undefined
      ? run(read[0] as OptionsOf<Options>, undefined as Arg)
      : run(read[1] as OptionsOf<Options>, read[0] as Arg),
  );
}

/** An option without a value. */
export const flag = (flags: string, says: string) => new Declared<boolean | undefined>(new Option(flags, says));

/** An option `--no-…`: true unless it is given. */
export const negated = (flags: string, says: string) => new Declared<boolean>(new Option(flags, says));

/** An option with a text. */
export const text = (flags: string, says: string) => new Declared<string | undefined>(new Option(flags, says));

/** An option with a text, which has a default. */
export const textOr = (flags: string, says: string, fallback: string) =>
  new Declared<string>(new Option(flags, says).default(fallback));

/** An option whose text is read as something else. */
export const parsed = <T>(flags: string, says: string, read: (text: string) => T) =>
  new Declared<T | undefined>(new Option(flags, says).argParser(read));

/** The same with a default. */
export const parsedOr = <T>(flags: string, says: string, read: (text: string) => T, fallback: T) =>
  new Declared<T>(new Option(flags, says).argParser(read).default(fallback));

/** An option that takes one of these words. */
export const choice = <const T extends string>(flags: string, says: string, words: readonly T[]) =>
  new Declared<T | undefined>(new Option(flags, says).choices(words));

/** The same with a default. */
export const choiceOr = <const T extends string>(
  flags: string,
  says: string,
  words: readonly T[],
  fallback: NoInfer<T>,
) => new Declared<T>(new Option(flags, says).choices(words).default(fallback));

/** An option with a text that may be given more than once. */
export const repeated = (flags: string, says: string) =>
  new Declared<readonly string[] | undefined>(
    new Option(flags, says).argParser((value: string, before?: readonly string[]) => [...(before ?? []), value]),
  );

/** An argument; `T` is what commander makes of it. */
export const argument = <T>(declaration: Argument) => new Declared<T, Argument>(declaration);

/** The end of a help: lines to copy. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
