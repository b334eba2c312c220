/**
 * Writes all that is generated: blocks of README.md and docs/, the reference, pictures, layouts, vectors and the schemas of payloads.
 * `node .ci/run-ts.mjs .ci/generate.ts`, from the sources.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { printVectors } from '../src/exploring/vectors/file.js';
import { gatewayVectors } from '../src/exploring/vectors/make.js';
import { otherShardVectors, shardVectors } from '../src/exploring/vectors/shard.js';
import { blocksFrom, exploreCharts, FILES, fill, playStorms, STORMS, stormsTable } from '../src/reference/blocks.js';
import { FOLDERS, filesFrom } from '../src/reference/files.js';
import { payloadsSchema } from './payloads.js';

const read = (file: string) => readFileSync(file, 'utf8');

function write(file: string, text: string): void {
  const isSame = existsSync(file) && read(file) === text;
  if (!isSame) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  console.log(`${isSame ? 'unchanged' : 'written  '} ${file}`);
}

const graphs = exploreCharts();
const blocks = await blocksFrom(graphs);
for (const file of FILES) write(file, fill(read(file), blocks));
write(STORMS, fill(read(STORMS), { storms: stormsTable(await playStorms()) }));

const files = await filesFrom(graphs, read('docs/departures.md'));
for (const [file, text] of Object.entries(files)) write(file, text);
for (const folder of FOLDERS) {
  for (const file of readdirSync(folder).map((name) => `${folder}/${name}`)) {
    if (files[file] !== undefined) continue;
    rmSync(file);
    console.log(`removed   ${file}`);
  }
}

write('vectors/payloads.schema.json', payloadsSchema());
write('vectors/shard.json', printVectors(await shardVectors()));
write('vectors/shard-other-policy.json', printVectors(await otherShardVectors()));
write('vectors/gateway.json', printVectors(await gatewayVectors()));
