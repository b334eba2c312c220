import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as machines from '../../machines/index.js';
import { main } from '../../src/cli/program.js';
import { RULES } from '../../src/conformance/rules.js';
import * as diagram from '../../src/diagram/index.js';
import * as testing from '../../src/testing.js';
import { PAGES, ROOT } from './pages.js';

const { blocksFrom, FILES, fill, graphsFrom, helpOf, STORMS } = await import(
  /* @vite-ignore */ join(ROOT, '.ci/blocks.mjs')
);
const { filesFrom, FOLDERS } = await import(/* @vite-ignore */ join(ROOT, '.ci/files.mjs'));
const graphs = graphsFrom({ machines, testing });
const sources = { machines, testing, diagram, graphs, rules: RULES, help: await helpOf({ main }) };
const blocks: Record<string, string> = blocksFrom(sources);
const files: Record<string, string> = await filesFrom(sources);

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
    const found = FOLDERS.flatMap((folder: string) =>
      readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`),
    );
    expect(found.sort()).toEqual(Object.keys(files).sort());
  });
});
