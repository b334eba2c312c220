/** Bundlers, and how a program for Node is bundled with each: returns warnings as texts, rejects with errors. */

import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** What is fetched from the registry for them; esbuild is here already. */
export const PACKAGES = ['rolldown@1', 'webpack@5'];

/** In an ES module esbuild leaves `require` of a CommonJS package to one that is in scope: docs/shard.md says so. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** The bundlers, those of `PACKAGES` from a folder in which they are installed. */
export const bundlersIn = (folder) => {
  const installed = createRequire(`${folder}/`);
  return {
    async esbuild(input, output, format) {
      const { warnings } = await build({
        entryPoints: [input],
        outfile: output,
        format,
        bundle: true,
        platform: 'node',
        logLevel: 'silent',
        ...(format === 'esm' && { banner: { js: REQUIRE } }),
      });
      return warnings.map(({ text, location }) => `${text} (${location?.file})`);
    },
    async rolldown(input, output, format) {
      const { rolldown } = await import(pathToFileURL(installed.resolve('rolldown')).href);
      const warnings = [];
      const bundle = await rolldown({
        input,
        platform: 'node',
        onLog: (_level, { message }) => warnings.push(message),
      });
      await bundle.write({ file: output, format, codeSplitting: false });
      return warnings;
    },
    async webpack(input, output, format) {
      const isModule = format === 'esm';
      const stats = await new Promise((resolve, reject) => {
        const settings = {
          entry: input,
          mode: 'production',
          target: 'node20',
          experiments: { outputModule: isModule },
          output: {
            path: dirname(output),
            filename: basename(output),
            ...(isModule && { library: { type: 'module' } }),
          },
        };
        installed('webpack')(settings, (error, stats) =>
          error
            ? reject(error)
            : resolve(stats.toJson({ all: false, errors: true, warnings: true, moduleTrace: true })),
        );
      });
      if (stats.errors.length > 0) throw new Error(stats.errors.map(({ message }) => message).join('\n'));
      return stats.warnings.map(({ message, moduleName }) => `${message} (${moduleName})`);
    },
  };
};
