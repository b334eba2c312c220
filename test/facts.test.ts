/** Each fact stands in one place of the sources. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = ['machines', 'src', 'adapters', '.ci'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs)$/.test(file))
    .map((file) => ({ file: `${folder}/${file}`, text: readFileSync(join(ROOT, folder, file), 'utf8') })),
);
const holding = (fact: RegExp) => SOURCES.filter(({ text }) => fact.test(text)).map(({ file }) => file);

/** A fact, something that only its code or its row holds, and where that is. */
const FACTS: readonly (readonly [what: string, fact: RegExp, file: string])[] = [
  ['where Discord documents its API', /docs\.discord\.com/, 'machines/protocol/clauses.ts'],
  ['the pages of that documentation', /events\/gateway|topics\/(opcodes|voice)/, 'machines/protocol/clauses.ts'],
  ['what an event of the shard means', /short: 'Hello \(op 10\)'/, 'machines/shard/words.ts'],
  ['what is awaited while a timer runs', /a replayed dispatch, or RESUMED/, 'machines/shard/words.ts'],
  ['what an effect of the shard does', /asks for a permit to identify/, 'machines/shard/words.ts'],
  ['when a guard of the shard holds', /if the session has a URL of its own/, 'machines/shard/words.ts'],
  ['what a number of the policy decides', /for the WebSocket handshake/, 'machines/shard/words.ts'],
  ['what an effect of the Gateway does', /acknowledges it \(op 11\)/, 'machines/gateway/words.ts'],
  ['what a reader asks of every state', /by the time the next heartbeat is due/, 'src/telling/consequences.ts'],
  ['how a time becomes words', /\$\{ms \/ [A-Z]+\} (min|s)/, 'machines/kit/durations.ts'],
  ['how numbers get their commas', /toLocaleString\(/, 'src/telling/numbers.ts'],
  ['how markup is escaped', /&#\$\{/, 'src/telling/printable.ts'],
  ['how a script within HTML is escaped', /'\\\\u003c'/, 'src/telling/printable.ts'],
  ['how Mermaid is escaped', /#59;/, 'src/telling/printable.ts'],
  ['how a cell of a Markdown table is escaped', /replace\(\/\\\|\/g/, 'src/telling/printable.ts'],
  ['how a pattern of states is read', /split\('\*'\)/, 'machines/kit/ignored.ts'],
  ['what is around a state', /\.\.\.lineage\(/, 'src/telling/resting-states.ts'],
];

describe('one place holds', () => {
  it.each(FACTS)('%s', (_, fact, file) => {
    expect(holding(fact)).toEqual([file]);
  });
});
