import { Argument } from 'commander';
import { argument, command, examples, type OptionsOf } from '../command.js';
import { json, noOpen } from '../shared-options.js';

export const VIEW = command({
  name: 'view',
  summary: 'look at a recorded run, or run a simulation, on a page',
  description:
    'Serves the viewer on 127.0.0.1 until interrupted, with a trace if one is given: gatechart run --record FILE writes ' +
    'one. Without it the page simulates a Gateway, or shows whatever XState app is told to send there.',
  argument: argument<string | undefined>(new Argument('[trace]', 'a trace, as JSON lines')),
  options: { open: noOpen(''), json },
  epilog: examples('gatechart view', 'gatechart view trace.jsonl'),
});

/** Options of `gatechart view`. */
export type ViewOptions = Partial<OptionsOf<typeof VIEW.options>>;
