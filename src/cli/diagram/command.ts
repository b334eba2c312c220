import { Argument } from 'commander';
import { GATEWAY_VIEWS, SHARD_VIEWS } from '../../diagram/views.js';
import type { ChartName } from '../charts/charts.js';
import { argument, choice, choiceOr, command, examples, type OptionsOf, repeated, text } from '../command.js';
import { jsonFormat, machine } from '../shared-options.js';

const VIEWS = Object.entries({ shard: SHARD_VIEWS, gateway: GATEWAY_VIEWS });

export const DIAGRAM = command({
  name: 'diagram',
  summary: 'draw a chart, as SVG, as Mermaid text, or as JSON for an editor',
  description:
    'Draws a chart or a part of it, with a path through it highlighted if you like. The JSON is a config for ' +
    "XState's createMachine, which Stately's editor opens.",
  argument: argument<ChartName>(new Argument('[chart]', 'which chart').choices(['shard', 'gateway']).default('shard')),
  options: {
    format: choice('--format <name>', 'what to write (default: as the name of the file says, else svg)', [
      'svg',
      'mermaid',
      'json',
    ]),
    json: jsonFormat,
    view: text('--view <name>', 'the overview, or a part of the chart; see below'),
    only: text('--only <state>', 'draw this state alone, and where its arrows come from and lead to'),
    fold: repeated('--fold <state>', 'leave out the inside of this state; may be repeated'),
    path: text('--path <events>', 'number the steps of this path: events with > between, or the file of a trace'),
    theme: choiceOr(
      '--theme <name>',
      "the colours of an SVG; auto: as the reader's system is",
      ['light', 'dark', 'auto'],
      'auto',
    ),
    out: text('-o, --out <file>', 'write to this file'),
    machine: machine('draw a chart of your own; SVG then needs the package elkjs'),
  },
  epilog:
    `\nViews:\n${VIEWS.map(([chart, views]) => `  ${chart.padEnd(8)} ${Object.keys(views).join(', ')}\n`).join('')}` +
    '\nEvents of a path are named as by `gatechart paths`, `gatechart check` and the tests.\n' +
    examples(
      'gatechart diagram --out shard.svg',
      'gatechart diagram gateway --view session --format mermaid',
      'gatechart diagram --path "start > located > opened > hello > permitGranted > ready" -o path.svg',
      'gatechart diagram --format json | jq .states.running',
      'gatechart diagram --machine ./mine.js#myChart --format mermaid',
    ),
});

/** Options of `gatechart diagram`. */
export type DiagramOptions = OptionsOf<typeof DIAGRAM.options>;
