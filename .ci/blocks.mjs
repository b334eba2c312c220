/**
 * What of README.md and docs/ is made from the charts and tables: the text between `<!-- generated: NAME -->` and
 * `<!-- /generated -->`. `npm run generate` writes it (from dist/), test/docs/generated.model.test.ts compares it (from the sources).
 */

import { code, fence, grouped, table } from './markdown.mjs';

/** The files that hold generated blocks. */
export const FILES = ['README.md', 'docs/charts.md', 'docs/departures.md', 'docs/testing.md'];

/** `text` with its blocks filled in. Throws for a block that nobody makes. */
export function fill(text, blocks) {
  return text.replace(/(<!-- generated: (\S+) -->\n)[\s\S]*?(<!-- \/generated -->)/g, (_, begin, name, end) => {
    if (blocks[name] === undefined) throw new Error(`There is no generated block ${name}`);
    return `${begin}\n${blocks[name]}\n\n${end}`;
  });
}

/** What `gatechart --help` prints. */
export async function helpOf({ main }) {
  let help = '';
  const out = { columns: 100, write: (text) => (help += text) };
  await main(['--help'], { out, err: out, env: {}, signal: new AbortController().signal, version: '' });
  return help.trimEnd();
}

/** Its only block takes some 10 seconds to make, so that it is made apart. */
export const STORMS = 'docs/storms.md';

/** What `gatechart storms --json` says of each scenario. */
export async function stormsOf({ main }) {
  let lines = '';
  const out = { write: (text) => (lines += text) };
  await main(['storms', '--json'], { out, err: out, env: {}, signal: new AbortController().signal, version: '' });
  const records = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return records.filter(({ type }) => type === 'scenario');
}

/** The block `storms`. */
export function stormsTable({ cellsOf, COLUMNS }, storms) {
  return table(
    ['scenario', 'the Gateway', ...COLUMNS],
    storms.map((storm) => [code(storm.name), storm.says, ...cellsOf(storm)]),
    ['', '', ...COLUMNS.map(() => '-:')],
  );
}

/** Both charts, explored. */
export function graphsFrom({ machines, testing }) {
  const { shardMachine, shardAbstraction, gatewayMachine, gatewayAbstraction } = machines;
  return {
    shard: testing.explore(shardMachine, shardAbstraction),
    gateway: testing.explore(gatewayMachine, gatewayAbstraction),
  };
}

/** Every block by its name, from what the package exports and its command prints. */
export function blocksFrom({ machines, testing, diagram, rules, help, graphs }) {
  const { shardMachine, gatewayMachine } = machines;
  const CHARTS = { shard: [shardMachine, diagram.SHARD_VIEWS], gateway: [gatewayMachine, diagram.GATEWAY_VIEWS] };
  const pictures = Object.entries(CHARTS).flatMap(([chart, [machine, { whole, ...views }]]) =>
    Object.entries(views).map(([view, what]) => [
      `${chart}-${view}`,
      `${picture(`diagrams/${chart}-${view}`, what)}\n\n${asMermaid(diagram.mermaid(machine, { ...what, title: undefined }))}`,
    ]),
  );
  return {
    ...Object.fromEntries(pictures),
    overview: picture('docs/diagrams/shard-overview', diagram.SHARD_VIEWS.overview),
    counts: counts(testing, {
      Shard: [shardMachine, graphs.shard, machines.SHARD_INVARIANTS],
      Gateway: [gatewayMachine, graphs.gateway, machines.GATEWAY_INVARIANTS],
    }),
    'rule-count': `${rules.length} rules, transcribed from the documentation, pass the verdict on what crosses the wire.`,
    rules: table(
      ['what crosses the wire', 'section'],
      rules.map(({ says, spec }) => [says, section(spec)]),
    ),
    help: fence('text', help),
    policy: fence(
      'json',
      JSON.stringify(machines.DEFAULT_POLICY, null, 2).replace(/\[\s+(\d+),\s+(\d+)\s+\]/g, '[$1, $2]'),
    ),
    causes: table(
      ['cause', 'what happened', 'section'],
      Object.entries(machines.CAUSES).map(([name, { says, spec }]) => [code(name), says, section(spec)]),
    ),
    invariants: invariants(machines.SHARD_INVARIANTS),
    'gateway-invariants': invariants(machines.GATEWAY_INVARIANTS),
    'close-codes': table(
      ['code', 'name', 'then', 'at most', 'wait first', 'documented'],
      Object.entries(machines.CLOSE_CODES).map(([number, row]) => [
        number,
        row.name,
        row.recovery,
        row.attempts === undefined ? '' : `${row.attempts} ${row.attempts === 1 ? 'try' : 'tries'}`,
        row.wait ?? '',
        row.documented ? 'yes' : 'no',
      ]),
    ),
  };
}

/** Both files of a picture: GitHub shows the one that fits its reader's theme. */
function picture(path, { title }) {
  return [
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="${path}.dark.svg">`,
    `  <img alt="${title}" src="${path}.light.svg">`,
    '</picture>',
  ].join('\n');
}

const asMermaid = (text) => `<details>\n<summary>As Mermaid</summary>\n\n${fence('mermaid', text)}\n\n</details>`;

const invariants = (list) =>
  table(
    ['in every state and on every step', 'section'],
    list.map(({ says, spec }) => [says, section(spec)]),
  );

/** How big the charts are, and how much there is to explore. */
function counts({ statesOf, rowsOf }, charts) {
  const rows = Object.entries(charts).map(([name, [machine, { nodes, edges }, invariants]]) => {
    const sizes = [statesOf(machine), rowsOf(machine), [...nodes], edges, invariants];
    return [name, ...sizes.map(({ length }) => grouped(length))];
  });
  return table(['chart', 'state nodes', 'rows', 'abstract states', 'transitions', 'invariants'], rows, [
    '',
    '-:',
    '-:',
    '-:',
    '-:',
    '-:',
  ]);
}

/** A section of the documentation, or else what of ours a cause comes from. */
function section(spec) {
  const [page, anchor] = spec.split('#');
  if (page === 'user') return 'an order';
  if (anchor === undefined) return page;
  return page === 'gateway' ? anchor.replace(/-/g, ' ') : `${page}, ${code(anchor)}`;
}
