import { Argument, Command, CommanderError, Option } from 'commander';
import { GATEWAY_VIEWS, SHARD_VIEWS } from '../diagram/views.js';
import { CRITERIA } from '../exploring/paths.js';
import { printableLines } from '../telling/printable.js';
import { dispatchNames, intents, lineRange, shardId, whole } from './arguments.js';
import type { ChartName } from './charts/charts.js';
import type { CheckOptions } from './check/check.js';
import type { DemoOptions } from './demo/demo.js';
import type { DiagramOptions } from './diagram/diagram.js';
import type { ExploreOptions } from './explore/explore.js';
import type { IntentsOptions } from './intents/intents.js';
import type { PathsOptions } from './paths/paths.js';
import type { ReplayCommandOptions } from './replay/replay.js';
import type { RunOptions } from './run/run.js';
import type { ServeOptions } from './serve/serve.js';
import type { SoakOptions } from './soak/soak.js';
import { SCENARIOS, type ScenarioName } from './storms/scenarios.js';
import type { StormsOptions } from './storms/storms.js';
import { complain, Interruption, type Io, UsageError } from './terminal/io.js';
import type { VectorsOptions } from './vectors/vectors.js';
import type { ViewOptions } from './view/view.js';

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

/** Before commander sees it, whose error would repeat it. */
function refuseToken(argv: readonly string[]): void {
  if (!argv.some((argument) => /^--?token\b/i.test(argument))) return;
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

/** The commands load when they run, so that help is quick. */
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
  addDemo(program, io, execute);
  addRun(program, io, execute);
  addServe(program, io, execute);
  addDiagram(program, io, execute);
  addView(program, io, execute);
  addPaths(program, io, execute);
  addVectors(program, io, execute);
  addCheck(program, io, execute);
  addExplore(program, io, execute);
  addIntents(program, io, execute);
  addSoak(program, io, execute);
  addStorms(program, io, execute);
  addReplay(program, io, execute);
  return program;
}

/** `--inspect` and what belongs to it. */
const inspect = () =>
  new Option(
    '--inspect [where]',
    'watch it on a page, and look back: the local viewer, or the hosted Stately inspector',
  )
    .choices(['local', 'stately'])
    .preset('local');
const noOpen = (when = 'with --inspect, ') => new Option('--no-open', `${when}print the address and open no browser`);

const record = () => new Option('--record <file>', 'write a trace there, for `gatechart replay`; secrets are left out');
const json = () => new Option('--json', 'print JSON, one object a line, and nothing else');

function addDemo(program: Command, io: Io, execute: Execute): void {
  program
    .command('demo')
    .summary('see it work: a shard against a simulated Gateway, in some 15 seconds')
    .description(
      'Starts a simulated Gateway on this machine and a shard on real sockets, and tells the life of a session in ' +
        'chapters, from Hello to a fatal close. Exit code 1 unless every dispatch arrived once and in order.',
    )
    .addOption(inspect())
    .addOption(noOpen())
    .addOption(record())
    .addOption(json())
    .addHelpText('after', examples('gatechart demo', 'gatechart demo --inspect', 'gatechart demo --json | tail -1'))
    .action((options: DemoOptions) => execute(async () => (await import('./demo/demo.js')).demo(options, io)));
}

function addRun(program: Command, io: Io, execute: Execute): void {
  program
    .command('run')
    .summary('run a shard and tell what it does')
    .description(
      'Runs one shard against Discord, or any Gateway, until interrupted, and tells each step with its reason. ' +
        'The token comes from the environment variable DISCORD_TOKEN alone.',
    )
    .option('--url <url>', 'a Gateway to connect to, instead of asking Discord which')
    .option('--rest-url <url>', "the root of the HTTP API, instead of Discord's")
    .option('--allow-insecure', 'allow ws: beyond this machine: the token then travels unencrypted')
    .option('--intents <names>', 'names of intents, with commas between', intents, ['GUILDS'])
    .option('--shard <id,count>', 'which shard of how many', shardId, [0, 1])
    .option('--events <names>', 'tell only of these dispatches', dispatchNames)
    .addOption(new Option('--encoding <name>', 'how payloads are written').choices(['json', 'etf']))
    .addOption(
      new Option('--compress <how>', 'let the Gateway compress').choices(['zlib-stream', 'zstd-stream', 'payload']),
    )
    .option('--resume <file>', 'resume the session kept in this file, if there is one')
    .option('--detach', 'when interrupted keep the session in the file of --resume, instead of ending it')
    .option('-v, --verbose', 'tell every heartbeat and dispatch, and the clause behind each step')
    .addOption(inspect())
    .addOption(noOpen())
    .addOption(record())
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'DISCORD_TOKEN=… gatechart run --intents GUILDS,GUILD_MESSAGES',
        'DISCORD_TOKEN=… gatechart run --resume session.json --detach',
        'DISCORD_TOKEN=simulated gatechart run --url ws://127.0.0.1:4000',
      ),
    )
    .action((options: RunOptions) => execute(async () => (await import('./run/run.js')).run(options, io)));
}

function addDiagram(program: Command, io: Io, execute: Execute): void {
  program
    .command('diagram')
    .summary('draw a chart, as SVG, as Mermaid text, or as JSON for an editor')
    .description(
      'Draws a chart or a part of it, with a path through it highlighted if you like. The JSON is a config for ' +
        "XState's createMachine, which Stately's editor opens.",
    )
    .addArgument(new Argument('[chart]', 'which chart').choices(['shard', 'gateway']).default('shard'))
    .addOption(
      new Option('--format <name>', 'what to write (default: as the name of the file says, else svg)').choices([
        'svg',
        'mermaid',
        'json',
      ]),
    )
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .option('--view <name>', 'the overview, or a part of the chart; see below')
    .option('--only <state>', 'draw this state alone, and where its arrows come from and lead to')
    .option('--fold <state>', 'leave out the inside of this state; may be repeated', repeated)
    .option('--path <events>', 'number the steps of this path: events with > between, or the file of a trace')
    .addOption(
      new Option('--theme <name>', "the colours of an SVG; auto: as the reader's system is")
        .choices(['light', 'dark', 'auto'])
        .default('auto'),
    )
    .option('-o, --out <file>', 'write to this file')
    .option('--machine <file#export>', 'draw a chart of your own; SVG then needs the package elkjs')
    .addHelpText(
      'after',
      `\nViews:\n${Object.entries({ shard: SHARD_VIEWS, gateway: GATEWAY_VIEWS })
        .map(([chart, views]) => `  ${chart.padEnd(8)} ${Object.keys(views).join(', ')}\n`)
        .join('')}` +
        '\nEvents of a path are named as by `gatechart paths`, `gatechart check` and the tests.\n' +
        examples(
          'gatechart diagram --out shard.svg',
          'gatechart diagram gateway --view session --format mermaid',
          'gatechart diagram --path "start > located > opened > hello > permitGranted > ready" -o path.svg',
          'gatechart diagram --format json | jq .states.running',
          'gatechart diagram --machine ./mine.js#myChart --format mermaid',
        ),
    )
    .action((chart: ChartName, options: DiagramOptions) =>
      execute(async () => (await import('./diagram/diagram.js')).diagram(chart, options, io)),
    );
}

function addPaths(program: Command, io: Io, execute: Execute): void {
  program
    .command('paths')
    .summary('make the test paths of a chart and measure what they cover')
    .description(
      'Explores a chart completely, makes paths by a criterion, and measures what these cover. ' +
        'Exit code 1 if paths for "transitions" or "pairs" leave anything out.',
    )
    .addOption(
      new Option('--criterion <name>', 'what the paths are to cover')
        .choices(Object.keys(CRITERIA))
        .default('transitions'),
    )
    .addOption(
      new Option('--format <name>', 'how to print').choices(['table', 'json', 'names', 'mermaid']).default('table'),
    )
    .addOption(new Option('--chart <name>', 'whose paths').choices(['shard', 'gateway']).default('shard'))
    .option('--list', 'print each path')
    .option('--limit <number>', 'take only so many paths', whole(0))
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .addHelpText(
      'after',
      `\nCriteria:\n${Object.entries(CRITERIA)
        .map(([name, says]) => `  ${name.padEnd(12)} ${says}\n`)
        .join('')}` +
        examples(
          'gatechart paths',
          'gatechart paths --criterion states --list',
          'gatechart paths --chart gateway --criterion pairs',
          'gatechart paths --format names | grep zombied',
          'gatechart paths --criterion roundTrips --format mermaid --limit 3',
        ),
    )
    .action((options: PathsOptions) => execute(async () => (await import('./paths/paths.js')).paths(options, io)));
}

function addVectors(program: Command, io: Io, execute: Execute): void {
  program
    .command('vectors')
    .summary('write those paths as JSON, for clients in any language')
    .description(
      'Writes every transition of the charts as data: what happens to a client, or to a Gateway, and what it has to do ' +
        'by which clause. docs/vectors.md tells how to replay it.',
    )
    .addOption(new Option('--chart <name>', 'one chart only').choices(['shard', 'gateway']))
    .option('--faults', 'with --chart gateway: also what can be ordered to go wrong (10 MB, gateway-with-faults.json)')
    .option('--out <folder>', 'where to write shard.json and gateway.json', 'vectors')
    .option('--check', 'write nothing, but fail with exit code 1 if a file there is another one')
    .addHelpText(
      'after',
      examples(
        'gatechart vectors --out vectors',
        'gatechart vectors --check',
        'gatechart vectors --chart gateway --faults --out .',
      ),
    )
    .action((options: VectorsOptions) =>
      execute(async () => (await import('./vectors/vectors.js')).vectors(options, io)),
    );
}

function addCheck(program: Command, io: Io, execute: Execute): void {
  program
    .command('check')
    .summary('check what must hold in every state of a chart')
    .description(
      'Explores the charts completely and checks every invariant in every state and on every step. What does not hold ' +
        'is shown with its clause, the state, the event and the shortest path to it, and makes the exit code 1.',
    )
    .addOption(
      new Option('--chart <name>', 'one chart only; with --machine, whose invariants (by its id unless told)').choices([
        'shard',
        'gateway',
        'none',
      ]),
    )
    .option(
      '--machine <file#export>',
      'a chart of your own; the module may also export abstraction, invariants, and ignored',
    )
    .addOption(json())
    .addHelpText(
      'after',
      '\nWith --machine a module may export, beside the chart:\n' +
        '  abstraction  what counts as a state, and which events come: for other charts\n' +
        '  invariants   what has to hold beside ours\n' +
        '  ignored      rows of events that the chart has a reason to ignore, beside ours\n' +
        examples('gatechart check', 'gatechart check --machine ./mine.js#myShard'),
    )
    .action((options: CheckOptions) => execute(async () => (await import('./check/check.js')).check(options, io)));
}

function addServe(program: Command, io: Io, execute: Execute): void {
  program
    .command('serve')
    .summary('run a simulated Gateway for any client')
    .description(
      'Runs a simulated Gateway on 127.0.0.1 until interrupted, tells what its clients do, and sums it up. Any token ' +
        'is right, or that of GATECHART_SIMULATOR_TOKEN alone. Faults are injected at the start with --fault, and at ' +
        'any time over HTTP.',
    )
    .option('--port <number>', 'where to listen; any free port if 0', whole(0, 65_535), 0)
    .option('--heartbeat <ms>', "Hello's heartbeat interval (default: 41250)", whole(1))
    .option('--dispatches <number>', 'MESSAGE_CREATE per second and session', whole(0, 100_000))
    .option('--guilds <number>', 'guilds of the bot (default: 3 for each shard)', whole(0, 1_000_000))
    .option('--intents <names>', 'the intents that the application may use (default: all)', intents)
    .option('--retention <ms>', 'how long a session waits to be resumed (default: 180000)', whole(0))
    .option('--concurrency <number>', 'identifies per 5 s, max_concurrency (default: 1)', whole(1, 1_000))
    .option('--seed <number>', 'repeat ids and contents of a run with the same seed', whole(0))
    .option('--fault <name[=value][@state]>', 'what is to go wrong; may be repeated', repeated)
    .option('--list-faults', 'print what can go wrong')
    .option('--tls', 'serve wss and https (needs the package selfsigned)')
    .option('--ca <file>', 'write the certificate that clients have to trust; implies --tls')
    .option('-v, --verbose', 'tell heartbeats and commands too')
    .addOption(inspect())
    .addOption(noOpen())
    .addOption(record())
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'gatechart serve --port 4000 --dispatches 5',
        'GATECHART_SIMULATOR_TOKEN=… gatechart serve --intents GUILDS',
        'gatechart serve --heartbeat 5000 --fault swallowAcks',
        'gatechart serve --fault closeWith=4009@replaying',
      ),
    )
    .action((options: ServeOptions) => execute(async () => (await import('./serve/serve.js')).serve(options, io)));
}

function addView(program: Command, io: Io, execute: Execute): void {
  program
    .command('view')
    .summary('look at a recorded run, or run a simulation, on a page')
    .description(
      'Serves the viewer on 127.0.0.1 until interrupted, with a trace if one is given: gatechart run --record FILE writes ' +
        'one. Without it the page simulates a Gateway, or shows whatever XState app is told to send there.',
    )
    .argument('[trace]', 'a trace, as JSON lines')
    .addOption(noOpen(''))
    .addOption(json())
    .addHelpText('after', examples('gatechart view', 'gatechart view trace.jsonl'))
    .action((trace: string | undefined, options: ViewOptions) =>
      execute(async () => (await import('./view/view.js')).view(trace, options, io)),
    );
}

function addExplore(program: Command, io: Io, execute: Execute): void {
  program
    .command('explore')
    .summary('explore the shard chart against the Gateway chart')
    .description(
      'Joins both charts by two queues and explores every interleaving, with faults, refusals and orders: no dispatch ' +
        'is lost or delivered twice, nothing stale gets in, and the session always gets ready again. What does not ' +
        'hold is shown as a sequence diagram, and makes the exit code 1. docs/product.md tells what is left out.',
    )
    .addOption(
      new Option(
        '--messages <number>',
        'how many messages may be in flight: 1 takes seconds, 3 some five minutes and 2 GB',
      )
        .argParser(whole(1, 3))
        .default(1),
    )
    .option('--no-faults', 'explore what happens when nothing goes wrong')
    .option('--limit <number>', 'stop once there are more states; exit code 1 unless it was all', whole(1))
    .option('--machine <file#export>', 'a chart of your own in the place of ours, with the same events and effects')
    .addOption(
      new Option('--chart <name>', 'with --machine: which of ours it takes the place of')
        .choices(['shard', 'gateway'])
        .default('shard'),
    )
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'gatechart explore',
        'gatechart explore --messages 3',
        'gatechart explore --no-faults',
        'gatechart explore --machine ./mine.js#myShard',
      ),
    )
    .action((options: ExploreOptions) =>
      execute(async () => (await import('./explore/explore.js')).explore(options, io)),
    );
}

function addIntents(program: Command, io: Io, execute: Execute): void {
  program
    .command('intents')
    .argument('[events...]', 'names of dispatches; all of them unless told')
    .summary('tell which intents events need')
    .description(
      'Tells which intents events need, which of these are privileged, and what comes of the events with the intents ' +
        'that are given. Exit code 1 if one that was named can never come.',
    )
    .option(
      '--intents <names>',
      'names of intents, with commas between; as few as the events need unless told',
      intents,
    )
    .addOption(new Option('--format <name>', 'how to print').choices(['table', 'json']).default('table'))
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .addHelpText(
      'after',
      examples(
        'gatechart intents MESSAGE_CREATE GUILD_MEMBER_ADD',
        'gatechart intents TYPING_START --intents GUILDS,GUILD_MESSAGES',
        'gatechart intents --intents GUILDS | grep never',
      ),
    )
    .action((events: string[], options: IntentsOptions) =>
      execute(async () => (await import('./intents/intents.js')).intents(events, options, io)),
    );
}

function addSoak(program: Command, io: Io, execute: Execute): void {
  program
    .command('soak')
    .summary('make a shard lose its connection a thousand times and check that nothing is lost')
    .description(
      'Runs a shard against a simulated Gateway that cuts, closes, refuses and falls silent at random, while ' +
        'dispatches go on. Checks that each arrived once and in order, that the heap does not grow, and that nothing ' +
        'is left behind. Exit code 1 if any of it fails.',
    )
    .option('--disconnects <number>', 'how often', whole(1, 1_000_000), 1000)
    .option('--seed <number>', 'the same seed, the same losses', whole(0, 2 ** 31), 1)
    .addOption(record())
    .addOption(json())
    .addHelpText('after', examples('gatechart soak', 'gatechart soak --disconnects 200 --seed 7 --json'))
    .action((options: SoakOptions) => execute(async () => (await import('./soak/soak.js')).soak(options, io)));
}

function addStorms(program: Command, io: Io, execute: Execute): void {
  program
    .command('storms')
    .summary('play days of a shard against Gateways that go wrong again and again')
    .description(
      'Plays a shard against bad Gateways on simulated time, in memory, which takes a second or two for each. Tells how ' +
        'often it identifies, connects and resumes, how its waits grow, and how soon it is ready once the Gateway is ' +
        'good again. Exit code 1 if it does anything too often. docs/storms.md tells more.',
    )
    .addArgument(
      new Argument('[scenarios...]', 'which bad Gateways; all of them unless told').choices(Object.keys(SCENARIOS)),
    )
    .option('--hours <number>', 'how long, in simulated time', whole(3, 1000), 24)
    .option('--seed <number>', 'the same seed, the same storm', whole(0, 2 ** 31), 1)
    .option('--list', 'print what there is')
    .addOption(json())
    .addHelpText(
      'after',
      examples('gatechart storms', 'gatechart storms resumed-4008 several --hours 72', 'gatechart storms --list'),
    )
    .action((names: readonly ScenarioName[], options: StormsOptions) =>
      execute(async () => (await import('./storms/storms.js')).storms(names, options, io)),
    );
}

function addReplay(program: Command, io: Io, execute: Execute): void {
  program
    .command('replay')
    .summary('run a recorded trace again, and tell what happened')
    .description(
      'Runs the events of a trace through the chart again, with the random numbers that were drawn, and tells what ' +
        'happened. Where the chart, or another one, does something else than was recorded is shown with both causes, ' +
        'and makes the exit code 1. docs/traces.md tells how to record.',
    )
    .argument('<file...>', 'a trace; the older files of its recording beside it are found')
    .option('--machine <file#export>', 'replay against a chart of your own')
    .addOption(
      new Option('--format <name>', 'text for people, json: the steps to the byte, mermaid: a sequence diagram')
        .choices(['text', 'json', 'mermaid'])
        .default('text'),
    )
    .option('--lines <from-to>', 'tell, or test, only these lines of it', lineRange)
    .option('--emit-test <file>', 'write a test for Vitest that holds the chart to what was recorded')
    .option('--view', 'then open it in the viewer, at the first difference if there is one')
    .addOption(noOpen('with --view, '))
    .option('-v, --verbose', 'tell heartbeats and dispatches too, and the clause behind each step')
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .addHelpText(
      'after',
      examples(
        'gatechart replay trace.jsonl',
        'gatechart replay trace.jsonl --view',
        'gatechart replay trace.jsonl --machine ./mine.js#myShard',
        'gatechart replay trace.jsonl --lines 120-180 --emit-test zombie.test.ts',
        'gatechart replay trace.jsonl --format mermaid > trace.mmd',
      ),
    )
    .action((files: string[], options: ReplayCommandOptions) =>
      execute(async () => (await import('./replay/replay.js')).replay(files, options, io)),
    );
}

function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
}
