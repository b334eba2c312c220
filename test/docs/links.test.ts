import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES, ROOT } from './pages.js';

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}

const ANCHORS = new Map(Object.entries(PAGES).map(([page, text]) => [page, new Set(anchorsOf(text))]));

describe.each(Object.entries(PAGES))('%s', (page, text) => {
  it('links to files and headings that exist', () => {
    const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
      ([, link, source = '']) => link ?? source,
    );
    for (const link of new Set(links.filter((each) => !/^https?:/.test(each)))) {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : join(dirname(page), file);
      expect(existsSync(join(ROOT, target)), link).toBe(true);
      if (anchor !== undefined) expect(ANCHORS.get(target)?.has(anchor), link).toBe(true);
    }
  });

  it('names files that exist', () => {
    const names = [...text.matchAll(/`((?:machines|src|adapters|test|docs|examples|\.ci)\/[^`\s*]*)`/g)];
    for (const [, name = ''] of names) expect(existsSync(join(ROOT, name)), name).toBe(true);
  });
});
