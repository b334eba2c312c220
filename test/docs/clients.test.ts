import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script, which has no types
import { LIBRARIES, pinnedVersion } from '../../examples/clients/ecosystems.mjs';
import { ROOT } from './pages.js';

const page = readFileSync(join(ROOT, 'docs/clients.md'), 'utf8');

describe('docs/clients.md', () => {
  it.each<{ name: string; manifest: string }>(LIBRARIES)('has $name in the version that is pinned', (library) => {
    const version = pinnedVersion(
      library,
      readFileSync(join(ROOT, 'examples/clients', library.name, library.manifest), 'utf8'),
    );
    const row = page.split('\n').find((line) => line.startsWith(`| ${library.name} `)) ?? '';
    const [name, measured] = row
      .split('|')
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '');
    expect([name, measured]).toEqual([library.name, version]);
  });

  it.each<{ name: string }>(LIBRARIES)(
    'says of $name how it is pointed at another host, and whom it trusts',
    ({ name }) => {
      const [, hosts = '', trust = ''] = page.split(/^## (?:Where|Whom).*$/m);
      expect(hosts).toContain(`\n| ${name} |`);
      expect(trust.split('\n').filter((line) => line.startsWith('|') && line.includes(name))).toHaveLength(1);
    },
  );
});
