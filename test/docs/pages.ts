import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the project. */
export const ROOT = join(import.meta.dirname, '../..');

/** Every page of the documentation, by its path; the reports of docs/api are no pages. */
export const PAGES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'SECURITY.md',
    ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.startsWith('api/'))
      .map((name) => `docs/${name}`),
  ].map((page) => [page, readFileSync(join(ROOT, page), 'utf8')]),
);

/** A fenced block of a page. */
export interface Snippet {
  /** Where it stands, such as `README.md:31`. */
  readonly at: string;
  /** What stands behind the fence, such as `ts run`. */
  readonly info: string;
  readonly code: string;
}

/** The fenced blocks of all pages whose info begins with a language. */
export function snippetsIn(language: string): readonly Snippet[] {
  return Object.entries(PAGES).flatMap(([page, text]) =>
    [...text.matchAll(/^```(\w[^\n]*)\n([\s\S]*?)^```$/gm)].flatMap(({ 1: info = '', 2: code = '', index }) => {
      const line = text.slice(0, index).split('\n').length;
      return info.split(' ')[0] === language ? [{ at: `${page}:${line}`, info, code }] : [];
    }),
  );
}

/** The names in the first column of the table below some words of docs/shard.md. */
export function namesBelow(words: string): string[] {
  const [, after = ''] = PAGES['docs/shard.md']?.split(words) ?? [];
  const [, rows = ''] = /^\| -.*\n((?:\|.*\n)*)/m.exec(after) ?? [];
  return [...rows.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\.*[\w/*-]+(?:\.schema\.json)?)[^`]*`/g)].map(([, name = '']) => name),
  );
}
