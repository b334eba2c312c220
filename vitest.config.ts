import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import manifest from './package.json' with { type: 'json' };

/** The entries of the package by their names, as in examples: from the sources, like `paths` in tsconfig.json. */
const alias = Object.entries(manifest.exports).flatMap(([entry, target]) => {
  if (typeof target === 'string') return [];
  const source = target.default.replace('./dist', import.meta.dirname).replace(/\.js$/, '.ts');
  return [{ find: new RegExp(`^${entry.replace('.', manifest.name)}$`), replacement: source }];
});

/** What does more in `npm run test:long` than `npm test` has the time for. */
const LONG = ['test/testing/host.test.ts'];

/** What takes longest. */
const FIRST = [
  'test/testing/product.test.ts',
  'test/mutants/mutants.test.ts',
  'test/testing/abstraction.test.ts',
  'test/testing/product-variants.test.ts',
  'test/host/paths.test.ts',
  'test/testing/host.test.ts',
];

/** Begins with what takes longest: begun last, it would keep one core busy and the others idle. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification) => FIRST.indexOf(relative(import.meta.dirname, moduleId));
    const long = sorted.filter((file) => place(file) >= 0).sort((a, b) => place(a) - place(b));
    return [...long, ...sorted.filter((file) => place(file) < 0)];
  }
}

export default defineConfig(({ mode }) => ({
  resolve: { alias },
  test: {
    environment: 'node',
    env: { GATECHART_LONG: mode === 'long' ? '1' : '' },
    maxWorkers: availableParallelism() + 2, // many tests wait for sockets and processes
    include: mode === 'long' ? LONG : ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000, // a guard against hanging, not a measure
    coverage: { provider: 'v8', include: ['machines/**', 'src/**', 'adapters/**'] },
  },
}));
