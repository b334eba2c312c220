import { CRITERIA, type Criterion } from '../../exploring/paths.js';
import { whole } from '../arguments.js';
import { choiceOr, command, examples, flag, type OptionsOf, parsed } from '../command.js';
import { chartOrShard, jsonFormat } from '../shared-options.js';

export const PATHS = command({
  name: 'paths',
  summary: 'make the test paths of a chart and measure what they cover',
  description:
    'Explores a chart completely, makes paths by a criterion, and measures what these cover. ' +
    'Exit code 1 if paths for "transitions" or "pairs" leave anything out.',
  options: {
    criterion: choiceOr(
      '--criterion <name>',
      'what the paths are to cover',
      Object.keys(CRITERIA) as Criterion[],
      'transitions',
    ),
    format: choiceOr('--format <name>', 'how to print', ['table', 'json', 'names', 'mermaid'], 'table'),
    chart: chartOrShard('whose paths'),
    list: flag('--list', 'print each path'),
    limit: parsed('--limit <number>', 'take only so many paths', whole(0)),
    json: jsonFormat,
  },
  epilog:
    `\nCriteria:\n${Object.entries(CRITERIA)
      .map(([name, says]) => `  ${name.padEnd(12)} ${says}\n`)
      .join('')}` +
    examples(
      'gatechart paths',
      'gatechart paths --criterion states --list',
      'gatechart paths --chart gateway --criterion pairs',
      'gatechart paths --format names | grep zombied',
      'gatechart paths --criterion roundTrips --format mermaid --limit 3',
    ),
});

/** Options of `gatechart paths`. */
export type PathsOptions = OptionsOf<typeof PATHS.options>;
