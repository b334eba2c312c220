/** What the viewer's style sheet names is in its page. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '../../src');
const CSS = readFileSync(join(SRC, 'viewer/style.css'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

/** The page, what makes it, and the pictures that it shows. */
const SOURCES = ['viewer', 'diagram']
  .flatMap((folder) => readdirSync(join(SRC, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.(ts|html)$/.test(entry.name))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  .join('\n');

const preludes = [...CSS.matchAll(/([^{}]+)\{/g)].map(([, prelude = '']) => prelude.trim());
const selectors = preludes.filter((prelude) => !prelude.startsWith('@')).join(',');
const named = (pattern: RegExp) => [...new Set([...selectors.matchAll(pattern)].map(([, name = '']) => name))];
/** Within quotes, alone or among other words: where a class or an id is given. */
const isGiven = (name: string) => new RegExp(`['"\`}](?:[\\w-]+[ .#])*[.#]?${name}(?![\\w-])`).test(SOURCES);

describe('the style sheet', () => {
  it('names no class or id that the page does not have', () => {
    const names = named(/[.#]([a-zA-Z][\w-]*)/g);
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !isGiven(name))).toEqual([]);
  });

  it('defines no variable that neither it nor a picture uses', () => {
    const defined = new Set([...CSS.matchAll(/(--[\w-]+)\s*:/g)].map(([, name = '']) => name));
    expect(defined.size).toBeGreaterThan(5);
    expect([...defined].filter((name) => !CSS.includes(`var(${name}`) && !name.startsWith('--gatechart-'))).toEqual([]);
  });

  it('has no rule twice', () => {
    const rules = [...CSS.matchAll(/[^{}]+\{[^{}]*\}/g)].map(([rule]) => rule.replace(/\s+/g, ' ').trim());
    expect(rules.length).toBeGreaterThan(50);
    const inRow = rules.filter((rule, at) => rule === rules[at - 1]);
    expect(inRow).toEqual([]);
  });
});
