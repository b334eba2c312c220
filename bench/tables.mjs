/** The summary of a run as tables in Markdown. */

const cell = (text) => String(text).replaceAll('|', '\\|');

export function table(head, rows, align) {
  const lines = [head, align.map((side) => (side === 'right' ? '-:' : '-')), ...rows];
  return lines.map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

const grouped = (value) => Math.round(value).toLocaleString('en');
const kB = (bytes) => (bytes / 1000).toFixed(1);
const MB = (bytes) => (bytes / 1e6).toFixed(0);

/** Loads whose figures are CPU per dispatch. */
export const isFlood = ({ shards }) => shards === undefined;

export function tables(results) {
  return `${[...results.loads.map(section), footnote(results)].join('\n\n')}`;
}

/** One load: all that was measured. */
export function section(load) {
  const body = isFlood(load) ? flood(load) : idle(load);
  const missing = load.missing.map(({ says, why }) => `Not measured: ${says}, ${why}.`);
  return [`### ${load.says}`, body, ...missing].join('\n\n');
}

function flood({ rows, messages, node, reference }) {
  const body = rows.map(({ client, says, ratio, least, most, cpu, perSecond, rss, isOurs }) => [
    isOurs ? `**${says}**` : says,
    client === reference ? '1.00' : ratio.toFixed(2),
    client === reference ? '' : `${least.toFixed(2)} to ${most.toFixed(2)}`,
    cpu.toFixed(1),
    grouped(perSecond),
    MB(rss),
  ]);
  const head = ['client', 'CPU, ratio', 'of the rounds', 'CPU, µs', 'dispatches per s', 'peak memory, MB'];
  return `${grouped(messages)} dispatches, Node ${node.slice(1)}.\n\n${table(head, body, ['', ...Array(5).fill('right')])}`;
}

function idle({ rows, node }) {
  const body = rows.map(({ says, isOurs, heap, rss, idle: cpu, starting, ready }) => [
    isOurs ? `**${says}**` : says,
    kB(heap),
    kB(rss),
    (starting / 1e6).toFixed(1),
    (cpu / 10).toFixed(1),
    grouped(ready),
  ]);
  const head = [
    'client',
    'heap, kB per shard',
    'resident, kB per shard',
    'CPU until ready, s',
    'CPU idle, %',
    'all ready, ms',
  ];
  return `Node ${node.slice(1)}, a heartbeat per shard in 10 s.\n\n${table(head, body, ['', ...Array(5).fill('right')])}`;
}

export function footnote({ date, node, cpu, platform, versions }) {
  const known = Object.entries(versions).flatMap(([name, version]) => (version ? [`${name} ${version}`] : []));
  return `Measured on ${date} with Node ${node.slice(1)} on ${cpu}, ${platform}. Versions: ${known.join(', ')}.`;
}
