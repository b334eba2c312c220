import { Argument } from 'commander';
import { DEFAULTS } from '../../conformance/defaults.js';
import { whole } from '../arguments.js';
import { argument, choiceOr, command, examples, flag, type OptionsOf, parsedOr, text, textOr } from '../command.js';
import { json, verbose } from '../shared-options.js';

export const CONFORM = command({
  name: 'conform',
  summary: 'hold a client in any language against the documentation, case by case',
  description:
    'Starts your client again and again, each time with a simulated Gateway of its own that does something else, and ' +
    'judges what crosses the wire. The client is any command: it is told where it is by the environment variables ' +
    'DISCORD_TOKEN, GATECHART_REST and GATECHART_GATEWAY, or by {token}, {rest} and {gateway} in the command, and ' +
    'prints a line `MSG <id>` for each message that reaches its user. docs/conformance.md tells more. Exit code 1 if ' +
    'a case fails or is not reached; with --baseline, if one does that did not before.',
  argument: argument<readonly string[]>(
    new Argument('[command...]', 'after --: what starts your client; with --compare, files of reports'),
  ),
  options: {
    case: textOr('--case <patterns>', 'only cases of these ids, such as drop/*,op-7/live: * stands for anything', '*'),
    profile: choiceOr('--profile <name>', 'how many cases', ['quick', 'full'], 'full'),
    report: text('--report <format=file,...>', 'write reports: html=FILE, json=FILE, junit=FILE, tap=FILE'),
    baseline: text('--baseline <file>', 'a report as JSON: fail only on what did not fail there'),
    compare: flag('--compare', 'run nothing, but put reports in JSON beside one another'),
    confirm: flag(
      '--confirm',
      'play cases that are not good, or with --baseline new, once more, four at once: the second verdict counts',
    ),
    name: text('--name <name>', 'what reports call the client (default: its command)'),
    list: flag('--list', 'print the cases, and run nothing'),
    jobs: parsedOr(
      '-j, --jobs <number>',
      'cases at once; of those that measure time, two at most',
      whole(1, 64),
      DEFAULTS.jobs,
    ),
    interval: parsedOr('--interval <ms>', 'the heartbeat interval', whole(1_000, 60_000), DEFAULTS.interval),
    startup: parsedOr(
      '--startup <ms>',
      'how long the client may take from its start to READY',
      whole(1),
      DEFAULTS.startup,
    ),
    tls: flag('--tls', 'serve wss and https; GATECHART_CA and {ca} name the authority to trust (needs selfsigned)'),
    verbose: verbose('tell of cases that pass, and what was seen in those that do not'),
    json,
  },
  epilog: examples(
    'gatechart conform -- node bot.js',
    'gatechart conform --profile quick --report html=report.html -- python bot.py --gateway {gateway}',
    "gatechart conform --case 'close-*/live' --verbose -- ./bot",
    'gatechart conform --baseline known.json --report json=new.json,junit=junit.xml -- ./bot',
    'gatechart conform --compare --report html=both.html -- mine.json theirs.json',
  ),
});

/** Options of `gatechart conform`. */
export type ConformOptions = OptionsOf<typeof CONFORM.options>;
