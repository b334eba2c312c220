/** The files that are made from the charts as a whole: layouts, pictures and the reference. */
import Elk from 'elkjs';
import { gatewayMachine } from '../../machines/gateway/chart.js';
import { shardMachine } from '../../machines/shard/chart.js';
import { type Layout, layoutOf, svg } from '../diagram/index.js';
import { GATEWAY_VIEWS, SHARD_VIEWS } from '../diagram/views.js';
import { type Graphs, picturesOfStories, referencePages } from './index.js';

/** The folders that hold nothing else. */
export const FOLDERS = ['src/diagram/layouts', 'docs/diagrams', 'docs/reference'];

/** Every file by its path. `departures` is the text of docs/departures.md. */
export async function filesFrom(graphs: Graphs, departures: string): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries(referencePages(graphs, departures))) files[`docs/reference/${name}`] = text;
  for (const [name, machine, views] of [
    ['shard', shardMachine, SHARD_VIEWS],
    ['gateway', gatewayMachine, GATEWAY_VIEWS],
  ] as const) {
    const layouts: Record<string, Layout> = {};
    for (const [view, what] of Object.entries(views)) {
      const layout = await layoutOf(machine, what, new Elk.default());
      layouts[view] = layout;
      for (const theme of ['light', 'dark'] as const)
        files[`docs/diagrams/${name}-${view}.${theme}.svg`] = svg(layout, { theme });
    }
    files[`src/diagram/layouts/${name}.ts`] = moduleOf(name, layouts);
    if (name !== 'shard') continue;
    for (const { file, view, path } of picturesOfStories(graphs))
      files[`docs/diagrams/${file}`] = svg(layouts[view] as Layout, { path });
  }
  return files;
}

/** A line for each state and arrow, so that a change of the chart can be read. */
function moduleOf(name: string, layouts: Readonly<Record<string, Layout>>): string {
  const one = ({ states, edges, ...rest }: Layout) => {
    const head = JSON.stringify(rest).slice(1, -1);
    const lines = (items: readonly object[]) => items.map((item) => `    ${JSON.stringify(item)},\n`).join('');
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
