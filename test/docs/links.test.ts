import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES, ROOT } from './pages.js';

/** A page on GitHub, and the smallest text of a picture, in pixels. */
const COLUMN = 838;
const SIZE = 12;

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
      const [file = '', anchor] = link.replace('?raw=true', '').split('#');
      const target = file === '' ? page : join(dirname(page), file);
      expect(existsSync(join(ROOT, target)), link).toBe(true);
      if (anchor !== undefined) expect(ANCHORS.get(target)?.has(anchor), link).toBe(true);
    }
  });

  it('shows pictures whose words can be read: at their own size, or as wide as a page', () => {
    const widthOf = (link: string) =>
      Number(/ width="(\d+)"/.exec(readFileSync(join(ROOT, dirname(page), link), 'utf8'))?.[1]);
    for (const [, source, image = source ?? ''] of text.matchAll(
      /(?:src|srcset)="([^"]+\.svg)"|!\[[^\]]*\]\(([^)]+\.svg)\)/g,
    ))
      expect((SIZE * COLUMN) / widthOf(image), image).toBeGreaterThan(9);
    for (const [link] of text.matchAll(/(?<!!)\[[^\]]*\]\([^)\s]+\.svg[^)]*\)/g))
      expect(link).toContain('.svg?raw=true');
  });

  it('names files that exist', () => {
    const names = [...text.matchAll(/`((?:machines|src|adapters|test|docs|examples|\.ci)\/[^`\s*]*)`/g)];
    for (const [, name = ''] of names) expect(existsSync(join(ROOT, name)), name).toBe(true);
  });
});
