import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printVectors, shardVectors } from '../testing/vectors.js';
import type { Io } from './io.js';
import { grouped, Terminal } from './terminal.js';

/** Options of `gatechart vectors`. */
export interface VectorsOptions {
  readonly out: string;
  readonly check?: boolean;
}

/** Writes the vectors of the shard chart, or compares them with those that are there; 1 if they differ. */
export async function vectors({ out, check = false }: VectorsOptions, io: Io): Promise<number> {
  const terminal = new Terminal(io);
  const file = join(out, 'shard.json');
  const made = await shardVectors();
  const text = printVectors(made);
  if (check) {
    const isSame = (await readFile(file, 'utf8').catch(() => '')) === text;
    terminal.line(isSame ? `${file} is up to date` : `${file} is not what the chart says: run \`gatechart vectors\``);
    return isSame ? 0 : 1;
  }
  await mkdir(out, { recursive: true });
  await writeFile(file, text);
  terminal.line(`${grouped(made.steps.length)} vectors of the shard chart in ${file}`);
  return 0;
}
