/** Bundles a program of the tests, which is TypeScript, and runs it: `node .ci/run-ts.mjs test/mutants/run.ts [arguments]`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const [program] = process.argv.splice(2, 1);
const outfile = join(root, 'node_modules/.cache/gatechart', program.replaceAll('/', '-').replace(/\.ts$/, '.mjs'));
mkdirSync(join(outfile, '..'), { recursive: true });
await build({
  entryPoints: [join(root, program)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
await import(pathToFileURL(outfile).href);
