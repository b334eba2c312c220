import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { complaintsAbout } from './compile.js';
import { PAGES, snippetsIn } from './pages.js';
import { bundle } from './run.js';

const SNIPPETS = snippetsIn('ts');

/** The names in the first column of the README's table below some words. */
function namesBelow(words: string): string[] {
  const [, after = ''] = PAGES['README.md']?.split(words) ?? [];
  const [, rows = ''] = /^\| -.*\n((?:\|.*\n)*)/m.exec(after) ?? [];
  return [...rows.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\.*[\w/*-]+)[^`]*`/g)].map(([, name = '']) => name),
  );
}

const ERRORS = [
  'GatewayClosed',
  'Unauthorized',
  'IdentifyRefused',
  'Stopped',
  'LocalProtocol',
  'BufferOverflow',
  'Internal',
];

/** What the README lists, and the type whose keys these have to be: all of them, and no other. */
const LISTS = [
  { what: 'options', names: namesBelow('### Options'), type: "keyof import('gatechart').ShardOptions" },
  {
    what: 'members of a shard',
    names: namesBelow('### The shard'),
    type: "Extract<keyof import('gatechart').Shard, string>",
  },
  {
    what: 'news',
    names: namesBelow('What listeners hear'),
    type: "Exclude<keyof import('gatechart').ShardListenerArguments, import('gatechart').DispatchEventName>",
  },
  {
    what: 'codes of errors',
    names: namesBelow('### Errors'),
    type: ERRORS.map((name) => `import('gatechart').${name}Error['code']`).join(' | '),
  },
];
const lists = LISTS.map(
  ({ names, type }) =>
    `export const all: Record<${type}, true> = { ${names.map((name) => `'${name}': true`).join(', ')} };`,
);

const complaints = complaintsAbout([...SNIPPETS.map(({ code }) => code), ...lists]);

/** The lines that a snippet says it prints: comments behind a call of console.log, and those on lines of their own below. */
function promised(code: string): string[] {
  let isPrinting = false;
  return code.split('\n').flatMap((line) => {
    const [, call, comment] = /^(.*console\.log\(.*\);)? ?(?:\/\/ (.*))?$/.exec(line) ?? [];
    if (call !== undefined) isPrinting = true;
    else if (comment === undefined) isPrinting = false;
    return isPrinting && comment !== undefined ? [comment] : [];
  });
}

describe('a snippet of the documentation', () => {
  it.each(SNIPPETS.map(({ at }, i) => ({ at, i })))('type-checks: $at', ({ i }) => {
    expect(complaints[i]).toEqual([]);
  });

  it.each(SNIPPETS.filter(({ info }) => info === 'ts run'))(
    'prints what it says: $at',
    async ({ code }) => {
      const { stdout } = await promisify(execFile)('node', [await bundle(code)], { timeout: 20_000 });
      expect(stdout.trimEnd().split('\n')).toEqual(promised(code));
    },
    30_000,
  );
});

describe('the README', () => {
  it.each(LISTS.map(({ what, names }, i) => ({ what, names, i })))('lists all $what, and no other', ({ names, i }) => {
    expect(names.length).toBeGreaterThan(3);
    expect(complaints[SNIPPETS.length + i]).toEqual([]);
  });

  it('lists all entries of the package', () => {
    const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
    const listed = namesBelow('### Packages within the package');
    expect(listed.sort()).toEqual(entries.map((entry) => entry.replace(/^\./, manifest.name)).sort());
  });
});
