/** What the package exports: on purpose, by name. docs/api has the whole of it, which `npm run check:api` compares. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import * as browser from '../src/browser.js';
import * as node from '../src/index.js';

const ROOT = join(import.meta.dirname, '..');

/** The lists that more than one entry shares, and types that are not ours. */
const SHARED = [
  "src/index.ts: * from './public.js'",
  "src/browser.ts: * from './public.js'",
  "src/simulator/index.ts: * from './browser.js'",
  "machines/index.ts: * from './client.js'",
  "machines/client.ts: type * from './protocol/payloads.js'",
  "src/public.ts: type * from '../machines/protocol/payloads.js'",
];

type Entry = string | { readonly types: string; readonly browser?: { readonly types: string } };

const entries = Object.values<Entry>(manifest.exports)
  .flatMap((entry) => (typeof entry === 'string' ? [] : [entry.types, entry.browser?.types ?? []].flat()))
  .map((types) => types.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, '.ts'));

const starsOf = (file: string) =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^export ((?:type )?\*.*);/gm)].map(
    ([, star]) => `${file}: ${star}`,
  );

describe('the entries', () => {
  it('list what they export by name, but for lists that they share', () => {
    expect(entries.length).toBeGreaterThan(10);
    const lists = [...entries, 'machines/client.ts', 'src/public.ts'];
    expect(lists.flatMap(starsOf).sort()).toEqual([...SHARED].sort());
  });
});

describe('the main entry', () => {
  it('has at most 60 values', () => {
    expect(Object.keys(node).length).toBeLessThanOrEqual(60);
  });

  it('is the same in browsers, but for files', () => {
    expect(Object.keys(node).filter((name) => !(name in browser))).toEqual(['onSignals', 'traceFile']);
    expect(Object.keys(browser).filter((name) => !(name in node))).toEqual([]);
  });

  it('holds no helper for charts and no table but the causes', () => {
    const constants = Object.keys(node).filter((name) => /^[A-Z_]+$/.test(name));
    expect(constants.sort()).toEqual([
      'ALL_INTENTS',
      'CAUSES',
      'DEFAULT_POLICY',
      'PRIVILEGED_INTENTS',
      'UNPRIVILEGED_INTENTS',
      'USER_AGENT',
    ]);
    for (const helper of ['arm', 'because', 'shardSetup', 'shardMachine']) expect(node).not.toHaveProperty(helper);
  });
});
