/** The links to Discord's documentation against its headings, transcribed from its sources. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLAUSES, clauseUrl } from '../../../machines/protocol/clauses.js';
import { HEADINGS } from '../../support/documentation.js';

const ROOT = join(import.meta.dirname, '../../..');
const sources = ['machines', 'src'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('protocol/clauses.ts'))
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
);
const used = [...new Set(sources.flatMap((text) => text.match(/(?<=')(?:gateway|voice)#[\w-]+(?=')/g) ?? []))].sort();

describe('the clauses', () => {
  it('are those that charts, causes, laws, rules and pages refer to', () => {
    expect(used.length).toBeGreaterThan(25);
    expect(Object.keys(CLAUSES).sort()).toEqual(used);
  });

  it.each(Object.entries(CLAUSES))('%s stands where the documentation has it', (_, { page, anchor }) => {
    expect(HEADINGS[page]).toContain(anchor);
  });

  it.each([
    ['gateway#hello-event', 'https://docs.discord.com/developers/events/gateway#hello-event'],
    ['gateway#reconnect', 'https://docs.discord.com/developers/events/gateway-events#reconnect'],
    ['policy#waits', null],
    ['gateway', null],
    ['constructor', null],
  ])('have a link if they are from the documentation: %s', (spec, url) => {
    expect(clauseUrl(spec)).toBe(url);
  });
});
