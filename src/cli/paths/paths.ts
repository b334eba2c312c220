import type { AnyStateMachine } from 'xstate';
import type { Path } from '../../exploring/graph.js';
import { pathDiagram } from '../../exploring/path-diagram.js';
import {
  type Coverage,
  CRITERIA,
  type Criterion,
  coverageOf,
  pathName,
  pathsOf,
  type Share,
} from '../../exploring/paths.js';
import { grouped } from '../../telling/numbers.js';
import { printableJson } from '../../telling/printable.js';
import { CHARTS } from '../charts/charts.js';
import { explored } from '../charts/exploring.js';
import type { Io } from '../terminal/io.js';
import { percent, Terminal } from '../terminal/terminal.js';
import type { PathsOptions } from './command.js';

type AnyPath = Path<AnyStateMachine>;

const WHAT = {
  stateNodes: 'state nodes of the chart',
  rows: 'rows of the chart',
  states: 'abstract states',
  transitions: 'transitions',
} as const satisfies Record<keyof Coverage, string>;
/** The criteria that promise to cover all of it. */
const COMPLETE: readonly Criterion[] = ['transitions', 'pairs'];
const MISSING_SHOWN = 5;

/** Generates the test paths of a chart and measures what they cover; 1 if less than the criterion promises. */
export async function paths(
  { criterion, format, list = false, limit, chart = 'shard' }: PathsOptions,
  io: Io,
): Promise<number> {
  const terminal = new Terminal(io);
  const { machine, abstraction } = CHARTS[chart];
  const graph = await explored(`${chart} chart`, machine, abstraction, terminal, io);
  if (graph === undefined) return 1; // the signal names the exit code
  terminal.status('measuring what the paths cover …');
  const names: string[] = [];
  const keepsNames = list && format !== 'names' && format !== 'mermaid';
  let count = 0;
  const coverage = coverageOf(
    graph,
    watched(pathsOf(graph, criterion), limit, (path) => {
      count += 1;
      if (keepsNames) names.push(pathName(path));
      if (format === 'names') terminal.line(pathName(path));
      if (format === 'mermaid') terminal.write(`\`\`\`mermaid\n${pathDiagram(graph, path)}\`\`\`\n`);
    }),
  );
  const isComplete = Object.values(coverage).every(({ missing }: Share) => missing.length === 0);
  if (format === 'json') {
    const listed = list ? { list: names } : {};
    terminal.line(printableJson({ chart, criterion, paths: count, complete: isComplete, coverage, ...listed }));
  } else if (format === 'table') {
    showTable(terminal, `${grouped(count)} paths of the ${chart} chart: ${CRITERIA[criterion]}`, coverage);
    if (list) showList(terminal, names);
  }
  return isComplete || !COMPLETE.includes(criterion) ? 0 : 1;
}

/** The first paths, each shown to somebody on its way: all of them together may be too many to keep. */
function* watched(
  paths: Iterable<AnyPath>,
  limit = Number.POSITIVE_INFINITY,
  see: (path: AnyPath) => void,
): Generator<AnyPath> {
  let left = limit;
  for (const path of paths) {
    if (left <= 0) return;
    left -= 1;
    see(path);
    yield path;
  }
}

function showTable(terminal: Terminal, title: string, coverage: Coverage): void {
  const { bold, green, yellow } = terminal.colors;
  terminal.line(bold(title));
  terminal.line();
  const entries = Object.entries(coverage) as [keyof Coverage, Share][];
  terminal.table(
    [
      { title: 'covered' },
      { title: 'number', align: 'right' },
      { title: 'of', align: 'right' },
      { title: 'share', align: 'right', paint: (text) => (text.trim() === '100 %' ? green(text) : yellow(text)) },
    ],
    entries.map(([name, { covered, of }]) => [WHAT[name], grouped(covered), grouped(of), percent(covered, of)]),
  );
  for (const [name, { missing }] of entries) {
    if (missing.length === 0) continue;
    terminal.line();
    terminal.line(`Not covered, ${WHAT[name]}:`);
    for (const each of missing.slice(0, MISSING_SHOWN)) terminal.paragraph(each, { indent: 2 });
    const more = missing.length - MISSING_SHOWN;
    if (more > 0) terminal.line(`  and ${grouped(more)} more (--format json lists all)`);
  }
}

function showList(terminal: Terminal, names: readonly string[]): void {
  terminal.heading('Paths');
  const digits = `${names.length}`.length;
  names.forEach((name, at) => {
    terminal.line(`${terminal.colors.dim(`${at + 1}`.padStart(digits))}  ${name}`);
  });
}
