import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };

/** The entries of the package by their names, as in examples: from the sources, like `paths` in tsconfig.json. */
const alias = Object.entries(manifest.exports).flatMap(([entry, target]) => {
  if (typeof target === 'string') return [];
  const source = target.default.replace('./dist', import.meta.dirname).replace(/\.js$/, '.ts');
  return [{ find: new RegExp(`^${entry.replace('.', manifest.name)}$`), replacement: source }];
});

/** Files in which a sample takes the place of what would take minutes; `npm run test:long` runs these, with all of it. */
const LONG = ['test/testing/host-pairs.test.ts'];

export default defineConfig(({ mode }) => ({
  resolve: { alias },
  test: {
    environment: 'node',
    env: { GATECHART_LONG: mode === 'long' ? '1' : '' },
    maxWorkers: '100%', // the default leaves a core unused, which on two cores is half of them
    include: mode === 'long' ? LONG : ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    testTimeout: 20_000, // a guard against hanging, not a measure
    coverage: { provider: 'v8', include: ['machines/**', 'src/**', 'adapters/**'] },
  },
}));
