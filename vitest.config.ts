import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    coverage: { provider: 'v8', include: ['machines/**', 'src/**', 'adapters/**'] },
  },
});
