/** How the charts are written, so that they can be held against a page of documentation by eye. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const MACHINES = join(import.meta.dirname, '../../machines');
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
