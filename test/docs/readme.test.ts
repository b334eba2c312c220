import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { namesBelow } from './pages.js';

it('the page on the shard lists all entries of the package', () => {
  const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
  const listed = namesBelow('## Packages within the package');
  expect(listed.sort()).toEqual(entries.map((entry) => entry.replace(/^\./, manifest.name)).sort());
});
