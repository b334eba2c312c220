import { describe, expect, it } from 'vitest';
import { complaintsAbout } from './compile.js';
import { snippetsIn } from './pages.js';
import { printsWhatItSays } from './run.js';

/** Those of the README are in readme.core.test.ts. */
const SNIPPETS = snippetsIn('ts').filter(({ at }) => !at.startsWith('README.md'));
const complaints = complaintsAbout(SNIPPETS.map(({ code }) => code));

describe('a snippet of the documentation', () => {
  it.each(SNIPPETS.map(({ at }, i) => ({ at, i })))('type-checks: $at', ({ i }) => {
    expect(complaints[i]).toEqual([]);
  });

  it.each(SNIPPETS.filter(({ info }) => info === 'ts run'))('prints what it says: $at', ({ code }) =>
    printsWhatItSays(code),
  );
});
