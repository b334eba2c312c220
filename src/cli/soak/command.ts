import { whole } from '../arguments.js';
import { command, examples, type OptionsOf, parsedOr } from '../command.js';
import { json, record, seed } from '../shared-options.js';

export const SOAK = command({
  name: 'soak',
  summary: 'make a shard lose its connection a thousand times and check that nothing is lost',
  description:
    'Runs a shard against a simulated Gateway that cuts, closes, refuses and falls silent at random, while ' +
    'dispatches go on. Checks that each arrived once and in order, that the heap does not grow, and that nothing ' +
    'is left behind. Exit code 1 if any of it fails.',
  options: {
    disconnects: parsedOr('--disconnects <number>', 'how often', whole(1, 1_000_000), 1000),
    seed: seed('the same seed, the same losses'),
    record,
    json,
  },
  epilog: examples('gatechart soak', 'gatechart soak --disconnects 200 --seed 7 --json'),
});

/** Options of `gatechart soak`. */
export type SoakOptions = OptionsOf<typeof SOAK.options>;
