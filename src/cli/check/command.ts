import { whole } from '../arguments.js';
import { command, examples, flag, type OptionsOf, parsed } from '../command.js';
import { chart, json, machine } from '../shared-options.js';

export const CHECK = command({
  name: 'check',
  summary: 'check what must hold in every state of a chart',
  description:
    'Explores the charts completely and checks every invariant in every state and on every step. What does not hold ' +
    'is shown with its clause, the state, the event and the shortest path to it, and makes the exit code 1. With ' +
    '--rates, checks instead how often a shard can connect and identify, whatever the Gateway does and how quickly.',
  options: {
    chart: chart('one chart only; with --machine, whose invariants (by its id unless told)', 'none'),
    machine: machine('a chart of your own; the module may also export abstraction, invariants, and ignored'),
    rates: flag(
      '--rates',
      'check how often a shard can connect and identify; a run that breaks a bound is shown with times',
    ),
    interval: parsed(
      '--interval <ms>',
      'with --rates, the heartbeat interval of the Gateway; the shortest that the policy takes unless told',
      whole(1),
    ),
    json,
  },
  epilog:
    '\nWith --machine a module may export, beside the chart:\n' +
    '  abstraction  what counts as a state, and which events come: for other charts\n' +
    '  invariants   what has to hold beside ours\n' +
    '  ignored      rows of events that the chart has a reason to ignore, beside ours\n' +
    '  spans        with --rates, how long timers with drawn delays may take:\n' +
    '               { reconnect: (context) => [0, 500] }\n' +
    '  bucket       with --rates, what makes the bucket of identifies; null: none\n' +
    examples('gatechart check', 'gatechart check --rates', 'gatechart check --machine ./mine.js#myShard'),
});

/** Options of `gatechart check`. */
export type CheckOptions = OptionsOf<typeof CHECK.options>;
