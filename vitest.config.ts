import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };

/** The entries of the package by their names, as in examples: from the sources, like `paths` in tsconfig.json. */
const alias = Object.entries(manifest.exports).flatMap(([entry, target]) => {
  if (typeof target === 'string') return [];
  const source = target.default.replace('./dist', import.meta.dirname).replace(/\.js$/, '.ts');
  return [{ find: new RegExp(`^${entry.replace('.', manifest.name)}$`), replacement: source }];
});

export default defineConfig({
  resolve: { alias },
  test: {
    environment: 'node',
    maxWorkers: '100%', // the default leaves a core unused, which on two cores is half of them
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    testTimeout: 20_000, // a guard against hanging, not a measure
    coverage: { provider: 'v8', include: ['machines/**', 'src/**', 'adapters/**'] },
  },
});
