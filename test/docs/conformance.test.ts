/** What docs/conformance.md says of the kit, held against the kit. */
import { describe, expect, it } from 'vitest';
import { GRADES } from '../../src/conformance/case.js';
import { CASES } from '../../src/conformance/cases/index.js';
import { PLACEHOLDERS, VARIABLES } from '../../src/conformance/client-process.js';
import { PAGES } from './pages.js';

const page = PAGES['docs/conformance.md'] ?? '';

describe('docs/conformance.md', () => {
  it('names every variable and placeholder', () => {
    const names = [...Object.keys(VARIABLES), ...PLACEHOLDERS.map((name) => `{${name}}`)];
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('has every grade, worst first, with what it costs', () => {
    const rows = Object.entries(GRADES).map(([grade, says]) => `| \`${grade}\` | ${says} |`);
    expect(page).toContain(rows.join('\n'));
  });

  it('has every group of cases', () => {
    const groups = new Set(
      CASES.map(({ id }) =>
        `${id.split('/')[0]}/`.replace(/^close-.*/, 'close-<code>/').replace(/^malformed-.*/, 'malformed-<kind>/'),
      ),
    );
    expect([...groups].filter((group) => !page.includes(`\`${group}\``))).toEqual([]);
  });
});
