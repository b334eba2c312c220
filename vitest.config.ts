import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };
import { measureSlowness } from './test/support/slowness.js';

/** The entries of the package by their names, as in examples: from the sources, like `paths` in tsconfig.json. */
const alias = Object.entries(manifest.exports).flatMap(([entry, target]) => {
  if (typeof target === 'string') return [];
  const source = target.default.replace('./dist', import.meta.dirname).replace(/\.js$/, '.ts');
  return [{ find: new RegExp(`^${entry.replace('.', manifest.name)}$`), replacement: source }];
});

/** Set once, here in the main process: a worker that reads the configuration must not measure again. */
process.env['GATECHART_SLOWNESS'] ??= String(measureSlowness());
const slowness = Number(process.env['GATECHART_SLOWNESS']);

const CORES = availableParallelism();
/** The files of a tier, by the word before `.test.ts`; those without such a word are unit tests. */
const named = (...words: string[]) => words.map((word) => `test/**/*.${word}.test.{ts,tsx}`);

/** The runtime tier: `--mode core` is what a newcomer runs of it, a test of each kind of real part; `--mode rest` all else. */
const runtimeIn = (mode: string) => (mode === 'core' ? ['core'] : mode === 'rest' ? ['runtime'] : ['core', 'runtime']);

export default defineConfig(({ mode }) => {
  // Limits guard against hanging; they measure nothing.
  const within = (ms: number) => ({ testTimeout: ms * slowness, hookTimeout: ms * slowness });
  return {
    resolve: { alias },
    test: {
      environment: 'node',
      expect: { requireAssertions: true, poll: { timeout: 5_000 * slowness } },
      coverage: { provider: 'v8', include: ['machines/**', 'src/**', 'adapters/**'] },
      projects: [
        {
          extends: true,
          test: {
            ...within(10_000),
            name: 'unit',
            include: ['test/**/*.test.{ts,tsx}'],
            exclude: named('core', 'runtime', 'model', 'long'),
            isolate: false, // modules are loaded once for each worker, which is most of the time that unit tests take
            maxWorkers: CORES,
            sequence: { groupOrder: 0 },
          },
        },
        {
          extends: true,
          test: {
            ...within(30_000),
            name: 'runtime',
            include: named(...runtimeIn(mode)),
            maxWorkers: CORES + 1, // they wait for sockets and processes
            sequence: { groupOrder: 1 },
          },
        },
        {
          extends: true,
          test: {
            ...within(600_000),
            name: 'model',
            include: named('model'),
            maxWorkers: CORES,
            sequence: { groupOrder: 2 },
          },
        },
        {
          extends: true,
          test: {
            ...within(600_000),
            name: 'long',
            include: named('long'),
            maxWorkers: CORES,
            sequence: { groupOrder: 3 },
          },
        },
      ],
    },
  };
});
