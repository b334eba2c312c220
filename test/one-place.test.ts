/** What the sources say in one place, and nowhere in other words. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

const SOURCES: ReadonlyMap<string, string> = new Map(
  ['machines', 'src', 'adapters']
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !/^src\/diagram\/layouts\//.test(file)) // generated
    .map((file) => [file, withoutComments(readFileSync(join(ROOT, file), 'utf8'))]),
);

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}

const filesWith = (pattern: RegExp): string[] =>
  [...SOURCES].filter(([, text]) => pattern.test(text)).map(([file]) => file);

/** Each fact, what shows that a file states it, and the files that may. */
const FACTS: readonly (readonly [fact: string, shows: RegExp, where: readonly string[]])[] = [
  ['which hosts are this machine', /::1\b|127\\?\.\(?\\d|\['localhost'/, ['machines/protocol/loopback.ts']],
  ["what stands before a bot's token", /['"`]Bot ['"`$]|\/\^\[?Bb?\]?ot\b/i, ['src/redact/token.ts']],
  ['which keys name snowflakes', /endsWith\('ids?'\)/, ['src/wire/etf/id-keys.ts']],
  [
    'the longest timer, which is the largest integer of 32 bits',
    /= 2 \*\* 31 - 1\b|0x7fff_?ffff\b/,
    ['machines/shard/policy.ts', 'src/wire/etf/encode.ts'],
  ],
  ['an Identify without fault', /shardingRequired: false/, ['machines/gateway/laws/identify-facts.ts']],
  ['what a Gateway says', /'heartbeatRequested',\s*'reconnectRequested',/, ['machines/shard/laws/payload-events.ts']],
  ['which number an opcode has', /\bop(code)?(: | === )\d+\b(?<!99)/, []],
  ['where Discord documents its API', /docs\.discord\.com/, ['machines/protocol/clauses.ts']],
  ['the pages of that documentation', /events\/gateway|topics\/(opcodes|voice)/, ['machines/protocol/clauses.ts']],
  ['what an event of the shard means', /short: 'Hello \(op 10\)'/, ['machines/shard/words.ts']],
  ['what is awaited while a timer runs', /a replayed dispatch, or RESUMED/, ['machines/shard/words.ts']],
  ['what an effect of the shard does', /asks for a permit to identify/, ['machines/shard/words.ts']],
  ['when a guard of the shard holds', /if the session has a URL of its own/, ['machines/shard/words.ts']],
  ['what a number of the policy decides', /for the WebSocket handshake/, ['machines/shard/words.ts']],
  ['what an effect of the Gateway does', /acknowledges it \(op 11\)/, ['machines/gateway/words.ts']],
  ['what a reader asks of every state', /by the time the next heartbeat is due/, ['src/telling/consequences.ts']],
  ['how a time becomes words', /\$\{ms \/ [A-Z]+\} (min|s)/, ['machines/kit/durations.ts']],
  ['how numbers get their commas', /toLocaleString\(/, ['src/telling/numbers.ts']],
  ['how markup is escaped', /&#\$\{/, ['src/telling/printable.ts']],
  ['how a script within HTML is escaped', /'\\\\u003c'/, ['src/telling/printable.ts']],
  ['how Mermaid is escaped', /#59;/, ['src/telling/printable.ts']],
  ['how a cell of a Markdown table is escaped', /replace\(\/\\\|\/g/, ['src/telling/printable.ts']],
  ['how a pattern of states is read', /split\('\*'\)/, ['machines/kit/patterns.ts']],
  ['what is around a state', /\.\.\.lineage\(/, ['src/telling/resting-states.ts']],
];

describe('the sources', () => {
  it.each(FACTS)('say in one place, or none, %s', (_, shows, where) => {
    expect(filesWith(shows)).toEqual(where);
  });

  it('repeat no run of six lines of one room in another', () => {
    expect(repeatedBetweenRooms()).toEqual(Object.keys(REPEATED));
  });
});

/** Pairs of files that share a run all the same, and why. */
const REPEATED: Readonly<Record<string, string>> = {
  'src/simulator/zlib-compression.ts ~ adapters/zlib.ts':
    "the part of Node's zlib that its types lack; an adapter imports nothing of a room",
};

const RUN = 6;

/** Lines that count: no blank ones, imports or lone punctuation. */
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /\w/.test(line) && !/^(import\b|export (\*|\{|type \{)|\} from )/.test(line));

const roomOf = (file: string): string => file.split('/').slice(0, 2).join('/');

function repeatedBetweenRooms(): string[] {
  const seen = new Map<string, string>();
  const pairs = new Set<string>();
  for (const [file, text] of SOURCES) {
    const lines = linesOf(text);
    for (let at = 0; at + RUN <= lines.length; at += 1) {
      const run = lines.slice(at, at + RUN).join('\n');
      const first = seen.get(run);
      if (first === undefined) seen.set(run, file);
      else if (roomOf(first) !== roomOf(file)) pairs.add(`${first} ~ ${file}`);
    }
  }
  return [...pairs];
}
