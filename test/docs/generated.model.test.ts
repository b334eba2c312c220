import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksFrom, exploreCharts, FILES, fill, STORMS } from '../../src/reference/blocks.js';
import { FOLDERS, filesFrom } from '../../src/reference/files.js';
import { PAGES, ROOT } from './pages.js';

const graphs = exploreCharts();
const blocks = await blocksFrom(graphs);
const files = await filesFrom(graphs, PAGES['docs/departures.md'] ?? '');

describe('generated text in the documentation', () => {
  it.each<string>(FILES)('is what the charts and tables give now (npm run generate): %s', (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    expect(text).toBe(fill(text, blocks));
  });

  it('stands only in files that are generated, and every block somewhere', () => {
    const used = Object.entries(PAGES)
      .filter(([page]) => page !== STORMS) // test/cli/storms/storms.model.test.ts holds it
      .flatMap(([page, text]) =>
        [...text.matchAll(/<!-- generated: (\S+) -->/g)].map(([, name = '']) => ({ page, name })),
      );
    expect(used.filter(({ page }) => !FILES.includes(page))).toEqual([]);
    expect(used.map(({ name }) => name).sort()).toEqual(Object.keys(blocks).sort());
  });
});

describe('files that are generated as a whole', () => {
  it.each(Object.keys(files))('are what the charts give now (npm run generate): %s', (file) => {
    expect(readFileSync(join(ROOT, file), 'utf8')).toBe(files[file]);
  });

  it('have their folders to themselves', () => {
    const found = FOLDERS.flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`));
    expect(found.sort()).toEqual(Object.keys(files).sort());
  });
});
