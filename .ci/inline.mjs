/**
 * Puts each module of dist/ that one other module alone imports into that one: a file costs some half a millisecond when a
 * bot starts. What is loaded by its address, by `import()` or as an entry stays; each module still exists once.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.js'))
  .map((name) => join(dist, name));

const STATIC = /^\s*(?:import|export)\b[^'"]*?from\s*['"](\.[^'"]+)['"]|^\s*import\s*['"](\.[^'"]+)['"]/gm;
const BY_ADDRESS = /import\(\s*['"](\.[^'"]+)['"]|new URL\(\s*['"](\.[^'"]+\.js)['"]/g;

const importers = new Map(files.map((file) => [file, new Set()]));
const kept = new Set(entries());
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  for (const match of text.matchAll(STATIC)) importers.get(resolve(dirname(file), match[1] ?? match[2]))?.add(file);
  if (text.includes('import.meta')) kept.add(file); // it looks for something beside it
  for (const match of text.matchAll(BY_ADDRESS)) kept.add(resolve(dirname(file), match[1] ?? match[2]));
}

/** Modules that are put into the only one that imports them. */
const inlined = new Set(files.filter((file) => importers.get(file)?.size === 1 && !kept.has(file)));
const hosts = files.filter((file) => !inlined.has(file) && hasGuests(file));

const results = await Promise.all(
  hosts.map((file) =>
    build({
      entryPoints: [file],
      bundle: true,
      write: false,
      outfile: file,
      format: 'esm',
      target: 'es2022',
      platform: 'node',
      sourcemap: 'linked',
      sourcesContent: false,
      logLevel: 'error',
      plugins: [{ name: 'only guests', setup: (made) => made.onResolve({ filter: /.*/ }, (asked) => resolved(asked)) }],
    }),
  ),
);
for (const { outputFiles } of results) for (const { path, contents } of outputFiles) writeFileSync(path, contents);
for (const file of inlined) for (const each of [file, `${file}.map`]) if (existsSync(each)) rmSync(each);
console.log(`${inlined.size} of ${files.length} modules are within others`);

function hasGuests(file) {
  return [...inlined].some((guest) => importers.get(guest).has(file));
}

/** Guests are bundled; everything else stays where it is. */
function resolved({ path, importer, kind, resolveDir }) {
  if (kind === 'entry-point') return undefined;
  if (!path.startsWith('.')) return { path, external: true };
  const target = resolve(resolveDir, path);
  if (inlined.has(target) && kind === 'import-statement') return { path: target };
  return { path: relativeFrom(hostOf(importer), target), external: true };
}

/** The module that a guest, or a guest of a guest, ends up in. */
function hostOf(file) {
  return inlined.has(file) ? hostOf([...importers.get(file)][0]) : file;
}

function relativeFrom(file, target) {
  const path = relative(dirname(file), target).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** What package.json names, and what is run. */
function entries() {
  const { exports, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const paths = (value) => (typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(paths));
  return [...paths(exports), ...paths(bin)].filter((path) => path.endsWith('.js')).map((path) => resolve(root, path));
}
