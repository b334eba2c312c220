/** Our own client with a fault in it, as one file that Node.js runs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Fault } from './fault.js';

const CLIENT = 'examples/conformance/gatechart.mjs';
let made = 0;

/** The source with its fault. Throws where what it replaces is not there, or is there twice. */
export function withFault(source: string, { says, file, find, replace }: Fault): string {
  const [before, after, ...more] = source.split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    const problem = after === undefined ? 'is not there any more' : 'is there more than once';
    throw new Error(`${says}: what is to be replaced in ${file} ${problem}: ${find}`);
  }
  return before + replace + after;
}

/** Writes the client into a folder; with null, as it is. Its path. */
export async function bundle(fault: Fault | null, folder: string, root = process.cwd()): Promise<string> {
  made += 1;
  const outfile = join(folder, `client-${made}.mjs`);
  const target = fault === null ? null : join(root, fault.file);
  await build({
    entryPoints: [join(root, CLIENT)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: [
      {
        name: 'fault',
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            if (fault === null || path !== target) return undefined;
            return { contents: withFault(await readFile(path, 'utf8'), fault), loader: 'ts' };
          });
        },
      },
    ],
  });
  return outfile;
}
