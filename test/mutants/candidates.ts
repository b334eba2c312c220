/** The mutants of charts and tables, with their judges. */
import { gatewayMachine, shardMachine } from '../../machines/index.js';
import { mutantsOf } from '../../src/exploring/mutants.js';
import { closeCodeMutants } from './close-codes.js';
import { judgeGateway, judgeShard } from './judges.js';
import type { Candidate } from './score.js';

/** Mutants of the shard chart. */
function shardMutants(): Candidate[] {
  return mutantsOf(shardMachine).map(({ name, mutation, build }) => ({
    name: `shard: ${name}`,
    kind: mutation,
    judge: () => judgeShard(build()),
  }));
}

/** Mutants of the Gateway chart. */
function gatewayMutants(): Candidate[] {
  return mutantsOf(gatewayMachine).map(({ name, mutation, build }) => ({
    name: `Gateway: ${name}`,
    kind: mutation,
    judge: () => judgeGateway(build()),
  }));
}

/** Mutants by what they are mutants of. */
export const SUBJECTS: Readonly<Record<string, () => Candidate[]>> = {
  'shard chart': shardMutants,
  'Gateway chart': gatewayMutants,
  'close codes': closeCodeMutants,
};
