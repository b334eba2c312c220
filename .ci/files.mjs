/**
 * The files that are made from the charts as a whole: layouts, pictures and the reference. `npm run generate` writes them (from dist/),
 * test/docs/generated.model.test.ts compares them (from the sources).
 */
import { readFileSync } from 'node:fs';
import ELK from 'elkjs';
import { picturesOfStories, referencePages } from './reference/index.mjs';

/** The folders that hold nothing else. */
export const FOLDERS = ['src/diagram/layouts', 'docs/diagrams', 'docs/reference'];

/** Every file by its path, from what the package exports. */
export async function filesFrom({ machines, diagram, graphs }) {
  const departures = readFileSync(new URL('../docs/departures.md', import.meta.url), 'utf8');
  const pages = referencePages({ machines, graphs, departures });
  const files = Object.fromEntries(Object.entries(pages).map(([name, text]) => [`docs/reference/${name}`, text]));
  for (const [name, machine, views] of [
    ['shard', machines.shardMachine, diagram.SHARD_VIEWS],
    ['gateway', machines.gatewayMachine, diagram.GATEWAY_VIEWS],
  ]) {
    const layouts = {};
    for (const [view, what] of Object.entries(views)) {
      layouts[view] = await diagram.layoutOf(machine, what, new ELK());
      for (const theme of ['light', 'dark'])
        files[`docs/diagrams/${name}-${view}.${theme}.svg`] = diagram.svg(layouts[view], { theme });
    }
    files[`src/diagram/layouts/${name}.ts`] = moduleOf(name, layouts);
    if (name !== 'shard') continue;
    for (const { file, view, path } of picturesOfStories({ machines, graphs }))
      files[`docs/diagrams/${file}`] = diagram.svg(layouts[view], { path });
  }
  return files;
}

/** A line for each state and arrow, so that a change of the chart can be read. */
function moduleOf(name, layouts) {
  const one = ({ states, edges, ...rest }) => {
    const head = JSON.stringify(rest).slice(1, -1);
    const lines = (items) => items.map((item) => `    ${JSON.stringify(item)},\n`).join('');
    return `{${head},\n    "states":[\n${lines(states)}    ],\n    "edges":[\n${lines(edges)}    ]}`;
  };
  const entries = Object.entries(layouts).map(([view, layout]) => `  ${view}: ${one(layout)},\n`);
  const NAME = name.toUpperCase();
  return (
    '// Written by `npm run generate`.\n' +
    "import type { Layout } from '../placed.js';\n" +
    `import type { ${NAME}_VIEWS } from '../views.js';\n\n` +
    `/** Where everything of ${NAME}_VIEWS stands. */\n` +
    `export const ${NAME}_LAYOUTS: { readonly [View in keyof typeof ${NAME}_VIEWS]: Layout } = {\n${entries.join('')}};\n`
  );
}
