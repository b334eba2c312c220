/** Optional packages, from where the program or gatechart stands. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadInstalled } from '../src/installed.js';

describe('loadInstalled', () => {
  const program = process.argv[1];
  afterEach(() => {
    process.argv[1] = program as string;
  });

  it('loads a package that is installed beside gatechart', () => {
    expect(loadInstalled('fzstd')).toHaveProperty('Decompress');
  });

  it('loads one that is installed beside the program', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatechart-installed-'));
    mkdirSync(join(folder, 'node_modules/beside'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/beside/index.js'), "module.exports = 'here';");
    process.argv[1] = join(folder, 'program.js');
    expect(loadInstalled('beside')).toBe('here');
    rmSync(folder, { recursive: true });
  });

  it.each([['/'], ['a relative path'], [undefined]])('says what is missing, whatever the program is: %s', (path) => {
    process.argv[1] = path as string;
    expect(() => loadInstalled('not-installed')).toThrow("Cannot find module 'not-installed'");
  });
});
