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

/** The targets of a page's links and pictures that are of this project; those in code are not meant to be followed. */
function linksOf(text: string): readonly string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
    ([, link, source = '']) => link ?? source,
  );
  return [...new Set(links.filter((each) => !/^https?:/.test(each)))];
}

/** The pictures that a page shows, and those that it links to. */
const SHOWN = /(?:src|srcset)="([^"]+\.svg)"|!\[[^\]]*\]\(([^)]+\.svg)\)/g;
const LINKED = /(?<!!)\[[^\]]*\]\(([^)\s]+\.svg[^)]*)\)/g;
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, one, other = '']) => one ?? other);

/** What a page says of files, in code. */
const FILES = /`((?:machines|src|adapters|test|docs|examples|\.ci)\/[^`\s*]*)`/g;

const ANCHORS = new Map(Object.entries(PAGES).map(([page, text]) => [page, new Set(anchorsOf(text))]));

describe.each(Object.entries(PAGES))('%s', (page, text) => {
  it('links to files and headings that exist', () => {
    const isThere = (link: string) => {
      const [file = '', anchor] = link.replace('?raw=true', '').split('#');
      const target = file === '' ? page : join(dirname(page), file);
      return existsSync(join(ROOT, target)) && (anchor === undefined || ANCHORS.get(target)?.has(anchor) === true);
    };
    expect(linksOf(text).filter((link) => !isThere(link))).toEqual([]);
  });

  it('shows pictures whose words can be read: at their own size, or as wide as a page', () => {
    const widthOf = (link: string) =>
      Number(/ width="(\d+)"/.exec(readFileSync(join(ROOT, dirname(page), link), 'utf8'))?.[1]);
    expect(found(text, SHOWN).filter((image) => !((SIZE * COLUMN) / widthOf(image) > 9))).toEqual([]);
    expect(found(text, LINKED).filter((link) => !link.endsWith('.svg?raw=true'))).toEqual([]);
  });

  it('names files that exist', () => {
    expect(found(text, FILES).filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });
});

describe('the pages', () => {
  it.each<[string, (text: string) => readonly string[]]>([
    ['links', linksOf],
    ['pictures', (text) => found(text, SHOWN)],
    ['links to pictures', (text) => found(text, LINKED)],
    ['files', (text) => found(text, FILES)],
  ])('have %s, which are found', (_, find) => {
    expect(Object.values(PAGES).flatMap(find).length).toBeGreaterThan(2);
  });
});
