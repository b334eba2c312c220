import { Command, CommanderError } from 'commander';
import { printableLines } from '../telling/printable.js';
import { CHECK } from './check/command.js';
import { addCommand, type CommandRow, examples, type OptionsOf } from './command.js';
import { CONFORM } from './conform/command.js';
import { DEMO } from './demo/command.js';
import { DIAGRAM } from './diagram/command.js';
import { EXPLORE } from './explore/command.js';
import { INTENTS } from './intents/command.js';
import { PATHS } from './paths/command.js';
import { REPLAY } from './replay/command.js';
import { RUN } from './run/command.js';
import { SERVE } from './serve/command.js';
import { SOAK } from './soak/command.js';
import { SPEC } from './spec/command.js';
import { STORMS } from './storms/command.js';
import { complain, Interruption, type Io, UsageError } from './terminal/io.js';
import { VECTORS } from './vectors/command.js';
import { VIEW } from './view/command.js';

/**
 * Runs the command line. Returns the exit code: 0 if all is well, 1 if what was asked for failed, 2 for a call that
 * makes no sense, 128 and the number of the signal if interrupted.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code = 0;
  const program = createProgram(io, async (command) => {
    code = await command();
  });
  try {
    refuseToken(argv);
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    code = exitCodeFor(error, io);
  }
  return io.signal.reason instanceof Interruption ? io.signal.reason.exitCode : code;
}

/** Before commander sees it, whose error would repeat it. What stands after `--` is the command of somebody's client. */
function refuseToken(argv: readonly string[]): void {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  if (!own.some((argument) => /^--?token\b/i.test(argument))) return;
  throw new UsageError(
    'a token on the command line can be read by everybody on this machine: set DISCORD_TOKEN in the environment ' +
      'instead, and reset the token if it was a real one',
  );
}

function exitCodeFor(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has been printed
  complain(io, error);
  return error instanceof UsageError ? 2 : 1;
}

type Execute = (command: () => number | Promise<number>) => Promise<void>;

function createProgram(io: Io, execute: Execute): Command {
  const program = new Command('gatechart')
    .description('The Discord Gateway protocol as executable statecharts: see it work, run it, test against it.')
    .version(io.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.out.write(text),
      writeErr: (text) => void io.err.write(printableLines(text)),
      outputError: (text, write) => write(text.replace(/^error: /, 'gatechart: ')),
      getOutHelpWidth: () => Math.min(io.out.columns || 80, 100),
      getErrHelpWidth: () => Math.min(io.err.columns || 80, 100),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('Run `gatechart --help` to see the commands, and `gatechart <command> --help` for options.')
    .addHelpText(
      'after',
      examples('gatechart demo', 'gatechart serve --dispatches 5', 'DISCORD_TOKEN=… gatechart run --intents GUILDS') +
        '\nExit codes: 0 all is well, 1 it failed, 2 the call makes no sense, 130 and 143 interrupted.',
    );
  const add = <Options extends CommandRow['options'], Arg>(
    row: CommandRow<Options, Arg>,
    run: (options: OptionsOf<Options>, argument: Arg) => Promise<number>,
  ) => addCommand(program, row, (options, argument) => execute(() => run(options, argument)));

  // What runs a command loads when it runs, so that help is quick.
  add(DEMO, async (options) => (await import('./demo/demo.js')).demo(options, io));
  add(RUN, async (options) => (await import('./run/run.js')).run(options, io));
  add(SERVE, async (options) => (await import('./serve/serve.js')).serve(options, io));
  add(DIAGRAM, async (options, chart) => (await import('./diagram/diagram.js')).diagram(chart, options, io));
  add(VIEW, async (options, trace) => (await import('./view/view.js')).view(trace, options, io));
  add(PATHS, async (options) => (await import('./paths/paths.js')).paths(options, io));
  add(VECTORS, async (options) => (await import('./vectors/vectors.js')).vectors(options, io));
  add(SPEC, async (options) => (await import('./spec/spec.js')).spec(options, io));
  add(CHECK, async (options) => (await import('./check/check.js')).check(options, io));
  add(CONFORM, async (options, words) => (await import('./conform/conform.js')).conform(words, options, io));
  add(EXPLORE, async (options) => (await import('./explore/explore.js')).explore(options, io));
  add(INTENTS, async (options, events) => (await import('./intents/intents.js')).intents(events, options, io));
  add(SOAK, async (options) => (await import('./soak/soak.js')).soak(options, io));
  add(STORMS, async (options, names) => (await import('./storms/storms.js')).storms(names, options, io));
  add(REPLAY, async (options, files) => (await import('./replay/replay.js')).replay(files, options, io));
  return program;
}
