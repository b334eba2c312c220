import { Argument } from 'commander';
import { lineRange } from '../arguments.js';
import { argument, choiceOr, command, examples, flag, type OptionsOf, parsed, text } from '../command.js';
import { jsonFormat, machine, noOpen, verbose } from '../shared-options.js';

export const REPLAY = command({
  name: 'replay',
  summary: 'run a recorded trace again, and tell what happened',
  description:
    'Runs the events of a trace through the chart again, with the random numbers that were drawn, and tells what ' +
    'happened. Where the chart, or another one, does something else than was recorded is shown with both causes, ' +
    'and makes the exit code 1. docs/traces.md tells how to record.',
  argument: argument<readonly string[]>(
    new Argument('<file...>', 'a trace; the older files of its recording beside it are found'),
  ),
  options: {
    machine: machine('replay against a chart of your own'),
    format: choiceOr(
      '--format <name>',
      'text for people, json: the steps to the byte, mermaid: a sequence diagram',
      ['text', 'json', 'mermaid'],
      'text',
    ),
    lines: parsed('--lines <from-to>', 'tell, or test, only these lines of it', lineRange),
    emitTest: text('--emit-test <file>', 'write a test for Vitest that holds the chart to what was recorded'),
    view: flag('--view', 'then open it in the viewer, at the first difference if there is one'),
    open: noOpen('with --view, '),
    verbose: verbose('tell heartbeats and dispatches too, and the clause behind each step'),
    json: jsonFormat,
  },
  epilog: examples(
    'gatechart replay trace.jsonl',
    'gatechart replay trace.jsonl --view',
    'gatechart replay trace.jsonl --machine ./mine.js#myShard',
    'gatechart replay trace.jsonl --lines 120-180 --emit-test zombie.test.ts',
    'gatechart replay trace.jsonl --format mermaid > trace.mmd',
  ),
});

/** Options of `gatechart replay`. */
export type ReplayCommandOptions = OptionsOf<typeof REPLAY.options>;
