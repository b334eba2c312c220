import type { AnyStateMachine } from 'xstate';
import {
  type Abstraction,
  everyEventHasAPlace,
  GATEWAY_IGNORED,
  GATEWAY_INVARIANTS,
  type IgnoredRow,
  SHARD_IGNORED,
  SHARD_INVARIANTS,
  TIMER_INVARIANTS,
} from '../../../machines/index.js';
import { type BatchReport, batchEquivalence } from '../../exploring/batch.js';
import {
  type AnyInvariant,
  type Counterexample,
  check as checkGraph,
  type Report,
  type Verdict,
} from '../../exploring/check.js';
import type { RateOptions } from '../../rates/rates.js';
import { counted, grouped } from '../../telling/numbers.js';
import { printableJson } from '../../telling/printable.js';
import { chartOfUser, demandVariant } from '../charts/chart-of-user.js';
import { CHARTS, type ChartName } from '../charts/charts.js';
import { explored } from '../charts/exploring.js';
import { type Io, UsageError } from '../terminal/io.js';
import { Terminal } from '../terminal/terminal.js';
import type { CheckOptions } from './command.js';
import { checkRatesOf } from './rates.js';

/** A chart, and what is to hold for it. */
interface Subject {
  readonly name: string;
  readonly machine: AnyStateMachine;
  readonly abstraction: Abstraction<never, never, never>;
  readonly invariants: readonly AnyInvariant[];
}

/** What came of a chart; only the shard's streams dispatches. */
interface Result {
  readonly chart: string;
  readonly report: Report;
  readonly batches: BatchReport | null;
  readonly seconds: number;
}

/** One of our charts, and what it has a reason to ignore. */
interface Ours extends Omit<Subject, 'name'> {
  readonly ignored: readonly IgnoredRow[];
}

const OURS = {
  shard: { ...CHARTS.shard, invariants: SHARD_INVARIANTS, ignored: SHARD_IGNORED },
  gateway: { ...CHARTS.gateway, invariants: GATEWAY_INVARIANTS, ignored: GATEWAY_IGNORED },
} as unknown as Readonly<Record<ChartName, Ours>>;

/** What a module may export beside its chart: instead of our abstraction, and to be checked or ignored beside ours. */
type OfUser = Partial<Pick<Ours, 'abstraction' | 'invariants' | 'ignored'>>;

/** Checks what must hold in every state of our charts, or of a chart of the user's; 1 if anything does not. */
export async function check(options: CheckOptions, io: Io): Promise<number> {
  const { chart, machine, json = false, rates = false } = options;
  if (rates) return await checkRates(options, io);
  const terminal = new Terminal(io);
  const subjects = machine === undefined ? ourCharts(chart) : [await subjectOfUser(machine, chart)];
  let holds = true;
  for (const subject of subjects) {
    const result = await examine(subject, terminal, io);
    if (result === undefined) return 1; // the signal names the exit code
    holds &&= result.report.holds && (result.batches === null || result.batches.different.length === 0);
    if (json) terminal.line(printableJson(result));
    else show(terminal, result);
  }
  return holds ? 0 : 1;
}

/** The same of how often a shard connects and identifies. */
async function checkRates({ chart = 'shard', machine, interval, json = false }: CheckOptions, io: Io): Promise<number> {
  if (chart !== 'shard') throw new UsageError('--rates is about shards: leave --chart out, or write --chart shard');
  const given = interval === undefined ? {} : { interval };
  if (machine === undefined) return await checkRatesOf({ name: 'shard chart', ...OURS.shard }, given, json, io);
  const subject = await chartOfUser(machine);
  demandVariant(subject.machine, 'shard');
  const { abstraction, spans, bucket } = subject.module as RateOptions;
  const own = { ...(abstraction && { abstraction }), ...(spans && { spans }), ...(bucket !== undefined && { bucket }) };
  return await checkRatesOf({ name: `chart ${machine}`, machine: subject.machine }, { ...given, ...own }, json, io);
}

function ourCharts(only: CheckOptions['chart']): Subject[] {
  if (only === 'none') throw new UsageError('--chart none is for a chart of your own: write --machine ./mine.js#chart');
  const names = only === undefined ? (['shard', 'gateway'] as const) : [only];
  return names.map((name) => ({ name: `${name} chart`, ...OURS[name] }));
}

/** A variant of one of our charts has to keep to what ours does; any other to what holds for all charts, and its own. */
async function subjectOfUser(place: string, chart: CheckOptions['chart']): Promise<Subject> {
  const { machine, module } = await chartOfUser(place);
  const { abstraction, invariants = [], ignored = [] } = module as OfUser;
  const like = chart ?? (machine.id === 'shard' || machine.id === 'gateway' ? machine.id : 'none');
  const name = `chart ${place}`;
  if (like !== 'none') {
    demandVariant(machine, like);
    const ours = OURS[like];
    const isKept = ({ spec }: AnyInvariant) => ignored.length === 0 || spec !== 'chart#ignored';
    const anew = ignored.length === 0 ? [] : [everyEventHasAPlace([...ours.ignored, ...ignored])];
    const all = [...ours.invariants.filter(isKept), ...anew, ...invariants];
    return { name, machine, abstraction: abstraction ?? ours.abstraction, invariants: all };
  }
  if (abstraction !== undefined) {
    const anew = 'ignored' in module ? [everyEventHasAPlace(ignored)] : [];
    return { name, machine, abstraction, invariants: [...TIMER_INVARIANTS, ...anew, ...invariants] };
  }
  throw new UsageError(
    `the chart "${machine.id}" is not one of ours: let its module export an abstraction, which says what counts as a ` +
      'state (docs/testing.md), or say with --chart whose place it takes',
  );
}

/** Explores and checks; undefined if interrupted. */
async function examine(
  { name, machine, abstraction, invariants }: Subject,
  terminal: Terminal,
  io: Io,
): Promise<Result | undefined> {
  const started = performance.now();
  const graph = await explored(name, machine, abstraction as never, terminal, io);
  if (graph === undefined) return undefined;
  terminal.status(`checking the ${name} …`);
  const report = checkGraph(graph, invariants);
  const batches = batchEquivalence(graph);
  const seconds = Math.round(performance.now() - started) / 1000;
  return { chart: name, report, batches: batches.compared === 0 ? null : batches, seconds };
}

function show(terminal: Terminal, { chart, report, batches, seconds }: Result): void {
  const { bold, green, red } = terminal.colors;
  const { verdicts, states, transitions, situations } = report;
  terminal.heading(chart);
  terminal.line(
    `${counted(states, 'state')}, ${counted(transitions, 'transition')}, ` +
      `${counted(situations, 'situation')} with what came before, in ${seconds.toFixed(1)} s`,
  );
  const broken = verdicts.filter((verdict) => verdict.broken > 0).sort(byDistance);
  const checks = verdicts.reduce((sum, { checked }) => sum + checked, 0);
  const summary = `${verdicts.length - broken.length} of ${counted(verdicts.length, 'invariant')} hold`;
  terminal.line(`${(broken.length === 0 ? green : red)(summary)}, in ${counted(checks, 'evaluation')}`);
  if (batches !== null) {
    const { compared, different } = batches;
    const claim = `${grouped(compared - different.length)} of ${grouped(compared)} batches of dispatches end as they do singly`;
    terminal.line((different.length === 0 ? green : red)(claim));
  }
  for (const { says, spec, broken: times, counterexamples } of broken) {
    terminal.line();
    terminal.paragraph(`${says} (${spec})`, { paint: bold });
    terminal.line(`  ${red('does not hold')}: ${counted(times, 'counterexample')}, the first of them:`);
    for (const example of counterexamples.slice(0, 1)) showCounterexample(terminal, example);
  }
  if (batches !== null && batches.different.length > 0) showBatches(terminal, batches.different);
}

/** The most direct counterexamples first: what is broken there breaks other things further on. */
function byDistance(a: Verdict, b: Verdict): number {
  const distance = ({ counterexamples: [first] }: Verdict) => first?.path.length ?? 0;
  return distance(a) - distance(b);
}

function showBatches(terminal: Terminal, different: BatchReport['different']): void {
  terminal.line();
  terminal.paragraph('Dispatches told at once come to the same as told singly (chart#batches)', {
    paint: terminal.colors.bold,
  });
  terminal.line(
    `  ${terminal.colors.red('does not hold')}: ${counted(different.length, 'counterexample')}, the first of them:`,
  );
  for (const { state, path, count } of different.slice(0, 1)) {
    showCounterexample(terminal, {
      state,
      path,
      event: `${count} dispatches`,
      broken: 'a batch of as many ends otherwise',
    });
  }
}

function showCounterexample(
  terminal: Terminal,
  { state, event, broken, path }: Omit<Counterexample, 'says' | 'spec'>,
): void {
  terminal.paragraph(`state:  ${state}`, { indent: 4 });
  const last = path.at(-1);
  if (event !== null) terminal.paragraph(`event:  ${event}`, { indent: 4 });
  else if (last !== undefined) terminal.paragraph(`after:  ${last}`, { indent: 4 });
  terminal.paragraph(`broken: ${broken}`, { indent: 4 });
  terminal.paragraph(`path:   ${path.length === 0 ? '(the beginning)' : path.join(' > ')}`, { indent: 4 });
}
