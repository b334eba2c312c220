import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printVectors, type VectorFile } from '../../exploring/vectors/file.js';
import { gatewayVectors } from '../../exploring/vectors/make.js';
import { otherShardVectors, shardVectors } from '../../exploring/vectors/shard.js';
import { counted, grouped } from '../../telling/numbers.js';
import { printable } from '../../telling/printable.js';
import { whyUnreadable } from '../terminal/input-file.js';
import { type Io, UsageError } from '../terminal/io.js';
import { writeOutput } from '../terminal/output-file.js';
import { Terminal } from '../terminal/terminal.js';
import type { VectorsOptions } from './command.js';

/** A file of vectors, and how it is made. */
interface Subject {
  readonly says: string;
  readonly file: string;
  readonly make: () => Promise<VectorFile>;
}

const SHARD: Subject = { says: 'the shard chart', file: 'shard.json', make: shardVectors };
const OTHER_SHARD: Subject = {
  says: 'the shard chart under another policy',
  file: 'shard-other-policy.json',
  make: otherShardVectors,
};
const GATEWAY: Subject = {
  says: 'the Gateway chart without its faults',
  file: 'gateway.json',
  make: () => gatewayVectors(),
};
const GATEWAY_WITH_FAULTS: Subject = {
  says: 'the Gateway chart',
  file: 'gateway-with-faults.json',
  make: () => gatewayVectors({ faults: true }),
};

/** Writes the vectors of the charts, or compares them with those that are there; 1 if they differ. */
export async function vectors({ out, check = false, ...which }: VectorsOptions, io: Io): Promise<number> {
  const terminal = new Terminal(io);
  const say = (text: string) => terminal.line(printable(text));
  let differ = false;
  for (const { says, file, make } of subjects(which)) {
    const path = join(out, file);
    terminal.status(`exploring ${says} …`);
    const made = await make();
    terminal.status(`${check ? 'comparing' : 'writing'} ${path} …`);
    const text = printVectors(made);
    if (check) {
      const found = await readFile(path, 'utf8').catch((error) => whyUnreadable(path, error));
      const isSame = found === text;
      differ ||= !isSame;
      const wrong = found.startsWith('{') ? `${path} is not what the chart says` : found;
      const command = `gatechart vectors${out === 'vectors' ? '' : ` --out ${out}`}`;
      say(isSame ? `${path} is up to date` : `${wrong}: run \`${command}\``);
      continue;
    }
    await mkdir(out, { recursive: true }).catch(({ message }: Error) => {
      throw new UsageError(`--out: ${out} cannot be a folder: ${message}`);
    });
    await writeOutput(path, text, '--out');
    const size = `${counted(made.steps.length, 'vector')} of ${says} in ${path}`;
    say(`${size}, ${grouped(Math.round(text.length / 1000))} kB`);
  }
  return differ ? 1 : 0;
}

function subjects({ chart, faults = false }: Pick<VectorsOptions, 'chart' | 'faults'>): readonly Subject[] {
  if (faults && chart !== 'gateway')
    throw new UsageError('only the Gateway has faults: write --chart gateway --faults');
  if (faults) return [GATEWAY_WITH_FAULTS];
  const clients = [SHARD, OTHER_SHARD];
  return chart === undefined ? [...clients, GATEWAY] : chart === 'shard' ? clients : [GATEWAY];
}
