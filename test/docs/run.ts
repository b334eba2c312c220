import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, expect } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { atMost } from '../support/slowness.js';
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

/** The lines that a snippet says it prints: comments behind a call of console.log, and those on lines of their own below. */
function promised(code: string): string[] {
  let isPrinting = false;
  return code.split('\n').flatMap((line) => {
    const [, call, comment] = /^(.*console\.log\(.*\);)? ?(?:\/\/ (.*))?$/.exec(line) ?? [];
    if (call !== undefined) isPrinting = true;
    else if (comment === undefined) isPrinting = false;
    return isPrinting && comment !== undefined ? [comment] : [];
  });
}

/** A snippet that runs longer has not ended. */
const MOST_MS = atMost(10_000);

/** Runs a snippet, and expects that it prints what its comments promise; otherwise shows what it printed and how it ended. */
export async function printsWhatItSays(code: string): Promise<void> {
  const file = await bundle(code);
  const { out, problem } = await new Promise<{ out: string; problem: string }>((resolve) => {
    execFile(process.execPath, [file], { timeout: MOST_MS }, (error, stdout, stderr) => {
      const how = error?.killed ? `it did not end within ${MOST_MS} ms` : error ? `it ended with ${error.code}` : '';
      resolve({ out: stdout, problem: [how, stderr.trim()].filter(Boolean).join(': ') });
    });
  });
  expect({ problem, printed: out.trimEnd().split('\n') }).toEqual({ problem: '', printed: promised(code) });
}
