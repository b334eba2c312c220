/** Writes what was measured into the documentation: between \`<!-- measured: NAME -->\` and \`<!-- /measured -->\`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { picture } from './picture.mjs';
import { footnote, isFlood, table, tables } from './tables.mjs';

export function write(results, root) {
  const floods = results.loads.filter(isFlood).map((load) => ({ ...load, rows: load.rows.filter(isTelling(load)) }));
  for (const theme of ['light', 'dark'])
    writeFileSync(join(root, `docs/benchmarks.${theme}.svg`), picture(floods, theme));
  const blocks = {
    benchmarks: overview(results),
    'benchmarks-short': inShort(floods),
    'benchmarks-all': tables(results),
  };
  for (const file of ['README.md', 'docs/benchmarks.md']) {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    const filled = text.replace(
      /(<!-- measured: (\S+) -->\n)[\s\S]*?(<!-- \/measured -->)/g,
      (_, begin, name, end) => `${begin}\n${blocks[name]}\n\n${end}`,
    );
    writeFileSync(path, filled);
  }
}

/** What only receives says nothing about clients. */
const isTelling =
  ({ reference }) =>
  ({ client, isOurs, says }) =>
    isOurs || client === reference || !says.startsWith('bare');

/** One line per load: ours, and the best of the others. */
function overview(results) {
  const floods = results.loads.filter(isFlood);
  const body = floods.map(({ says, rows, reference }) => {
    const ours = rows.find(({ isOurs, client }) => isOurs && client !== reference);
    const base = rows.find(({ client }) => client === reference);
    const others = rows.filter(({ says: name, isOurs }) => !isOurs && !name.startsWith('bare'));
    const best = others.sort((a, b) => a.ratio - b.ratio)[0];
    return [
      says,
      base ? `${base.says}: ${base.cpu.toFixed(1)} µs` : '',
      ours ? `**${ours.ratio.toFixed(2)}**` : 'not yet',
      best ? `${best.ratio.toFixed(2)} (${best.says})` : 'none can',
    ];
  });
  const floodTable = table(['load', '1.00 is', 'gatechart', 'best other'], body, ['', '', 'right', 'right']);
  const idle = results.loads
    .filter((load) => !isFlood(load))
    .map(({ says, rows, reference }) => {
      const ours = rows.find(({ isOurs }) => isOurs);
      const base = rows.find(({ client }) => client === reference);
      const others = rows.filter((row) => row !== ours && row !== base).map(({ heap }) => heap);
      const range = others.length > 0 ? `${kB(Math.min(...others))} to ${kB(Math.max(...others))}` : '';
      return [says, base ? kB(base.heap) : '', ours ? `**${kB(ours.heap)}**` : '', range];
    });
  const idleTable = table(['heap, kB per shard', 'bare `ws`', 'gatechart', 'others'], idle, [
    '',
    'right',
    'right',
    'right',
  ]);
  return [floodTable, ...(idle.length > 0 ? [idleTable] : []), footnote(results)].join('\n\n');
}

/** Two lines: what everybody does, and what can be saved. */
function inShort(floods) {
  const body = ['mix', 'mix-events'].flatMap((name) => {
    const { says, rows, reference } = floods.find((load) => load.name === name) ?? { rows: [] };
    const ours = rows.find(({ isOurs, client }) => isOurs && client !== reference);
    if (ours === undefined) return [];
    const others = rows.filter(({ says: who, isOurs }) => !isOurs && !who.startsWith('bare')).map(({ ratio }) => ratio);
    const range = `${Math.min(...others).toFixed(2)} to ${Math.max(...others).toFixed(2)}`;
    return [
      [`CPU per dispatch, ${says}`, '1.00', `**${ours.ratio.toFixed(2)}**`, others.length > 0 ? range : 'none can'],
    ];
  });
  return table(['', 'bare `ws`', 'gatechart', 'other libraries'], body, ['', 'right', 'right', 'right']);
}

const kB = (bytes) => (bytes / 1000).toFixed(1);
