/** Writes the generated blocks of README.md and docs/, from what was built. */
import { readFileSync, writeFileSync } from 'node:fs';
import { transform } from 'esbuild';
import { blocksFrom, FILES, fill, helpOf } from './blocks.mjs';

const built = (path) => import(new URL(`../dist/${path}`, import.meta.url));
/** The rules are part of the tests, and import nothing. */
async function rulesOfTheTests() {
  const source = readFileSync(new URL('../test/rules.ts', import.meta.url), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm' });
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)).RULES;
}

const blocks = blocksFrom({
  rules: await rulesOfTheTests(),
  machines: await built('machines/index.js'),
  testing: await built('src/testing/index.js'),
  diagram: await built('src/diagram/index.js'),
  help: await helpOf(await built('src/cli/program.js')),
});

for (const file of FILES) {
  const path = new URL(`../${file}`, import.meta.url);
  const before = readFileSync(path, 'utf8');
  const after = fill(before, blocks);
  if (after !== before) writeFileSync(path, after);
  console.log(`${after === before ? 'unchanged' : 'written  '} ${file}`);
}
