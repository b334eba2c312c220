/**
 * What of README.md and docs/ is made from the charts and tables: the text between `<!-- generated: NAME -->` and
 * `<!-- /generated -->`.
 */
import type { AnyStateMachine } from 'xstate';
import { gatewayMachine } from '../../machines/gateway/chart.js';
import { gatewayAbstraction } from '../../machines/gateway/laws/abstraction.js';
import { GATEWAY_INVARIANTS } from '../../machines/gateway/laws/invariants.js';
import { CLOSE_CODES, closeCode } from '../../machines/protocol/close-codes.js';
import { CAUSES } from '../../machines/shard/causes.js';
import { shardMachine } from '../../machines/shard/chart.js';
import { shardAbstraction } from '../../machines/shard/laws/abstraction.js';
import { SHARD_INVARIANTS } from '../../machines/shard/laws/invariants/index.js';
import { DEFAULT_POLICY } from '../../machines/shard/policy.js';
import { main } from '../cli/program.js';
import { SCENARIOS } from '../cli/storms/scenarios.js';
import type { StormResult } from '../cli/storms/storming.js';
import { COLUMNS, cellsOf } from '../cli/storms/storms.js';
import { RULES } from '../conformance/rules.js';
import { mermaid } from '../diagram/mermaid.js';
import type { View } from '../diagram/scene.js';
import { GATEWAY_VIEWS, SHARD_VIEWS } from '../diagram/views.js';
import { explore, rowsOf, statesOf } from '../exploring/graph.js';
import { BOUNDS } from '../rates/bounds.js';
import { grouped } from '../telling/numbers.js';
import { clauseName } from './clauses.js';
import type { Graphs } from './index.js';
import { code, fence, table } from './markdown.js';

/** The files that hold generated blocks. */
export const FILES = [
  'README.md',
  'docs/charts.md',
  'docs/cli.md',
  'docs/departures.md',
  'docs/shard.md',
  'docs/testing.md',
];
/** Its only block takes some 10 seconds to make, so that it is made apart. */
export const STORMS = 'docs/storms.md';

/** `text` with its blocks filled in. Throws for a block that is not made here. */
export function fill(text: string, blocks: Readonly<Record<string, string>>): string {
  return text.replace(/(<!-- generated: (\S+) -->\n)[\s\S]*?(<!-- \/generated -->)/g, (_, begin, name, end) => {
    if (blocks[name] === undefined) throw new Error(`There is no generated block ${name}`);
    return `${begin}\n${blocks[name]}\n\n${end}`;
  });
}

/** Both charts, explored. */
export const exploreCharts = (): Graphs => ({
  shard: explore(shardMachine, shardAbstraction),
  gateway: explore(gatewayMachine, gatewayAbstraction),
});

/** What `gatechart` prints. */
async function printed(...args: readonly string[]): Promise<string> {
  let text = '';
  const out = { columns: 100, write: (more: string) => (text += more) };
  await main(args, { out, err: out, env: {}, signal: new AbortController().signal, version: '' });
  return text.trimEnd();
}

/** What `gatechart storms --json` says of each scenario. */
export async function playStorms(): Promise<readonly StormResult[]> {
  const lines = (await printed('storms', '--json')).split('\n');
  return lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'scenario');
}

/** The block `storms`. */
export function stormsTable(storms: readonly StormResult[]): string {
  return table(
    ['scenario', 'the Gateway', ...COLUMNS],
    storms.map((storm) => [code(storm.name), SCENARIOS[storm.name].says, ...cellsOf(storm)]),
    ['', '', ...COLUMNS.map(() => '-:')],
  );
}

/** Every other block by its name. */
export async function blocksFrom(graphs: Graphs): Promise<Readonly<Record<string, string>>> {
  return {
    ...pictures('shard', shardMachine, SHARD_VIEWS),
    ...pictures('gateway', gatewayMachine, GATEWAY_VIEWS),
    overview: picture('docs/diagrams/shard-overview', SHARD_VIEWS.overview.title),
    counts: counts(graphs),
    'rule-count': `${RULES.length} rules, transcribed from the documentation, pass the verdict on what crosses the wire.`,
    rules: claims('what crosses the wire', RULES),
    rates: claims('whatever the Gateway does', Object.values(BOUNDS)),
    help: fence('text', await printed('--help')),
    policy: fence('json', JSON.stringify(DEFAULT_POLICY, null, 2).replace(/\[\s+(\d+),\s+(\d+)\s+\]/g, '[$1, $2]')),
    causes: table(
      ['cause', 'what happened', 'section'],
      Object.entries(CAUSES).map(([name, { says, spec }]) => [code(name), says, clauseName(spec)]),
    ),
    invariants: claims('in every state and on every step', SHARD_INVARIANTS),
    'gateway-invariants': claims('in every state and on every step', GATEWAY_INVARIANTS),
    'close-codes': table(
      ['code', 'name', 'then', 'at most', 'wait first', 'documented'],
      Object.keys(CLOSE_CODES).map((each) => {
        const { name, recovery, attempts, wait, documented } = closeCode(Number(each));
        const tries = attempts === undefined ? '' : `${attempts} ${attempts === 1 ? 'try' : 'tries'}`;
        return [each, name, recovery, tries, wait ?? '', documented ? 'yes' : 'no'];
      }),
    ),
  };
}

const claims = (head: string, list: readonly { readonly says: string; readonly spec: string }[]) =>
  table(
    [head, 'section'],
    list.map(({ says, spec }) => [says, clauseName(spec)]),
  );

function pictures(chart: string, machine: AnyStateMachine, views: Readonly<Record<string, View>>) {
  const parts = Object.entries(views).filter(([view]) => view !== 'whole');
  const entries = parts.map(([view, { title, ...what }]) => {
    const text = fence('mermaid', mermaid(machine, what));
    const asMermaid = `<details>\n<summary>As Mermaid</summary>\n\n${text}\n\n</details>`;
    return [`${chart}-${view}`, `${picture(`diagrams/${chart}-${view}`, title)}\n\n${asMermaid}`];
  });
  return Object.fromEntries(entries);
}

/** Both files of a picture: GitHub shows the one that fits its reader's theme. */
function picture(path: string, title = ''): string {
  return [
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="${path}.dark.svg">`,
    `  <img alt="${title}" src="${path}.light.svg">`,
    '</picture>',
  ].join('\n');
}

/** How big the charts are, and how much there is to explore. */
function counts(graphs: Graphs): string {
  const of = ({ machine, nodes }: Graphs['shard' | 'gateway']) => [
    statesOf(machine).length,
    rowsOf(machine).length,
    nodes.size,
    [...nodes.values()].reduce((sum, { edges }) => sum + edges.length, 0),
  ];
  const rows = [
    ['Shard', ...[...of(graphs.shard), SHARD_INVARIANTS.length].map(grouped)],
    ['Gateway', ...[...of(graphs.gateway), GATEWAY_INVARIANTS.length].map(grouped)],
  ];
  return table(['chart', 'state nodes', 'rows', 'abstract states', 'transitions', 'invariants'], rows, [
    '',
    '-:',
    '-:',
    '-:',
    '-:',
    '-:',
  ]);
}
