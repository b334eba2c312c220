import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { ROOT } from './pages.js';

/** The source of each entry of the package, by the name that users import. */
const SOURCES = Object.fromEntries(
  Object.entries(manifest.exports).flatMap(([entry, target]) =>
    typeof target === 'string'
      ? []
      : [[entry.replace(/^\./, 'gatechart'), join(ROOT, target.default.replace(/^\.\/dist\/(.*)\.js$/, '$1.ts'))]],
  ),
);

/** Where packages can be found from. */
const folder = mkdtempSync(join(ROOT, 'node_modules/.gatechart-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let built = 0;

/** Bundles code as a user would write it, against the sources, and returns the path of a module that Node can run. */
export async function bundle(code: string, shim?: string): Promise<string> {
  built += 1;
  const outfile = join(folder, `${built}.mjs`);
  await build({
    stdin: { contents: code, loader: 'ts', resolveDir: ROOT, sourcefile: 'snippet.ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'error',
    plugins: [
      {
        name: 'the package by its name',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^gatechart(\/|$)/ }, ({ path, importer }) =>
            shim !== undefined && path === 'gatechart' && importer.endsWith('snippet.ts')
              ? { path, namespace: 'shim' }
              : { path: SOURCES[path] ?? path },
          );
          onLoad({ filter: /.*/, namespace: 'shim' }, () => ({ contents: shim ?? '', loader: 'ts', resolveDir: ROOT }));
        },
      },
    ],
  });
  return outfile;
}
