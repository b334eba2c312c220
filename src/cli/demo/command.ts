import { command, examples, type OptionsOf } from '../command.js';
import { json, record, WATCHING } from '../shared-options.js';

export const DEMO = command({
  name: 'demo',
  summary: 'see it work: a shard against a simulated Gateway, in some 15 seconds',
  description:
    'Starts a simulated Gateway on this machine and a shard on real sockets, and tells the life of a session in ' +
    'chapters, from Hello to a fatal close. Exit code 1 unless every dispatch arrived once and in order.',
  options: { ...WATCHING, record, json },
  epilog: examples('gatechart demo', 'gatechart demo --inspect', 'gatechart demo --json | tail -1'),
});

/** Options of `gatechart demo`. */
export type DemoOptions = OptionsOf<typeof DEMO.options>;
