import {
  explorationOf,
  mermaidDiagram,
  PROPERTIES,
  type ProductCharts,
  type ProductCounterexample,
  type ProductReport,
  replayMoves,
  SLICE_NAMES,
  SLICES,
  textDiagram,
} from '../../product/product.js';
import { counted, grouped } from '../../telling/numbers.js';
import { printableJson } from '../../telling/printable.js';
import { chartOfUser, demandVariant } from '../charts/chart-of-user.js';
import { howFar, shown } from '../charts/exploring.js';
import type { Io } from '../terminal/io.js';
import { Terminal } from '../terminal/terminal.js';
import type { ExploreOptions } from './command.js';

/** Explores the shard chart against the Gateway chart; 1 if a property does not hold, or not all could be explored. */
export async function explore(options: ExploreOptions, io: Io): Promise<number> {
  const { slice } = options;
  const charts = await chartsOf(options);
  let worst = 0;
  for (const name of slice === 'all' ? SLICE_NAMES : [slice]) {
    const code = await exploreOne(name === undefined ? charts : { ...charts, slice: name }, options, io);
    if (io.signal.aborted) return 1; // the signal names the exit code
    worst = Math.max(worst, code);
  }
  return worst;
}

async function exploreOne(charts: ProductCharts, options: ExploreOptions, io: Io): Promise<number> {
  const { messages, faults, json = false, limit } = options;
  const terminal = new Terminal(io);
  const exploration = explorationOf({
    ...charts,
    messages,
    faults,
    ...(limit === undefined ? {} : { limit }),
  });
  const report = await shown(
    exploration,
    ({ phase, states, frontier }) => `${phase} … ${howFar(states, frontier)}`,
    terminal,
    io,
  );
  if (report === undefined) return 1;
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  if (json) terminal.line(printableJson(asData(report, charts, memory)));
  else show(terminal, report, { charts, memory, title: titleOf(options) });
  const { counterexamples, frontier } = report;
  return counterexamples.length === 0 && frontier === 0 ? 0 : 1;
}

/** Our two charts, or one of them and the user's. */
async function chartsOf({ machine, chart = 'shard' }: ExploreOptions): Promise<ProductCharts> {
  if (machine === undefined) return {};
  const { machine: mine } = await chartOfUser(machine);
  demandVariant(mine, chart);
  return { [chart]: mine };
}

function titleOf({ machine, chart = 'shard' }: ExploreOptions): string {
  if (machine === undefined) return 'The shard chart against the Gateway chart';
  return `The chart ${machine} against the ${chart === 'shard' ? 'Gateway' : 'shard'} chart`;
}

function asData(report: ProductReport, charts: ProductCharts, memory: number) {
  const counterexamples = report.counterexamples.map((counterexample) => ({
    ...counterexample,
    mermaid: mermaidDiagram(replayMoves(counterexample, charts)),
  }));
  return {
    slice: charts.slice ?? null,
    ...report,
    cutShare: cutShare(report),
    complete: report.frontier === 0,
    megabytes: memory,
    counterexamples,
  };
}

/** Which part of all attempted moves a full queue cut off. */
const cutShare = ({ cut, transitions }: ProductReport): number => cut / Math.max(1, cut + transitions);

/** What was asked for. */
interface Asked {
  readonly title: string;
  readonly charts: ProductCharts;
  readonly memory: number;
}

function show(terminal: Terminal, report: ProductReport, { title, charts, memory }: Asked): void {
  const { messages, faults, states, transitions, cut, depth, frontier, shardStates, gatewayStates, seconds } = report;
  const { bold, green, red, yellow } = terminal.colors;
  const what = `at most ${counted(messages, 'message')} in flight both ways together, ${faults ? 'with' : 'without'} faults`;
  terminal.line(bold(`${title}, ${what}`));
  if (charts.slice !== undefined) terminal.line(`Slice ${charts.slice}: ${SLICES[charts.slice].says}`);
  terminal.line();
  terminal.table(
    [{ title: 'explored' }, { title: 'number', align: 'right' }],
    [
      ['states', grouped(states)],
      ['transitions', grouped(transitions)],
      ['moves that a full queue cut off', grouped(cut)],
      ['  their share of all attempted', `${(100 * cutShare(report)).toFixed(1)} %`],
      ['moves to the farthest state', grouped(depth)],
      ['states met and not explored', grouped(frontier)],
      ['states of the shard alone', grouped(shardStates)],
      ['states of the Gateway alone', grouped(gatewayStates)],
      ['seconds', seconds.toFixed(1)],
      ['megabytes', grouped(memory)],
    ],
  );
  terminal.line();
  if (frontier > 0) {
    const open = 'Not complete: what was not explored may still break a property, and progress is not judged.';
    terminal.paragraph(open, { paint: yellow });
  }
  showVerdicts(terminal, report);
  for (const counterexample of report.counterexamples) showCounterexample(terminal, counterexample, charts);
  const broken = report.counterexamples.length;
  terminal.line();
  if (broken > 0) terminal.line(red(`${counted(broken, 'property', 'properties')} broken`));
  else terminal.line(frontier > 0 ? yellow('No counterexample so far') : green('No counterexample'));
}

function showVerdicts(terminal: Terminal, { checked, counterexamples, frontier }: ProductReport): void {
  const { green, red, dim } = terminal.colors;
  for (const name of checked) {
    const { says, spec, kind } = PROPERTIES[name];
    const isBroken = counterexamples.some(({ property }) => property === name);
    const isOpen = kind !== 'safety' && frontier > 0;
    const mark = isBroken ? red('broken ') : isOpen ? dim('open   ') : green('holds  ');
    terminal.line(`${mark} ${says} ${dim(`(${spec})`)}`);
  }
}

function showCounterexample(terminal: Terminal, counterexample: ProductCounterexample, charts: ProductCharts): void {
  const { property, moves, cycle } = counterexample;
  const run = replayMoves(counterexample, charts);
  const { says, spec } = PROPERTIES[property];
  terminal.heading(`${says} (${spec})`);
  terminal.line(`Does not hold after ${counted(moves.length, 'move')}; no fewer lead there.`);
  const [last, before] = [run.steps.at(-1), run.steps.at(-2)];
  if (before !== undefined)
    terminal.paragraph(`state:  ${before.shard}; the Gateway's: ${before.gateway}`, { indent: 2 });
  if (last !== undefined) terminal.paragraph(`event:  ${last.message ?? last.move}`, { indent: 2 });
  terminal.paragraph(`path:   ${moves.join(' > ')}`, { indent: 2 });
  if (cycle > 0) terminal.line(`The last ${counted(cycle, 'move')} can go round and round.`);
  terminal.lines(textDiagram(run).split('\n'));
  terminal.line();
  terminal.lines(['```mermaid', ...mermaidDiagram(run).split('\n'), '```']);
}
