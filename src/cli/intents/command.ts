import { Argument } from 'commander';
import { intents } from '../arguments.js';
import { argument, choiceOr, command, examples, type OptionsOf, parsed } from '../command.js';
import { jsonFormat } from '../shared-options.js';

export const INTENTS = command({
  name: 'intents',
  summary: 'tell which intents events need',
  description:
    'Tells which intents events need, which of these are privileged, and what comes of the events with the intents ' +
    'that are given. Exit code 1 if one that was named can never come.',
  argument: argument<readonly string[]>(new Argument('[events...]', 'names of dispatches; all of them unless told')),
  options: {
    intents: parsed(
      '--intents <names>',
      'names of intents, with commas between; as few as the events need unless told',
      intents,
    ),
    format: choiceOr('--format <name>', 'how to print', ['table', 'json'], 'table'),
    json: jsonFormat,
  },
  epilog: examples(
    'gatechart intents MESSAGE_CREATE GUILD_MEMBER_ADD',
    'gatechart intents TYPING_START --intents GUILDS,GUILD_MESSAGES',
    'gatechart intents --intents GUILDS | grep never',
  ),
});

/** Options of `gatechart intents`. */
export type IntentsOptions = OptionsOf<typeof INTENTS.options>;
