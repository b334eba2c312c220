import { SLICE_NAMES } from '../../product/product.js';
import { whole } from '../arguments.js';
import { choice, command, examples, negated, type OptionsOf, parsed, parsedOr } from '../command.js';
import { chartOrShard, json, machine } from '../shared-options.js';

export const EXPLORE = command({
  name: 'explore',
  summary: 'explore the shard chart against the Gateway chart',
  description:
    'Joins both charts by two queues and explores every interleaving, with faults, refusals and orders: no dispatch ' +
    'is lost or delivered twice, nothing stale gets in, and the session always gets ready again. What does not ' +
    'hold is shown as a sequence diagram, and makes the exit code 1. docs/product.md tells what is left out.',
  options: {
    messages: parsedOr(
      '--messages <number>',
      'how many messages may be in flight: 1 takes seconds, 3 some minutes and 1 GB',
      whole(1, 3),
      1,
    ),
    slice: choice(
      '--slice <name>',
      'with what the product leaves out, a part at a time; docs/product.md tells of each',
      [...SLICE_NAMES, 'all'],
    ),
    faults: negated('--no-faults', 'explore what happens when nothing goes wrong'),
    limit: parsed('--limit <number>', 'stop once there are more states; exit code 1 unless it was all', whole(1)),
    machine: machine('a chart of your own in the place of ours, with the same events and effects'),
    chart: chartOrShard('with --machine: which of ours it takes the place of'),
    json,
  },
  epilog: examples(
    'gatechart explore',
    'gatechart explore --messages 3',
    'gatechart explore --slice all',
    'gatechart explore --no-faults',
    'gatechart explore --machine ./mine.js#myShard',
  ),
});

/** Options of `gatechart explore`. */
export type ExploreOptions = OptionsOf<typeof EXPLORE.options>;
