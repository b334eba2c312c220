import { FORMATS, type SpecFormat } from '../../spec/documents.js';
import { choiceOr, command, examples, type OptionsOf, text } from '../command.js';

export const SPEC = command({
  name: 'spec',
  summary: 'print the Gateway as an AsyncAPI document, or as JSON Schema',
  description:
    'Prints every message of the Gateway in both directions, with the schema of its payload: for generating types, ' +
    'validating messages and documentation in any language. docs/spec.md says what it holds.',
  options: {
    format: choiceOr('--format <name>', 'what to print', Object.keys(FORMATS) as SpecFormat[], 'asyncapi'),
    out: text('--out <file>', 'write it there instead of printing it'),
  },
  epilog: examples(
    'gatechart spec --format asyncapi --out asyncapi.json',
    'gatechart spec --format json-schema | npx json2ts',
  ),
});

/** Options of `gatechart spec`. */
export type SpecCommandOptions = OptionsOf<typeof SPEC.options>;
