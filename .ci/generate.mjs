/** Writes the generated blocks of README.md and docs/, and the files that are generated as a whole, from what was built. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transform } from 'esbuild';
import { blocksFrom, FILES, fill, graphsFrom, helpOf, STORMS, stormsOf, stormsTable } from './blocks.mjs';
import { FOLDERS, filesFrom } from './files.mjs';

const root = join(import.meta.dirname, '..');
const built = (path) => import(new URL(`../dist/${path}`, import.meta.url));
/** The rules are part of the tests, and import nothing. */
async function rulesOfTheTests() {
  const source = readFileSync(join(root, 'src/conformance/rules.ts'), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm' });
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)).RULES;
}

function write(file, text) {
  const path = join(root, file);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (text !== before) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  console.log(`${text === before ? 'unchanged' : 'written  '} ${file}`);
}

const sources = {
  rules: await rulesOfTheTests(),
  machines: await built('machines/index.js'),
  testing: await built('src/testing.js'),
  diagram: await built('src/diagram/index.js'),
  help: await helpOf(await built('src/cli/program.js')),
};

sources.graphs = graphsFrom(sources);

const blocks = blocksFrom(sources);
for (const file of FILES) write(file, fill(readFileSync(join(root, file), 'utf8'), blocks));

const storms = stormsTable(await built('src/cli/storms/storms.js'), await stormsOf(await built('src/cli/program.js')));
write(STORMS, fill(readFileSync(join(root, STORMS), 'utf8'), { storms }));

const files = await filesFrom(sources);
for (const [file, text] of Object.entries(files)) write(file, text);
for (const folder of FOLDERS) {
  for (const name of readdirSync(join(root, folder))) {
    const file = `${folder}/${name}`;
    if (files[file] !== undefined) continue;
    rmSync(join(root, file));
    console.log(`removed   ${file}`);
  }
}
