/**
 * Puts each module of dist/ that one other module alone imports into that one: a file costs some 0.4 ms when a bot starts
 * without a bundler. What is loaded by its address, by `import()` or as an entry stays; each module still exists once.
 *
 * What the command line alone needs of other packages is put into dist/vendor/, so that a bot does not install them.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { licencesOf } from './licences.mjs';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.js'))
  .map((name) => join(dist, name));
/** Packages that are shipped within ours. */
const VENDORED = ['commander', 'open'];
const vendor = join(dist, 'vendor');
const common = { bundle: true, write: false, format: 'esm', target: 'es2022', platform: 'node', logLevel: 'error' };

/** Who imports each module, and those that have to stay files. */
const importers = new Map(files.map((file) => [file, new Set()]));
const kept = new Set(entries());
/** Modules that import what is shipped within. */
const buyers = new Set();
const { metafile } = await build({ ...common, entryPoints: files, outdir: dist, packages: 'external', metafile: true });
for (const [file, { imports }] of Object.entries(metafile.inputs)) {
  const importer = resolve(file);
  if (readFileSync(importer, 'utf8').includes('import.meta')) kept.add(importer); // it looks for something beside it
  for (const { path, kind, external } of imports) {
    if (external && VENDORED.includes(path)) buyers.add(importer);
    if (external) continue;
    importers.get(resolve(path))?.add(importer);
    if (kind !== 'import-statement') kept.add(resolve(path));
  }
}

/** Modules that are put into the only one that imports them, and where they end up. */
const guests = new Set(files.filter((file) => importers.get(file).size === 1 && !kept.has(file)));
const hosts = new Set([...guests, ...buyers].map(hostOf));

await Promise.all([...hosts].map(inline));
await Promise.all(VENDORED.map(ship));
for (const file of guests) for (const each of [file, `${file}.map`]) rmSync(each);
console.log(`${guests.size} of ${files.length} modules are within others`);

function hostOf(file) {
  return guests.has(file) ? hostOf([...importers.get(file)][0]) : file;
}

async function inline(host) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [host],
    outfile: host,
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [{ name: 'guests', setup: (made) => made.onResolve({ filter: /.*/ }, (asked) => resolved(host, asked)) }],
  });
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
}

/** Guests are bundled; everything else stays where it is. */
function resolved(host, { path, kind, resolveDir }) {
  if (kind === 'entry-point') return undefined;
  if (!path.startsWith('.') && !VENDORED.includes(path)) return { path, external: true };
  const target = path.startsWith('.') ? resolve(resolveDir, path) : join(vendor, `${path}.js`);
  if (guests.has(target)) return { path: target };
  const from = relative(dirname(host), target).replaceAll('\\', '/');
  return { path: from.startsWith('.') ? from : `./${from}`, external: true };
}

/** Writes a package with all that it needs as one file, and the licences of all that is in it. */
async function ship(name) {
  const { outputFiles, metafile: made } = await build({
    ...common,
    stdin: { contents: `export * from '${name}'; ${await hasDefault(name)}`, resolveDir: root },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    metafile: true,
  });
  mkdirSync(vendor, { recursive: true });
  writeFileSync(join(vendor, `${name}.js`), outputFiles[0].contents);
  writeFileSync(join(vendor, `${name}.LICENSES.txt`), licencesOf(made.inputs));
}

async function hasDefault(name) {
  return 'default' in (await import(name)) ? `export { default } from '${name}';` : '';
}

/** What package.json names, and what is run. */
function entries() {
  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const paths = (value) => (typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(paths));
  return [...paths(exports), ...paths(bin)].filter((path) => path.endsWith('.js')).map((path) => resolve(root, path));
}
