/** Mutants of what carries the charts out: one operator, literal or statement of the source changed, compiled anew. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Candidate } from './score.js';

const FILES = [
  'src/host/host.ts',
  'src/host/memory-permits.ts',
  'src/host/rest-locator.ts',
  'src/wire/decode.ts',
  'src/wire/decoder.ts',
  'src/wire/encode.ts',
  'src/shard/dispatches.ts',
  'src/shard/latency.ts',
  'src/shard/record.ts',
  'src/shard/logic.ts',
  'src/shard/shard.ts',
  'src/shard/options.ts',
  'src/shard/errors.ts',
  'src/shard/backlog.ts',
  'src/shard/health.ts',
];

/** A change to a line: what is found, and what it becomes. */
const OPERATORS: readonly (readonly [kind: string, find: RegExp, replace: string])[] = [
  ['=== to !==', / === /, ' !== '],
  ['!== to ===', / !== /, ' === '],
  ['&& to ||', / && /, ' || '],
  ['|| to &&', / \|\| /, ' && '],
  ['>= to >', / >= /, ' > '],
  ['<= to <', / <= /, ' < '],
  ['< to <=', /(?<=\w) < (?=\d)/, ' <= '],
  ['> to >=', /(?<=[\w)] )> (?=[\dL])/, '>= '],
  ['+= to -=', / \+= /, ' -= '],
  ['-= to +=', / -= /, ' += '],
  ['- to +', / - (?=\w)/, ' + '],
  ['* to +', / \* /, ' + '],
  ['??= to =', / \?\?= /, ' = '],
  ['used to unused', /, 'used'\)/, ", 'unused')"],
  ['unused to used', /, 'unused'\)/, ", 'used')"],
  ['negated', /if \((?!this\.#permit\)|typeof)(.+?)\) (?=\{|return|this|throw)/, 'if (!($1)) '],
  ['min to max', /Math\.min(?=\()/, 'Math.max'],
  ['max to min', /Math\.max(?=\()/, 'Math.min'],
  ['statement removed', /^( +)(?:(?:void )?(?!super|return|throw)[\w.#?]+(?: [-+?]*= .+|\(.*\));)(?: \/\/.*)?$/, '$1;'],
  ['case renamed', /^( +)case '\w+':$/, "$1case 'nothing':"],
  ['code changed', /(?<=readonly code = ')(?=ERR_)/, 'NO_'],
  ['return removed', /^( +)(?:if \(.+\) )?return;$/, '$1;'],
];

/** A mutant as text. */
interface TextMutant {
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  readonly text: string;
}

/** Every mutant of these files, judged on the benches. */
export function sourceMutants(): Candidate[] {
  return FILES.flatMap(textMutants).map((mutant, at) => ({
    name: mutant.name,
    kind: `source: ${mutant.kind}`,
    judge: () => judge(mutant, at),
  }));
}

function textMutants(file: string): TextMutant[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const seen = new Map<string, number>();
  return lines.flatMap((line, at) => {
    if (/^\s*(\*|\/\*|\/\/|import|export (type|interface))/.test(line)) return [];
    return OPERATORS.flatMap(([kind, find, replace]) =>
      placesOf(find, line).map((place) => {
        const changed = line.replace(place, replace);
        const plain = `${file}: ${kind}: ${line.trim()}`;
        const times = (seen.get(plain) ?? 0) + 1;
        seen.set(plain, times);
        const text = [...lines.slice(0, at), changed, ...lines.slice(at + 1)].join('\n');
        return { name: times === 1 ? plain : `${plain} (${times})`, kind, file, text };
      }),
    );
  });
}

/** Where something is found in a line: patterns each of which finds it in one place alone. */
function placesOf(find: RegExp, line: string): RegExp[] {
  return [...line.matchAll(new RegExp(find, 'g'))].map(({ index }) => {
    const place = new RegExp(find, 'y');
    place.lastIndex = index;
    return place;
  });
}

/** Prints what is wrong with them. */
const ENTRY = `
  import { judgeSource } from './test/mutants/benches.ts';
  const found = await judgeSource();
  await new Promise((resolve) => setImmediate(resolve)); // a rejection that nobody handles breaks the process
  process.stdout.write(JSON.stringify(found));
  process.exit();
`;
/** What is judged takes half a second; the rest is for a busy machine. */
const MOST_MS = 30_000;
const run = promisify(execFile);

/** Compiles the bench with the mutant in place of the file, and runs it in a process of its own, which it may break. */
async function judge({ file, text }: TextMutant, at: number): Promise<string | null> {
  const folder = resolve('node_modules/.cache/gatechart');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `host-${process.pid}-${at}.mjs`);
  await build({
    stdin: { contents: ENTRY, resolveDir: resolve('.'), loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
    plugins: [
      {
        name: 'mutant',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, ({ path }) =>
            path === resolve(file) ? { contents: text, loader: 'ts' } : undefined,
          );
        },
      },
    ],
  });
  try {
    const { stdout } = await run(process.execPath, [outfile], { timeout: MOST_MS });
    return JSON.parse(stdout) as string | null;
  } catch (error) {
    if ((error as { killed?: boolean }).killed) return `it does not end within ${MOST_MS} ms`;
    return `it breaks: ${(error as Error).message.split('\n').slice(0, 4).join(' ')}`;
  } finally {
    rmSync(outfile, { force: true });
  }
}
