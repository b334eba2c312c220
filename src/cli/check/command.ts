import { command, examples, type OptionsOf } from '../command.js';
import { chart, json, machine } from '../shared-options.js';

export const CHECK = command({
  name: 'check',
  summary: 'check what must hold in every state of a chart',
  description:
    'Explores the charts completely and checks every invariant in every state and on every step. What does not hold ' +
    'is shown with its clause, the state, the event and the shortest path to it, and makes the exit code 1.',
  options: {
    chart: chart('one chart only; with --machine, whose invariants (by its id unless told)', 'none'),
    machine: machine('a chart of your own; the module may also export abstraction, invariants, and ignored'),
    json,
  },
  epilog:
    '\nWith --machine a module may export, beside the chart:\n' +
    '  abstraction  what counts as a state, and which events come: for other charts\n' +
    '  invariants   what has to hold beside ours\n' +
    '  ignored      rows of events that the chart has a reason to ignore, beside ours\n' +
    examples('gatechart check', 'gatechart check --machine ./mine.js#myShard'),
});

/** Options of `gatechart check`. */
export type CheckOptions = OptionsOf<typeof CHECK.options>;
