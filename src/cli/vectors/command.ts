import { command, examples, flag, type OptionsOf, textOr } from '../command.js';
import { chart } from '../shared-options.js';

export const VECTORS = command({
  name: 'vectors',
  summary: 'write those paths as JSON, for clients in any language',
  description:
    'Writes every transition of the charts as data, and of the shard chart also what each leaves in memory: what happens ' +
    'to a client, or to a Gateway, and what it has to do by which clause. docs/vectors.md tells how to replay it.',
  options: {
    chart: chart('one chart only'),
    faults: flag(
      '--faults',
      'with --chart gateway: also what can be ordered to go wrong (10 MB, gateway-with-faults.json)',
    ),
    out: textOr('--out <folder>', 'where to write shard.json, shard-other-policy.json and gateway.json', 'vectors'),
    check: flag('--check', 'write nothing, but fail with exit code 1 if a file there is another one'),
  },
  epilog: examples(
    'gatechart vectors --out vectors',
    'gatechart vectors --check',
    'gatechart vectors --chart gateway --faults --out .',
  ),
});

/** Options of `gatechart vectors`. */
export type VectorsOptions = OptionsOf<typeof VECTORS.options>;
