import type { AnyStateMachine } from 'xstate';
import {
  type Abstraction,
  GATEWAY_INVARIANTS,
  gatewayAbstraction,
  gatewayMachine,
  SHARD_INVARIANTS,
  shardAbstraction,
  shardMachine,
  TIMER_INVARIANTS,
} from '../../machines/index.js';
import { type BatchReport, batchEquivalence } from '../testing/batch.js';
import { type AnyInvariant, type Counterexample, check as checkGraph, type Report } from '../testing/check.js';
import { explore, type Graph } from '../testing/graph.js';
import { chartOfUser } from './chart-of-user.js';
import { type Io, UsageError } from './io.js';
import { counted, grouped, Terminal } from './terminal.js';

/** Options of `gatechart check`. */
export interface CheckOptions {
  readonly chart?: 'shard' | 'gateway' | 'none';
  /** A module and its export, `./mine.js#myMachine`. */
  readonly machine?: string;
  readonly json?: boolean;
}

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

const OURS = {
  shard: { machine: shardMachine, abstraction: shardAbstraction, invariants: SHARD_INVARIANTS },
  gateway: { machine: gatewayMachine, abstraction: gatewayAbstraction, invariants: GATEWAY_INVARIANTS },
} as unknown as Readonly<Record<'shard' | 'gateway', Omit<Subject, 'name'>>>;

/** Checks what must hold in every state of our charts, or of a chart of the user's; 1 if anything does not. */
export async function check({ chart, machine, json = false }: CheckOptions, io: Io): Promise<number> {
  const terminal = new Terminal(io);
  const subjects = machine === undefined ? ourCharts(chart) : [await subjectOfUser(machine, chart)];
  let holds = true;
  for (const subject of subjects) {
    terminal.status(`exploring the ${subject.name} …`);
    const result = examine(subject, () => terminal.status(`checking the ${subject.name} …`));
    holds &&= result.report.holds && (result.batches === null || result.batches.different.length === 0);
    if (json) terminal.line(JSON.stringify(result));
    else show(terminal, result);
  }
  return holds ? 0 : 1;
}

function ourCharts(only: CheckOptions['chart']): Subject[] {
  if (only === 'none') throw new UsageError('--chart none is for a chart of your own: write --machine ./mine.js#chart');
  const names = only === undefined ? (['shard', 'gateway'] as const) : [only];
  return names.map((name) => ({ name: `${name} chart`, ...OURS[name] }));
}

/** A module may also export an `abstraction` of its own, and `invariants` to check beside ours. */
async function subjectOfUser(place: string, chart: CheckOptions['chart']): Promise<Subject> {
  const { machine, module } = await chartOfUser(place);
  const like = chart ?? (machine.id === 'shard' || machine.id === 'gateway' ? machine.id : 'none');
  const ours = like === 'none' ? { invariants: TIMER_INVARIANTS } : OURS[like];
  const { abstraction = 'abstraction' in ours ? ours.abstraction : undefined, invariants = [] } =
    module as Partial<Subject>;
  if (abstraction !== undefined) {
    return { name: `chart ${place}`, machine, abstraction, invariants: [...ours.invariants, ...invariants] };
  }
  throw new UsageError(
    `the chart "${machine.id}" is not one of ours: let its module export an abstraction, which says what counts as a ` +
      'state (docs/testing.md), or say with --chart whose place it takes',
  );
}

function examine({ name, machine, abstraction, invariants }: Subject, explored: () => void): Result {
  const started = performance.now();
  const graph: Graph<AnyStateMachine> = explore(machine, abstraction as never);
  explored();
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
  const broken = verdicts.filter((verdict) => verdict.broken > 0);
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
  for (const { state, path, count } of batches?.different.slice(0, 3) ?? []) {
    showCounterexample(terminal, { state, path, event: null, broken: `a batch of ${count} ends otherwise` });
  }
}

function showCounterexample(
  terminal: Terminal,
  { state, event, broken, path }: Omit<Counterexample, 'says' | 'spec'>,
): void {
  terminal.paragraph(`state:  ${state}`, { indent: 4 });
  if (event !== null) terminal.paragraph(`event:  ${event}`, { indent: 4 });
  terminal.paragraph(`broken: ${broken}`, { indent: 4 });
  terminal.paragraph(`path:   ${path.length === 0 ? '(the beginning)' : path.join(' > ')}`, { indent: 4 });
}
