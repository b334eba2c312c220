import { describe, expect, it } from 'vitest';
import { complaintsAbout } from './compile.js';
import { namesBelow, snippetsIn } from './pages.js';
import { printsWhatItSays } from './run.js';

/** What docs/shard.md lists, and the type whose keys these have to be: all of them, and no other. */
const LISTS = [
  { what: 'options', names: namesBelow('## Options'), type: "keyof import('gatechart').ShardOptions" },
  {
    what: 'members of a shard',
    names: namesBelow('## What it gives'),
    type: "Extract<keyof import('gatechart').Shard, string>",
  },
  {
    what: 'news',
    names: namesBelow('What listeners hear'),
    type: "Exclude<keyof import('gatechart').ShardListenerArguments, import('gatechart').DispatchEventName>",
  },
  {
    what: 'codes of errors',
    names: namesBelow('## Errors'),
    type: "import('gatechart').AnyGatewayError['code']",
  },
];
const lists = LISTS.map(
  ({ names, type }) =>
    `export const all: Record<${type}, true> = { ${names.map((name) => `'${name}': true`).join(', ')} };`,
);

const SNIPPETS = snippetsIn('ts');
const complaints = complaintsAbout([...SNIPPETS.map(({ code }) => code), ...lists]);

describe('a snippet of the documentation', () => {
  it.each(SNIPPETS.map(({ at }, i) => ({ at, i })))('type-checks: $at', ({ i }) => {
    expect(complaints[i]).toEqual([]);
  });

  it.each(SNIPPETS.filter(({ info }) => info === 'ts run'))('prints what it says: $at', ({ code }) =>
    printsWhatItSays(code),
  );
});

describe('the page on the shard', () => {
  it.each(LISTS.map(({ what, names }, i) => ({ what, names, i })))('lists all $what, and no other', ({ names, i }) => {
    expect(names.length).toBeGreaterThan(3);
    expect(complaints[SNIPPETS.length + i]).toEqual([]);
  });
});
