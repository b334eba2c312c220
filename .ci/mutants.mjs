/** Bundles test/mutants/run.ts, which is TypeScript, and runs it: `npm run mutants`, or `npm run mutants -- host` for a part. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'node_modules/.cache/gatechart');
const outfile = join(folder, 'mutants.mjs');
mkdirSync(folder, { recursive: true });
await build({
  entryPoints: [join(root, 'test/mutants/run.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
await import(pathToFileURL(outfile).href);
