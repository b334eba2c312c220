import { counted, grouped } from '../../telling/numbers.js';
import { Story } from '../live/story.js';
import type { Io } from '../terminal/io.js';
import type { StormsOptions } from './command.js';
import { SCENARIOS, type ScenarioName } from './scenarios.js';
import { hoursOf, MOST_CONNECTIONS, MOST_IDENTIFIES, problemsOf, type StormResult, storm } from './storming.js';

/** What is told of each, in this order. */
export const COLUMNS = ['identifies', 'connections', 'resumes', 'busiest hour', 'waits', 'ready after'];

/** Plays a shard against bad Gateways, all or those named; 1 if it does something too often. */
export async function storms(
  names: readonly ScenarioName[],
  options: StormsOptions,
  io: Io,
  play: typeof storm = storm,
): Promise<number> {
  const story = new Story(io, options);
  const chosen = names.length === 0 ? (Object.keys(SCENARIOS) as ScenarioName[]) : names;
  if (options.list) {
    list(story, chosen);
    return 0;
  }
  const { hours, seed } = options;
  story.say(
    `A shard against ${counted(chosen.length, 'bad Gateway')}, each for ${counted(hours, 'hour')} of simulated time ` +
      `(seed ${seed}), with nothing but the default policy to protect it.`,
  );
  const results: StormResult[] = [];
  for (const name of chosen) {
    const which = `${name} (${results.length + 1} of ${chosen.length})`;
    const progress = (hour: number) => `${which} … hour ${hour} of ${hoursOf(hours)}`;
    const result = await shown(play(name, hours, seed), progress, story, io);
    if (result === undefined) {
      story.say('Interrupted: nothing was judged.');
      return 1;
    }
    results.push(result);
    story.record('scenario', { says: SCENARIOS[name].says, ...result, problems: problemsOf(result) });
  }
  const problems = results.flatMap((result) => problemsOf(result).map((problem) => `${result.name}: ${problem}`));
  story.record('result', { passed: problems.length === 0, scenarios: results.length, problems });
  if (!story.isJson) show(story, results, problems);
  return problems.length === 0 ? 0 : 1;
}

function list(story: Story, names: readonly ScenarioName[]): void {
  for (const name of names) story.record('scenario', { name, says: SCENARIOS[name].says });
  if (story.isJson) return;
  story.terminal.table(
    [{ title: 'scenario' }, { title: 'the Gateway' }],
    names.map((name) => [name, SCENARIOS[name].says]),
  );
}

/** Plays one, and shows how far it is; undefined if interrupted. */
async function shown(
  run: ReturnType<typeof storm>,
  inWords: (hour: number) => string,
  { terminal, isJson }: Story,
  { signal }: Io,
): Promise<StormResult | undefined> {
  let hour = 0;
  try {
    for (let step = await run.next(); ; step = await run.next()) {
      if (step.done) return step.value;
      hour += step.value;
      if (!isJson) terminal.status(inWords(hour));
      await new Promise((resolve) => setImmediate(resolve)); // lets a signal in
      if (signal.aborted) return undefined;
    }
  } finally {
    terminal.clear();
  }
}

function show({ terminal }: Story, results: readonly StormResult[], problems: readonly string[]): void {
  const { green, red, bold } = terminal.colors;
  const right = (title: string) => ({ title, align: 'right' as const });
  terminal.heading('Storms');
  terminal.table(
    [{ title: 'scenario' }, ...COLUMNS.map(right)],
    results.map((result) => [result.name, ...cellsOf(result)]),
  );
  terminal.line();
  terminal.paragraph(
    'Identifies, connections and resumes: the most in any 24 hours. Busiest hour: the most connections in one once the ' +
      'waits have grown. Waits: the first and the longest. Ready after: the longest time once the Gateway turned good.',
    { indent: 2 },
  );
  terminal.line();
  for (const problem of problems) terminal.line(`  ${red('FAIL')}  ${problem}`);
  if (problems.length === 0) {
    terminal.line(
      `  ${green('PASS')}  at most ${MOST_IDENTIFIES} identifies a day and ${MOST_CONNECTIONS} connections an hour`,
    );
  }
  terminal.line();
  terminal.line(bold(problems.length === 0 ? green('PASS') : red('FAIL')));
}

/** A result as people read it, in the order of the columns. */
export function cellsOf(result: StormResult): readonly string[] {
  const { identifies, connections, resumes, busiestHour, firstWait, longestWait, readyAfter } = result;
  return [
    ...[identifies, connections, resumes, busiestHour].map(grouped),
    `${seconds(firstWait)} to ${seconds(longestWait)} s`,
    `${seconds(readyAfter)} s`,
  ];
}

function seconds(ms: number): string {
  return ms < 10_000 ? (ms / 1000).toFixed(1) : grouped(Math.round(ms / 1000));
}
