/** How the specification is written: charts to be held against a page by eye, and XState as it is promised. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const MACHINES = join(ROOT, 'machines');
const SPACES = 2;
const MOST_LEVELS = 8;

const files = ['shard', 'gateway'].flatMap((chart) =>
  readdirSync(join(MACHINES, chart))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${chart}/${name}`),
);

describe('a file of a chart', () => {
  it.each(files)('is no deeper than eight levels: %s', (file) => {
    const lines = readFileSync(join(MACHINES, file), 'utf8').split('\n');
    const deep = lines.flatMap((line, at) =>
      line.search(/\S/) > MOST_LEVELS * SPACES ? [`${file}:${at + 1}: ${line.trim()}`] : [],
    );
    expect(deep).toEqual([]);
  });
});

describe('what XState does not promise', () => {
  const INSIDES = 'machines/kit/xstate-insides.ts';
  const PRIVATE =
    /\b_(nodes|transitions|parent|unregister|sendInspectionEvent|snapshot|relay)\b|\.observers\b|Object\.create\((?!null)/;
  const sources = ['machines', 'src', 'adapters'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  );

  it('is used in one file alone', () => {
    const users = sources.filter((file) => PRIVATE.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(users).toEqual([INSIDES]);
  });
});
