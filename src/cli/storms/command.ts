import { Argument } from 'commander';
import { whole } from '../arguments.js';
import { argument, command, examples, flag, type OptionsOf, parsedOr } from '../command.js';
import { json, seed } from '../shared-options.js';
import { SCENARIOS, type ScenarioName } from './scenarios.js';

export const STORMS = command({
  name: 'storms',
  summary: 'play days of a shard against Gateways that go wrong again and again',
  description:
    'Plays a shard against bad Gateways on simulated time, in memory, which takes a second or two for each. Tells how ' +
    'often it identifies, connects and resumes, how its waits grow, and how soon it is ready once the Gateway is ' +
    'good again. Exit code 1 if it does anything too often. docs/storms.md tells more.',
  argument: argument<readonly ScenarioName[]>(
    new Argument('[scenarios...]', 'which bad Gateways; all of them unless told').choices(Object.keys(SCENARIOS)),
  ),
  options: {
    hours: parsedOr('--hours <number>', 'how long, in simulated time', whole(3, 1000), 24),
    seed: seed('the same seed, the same storm'),
    list: flag('--list', 'print what there is'),
    json,
  },
  epilog: examples('gatechart storms', 'gatechart storms resumed-4008 several --hours 72', 'gatechart storms --list'),
});

/** Options of `gatechart storms`. */
export type StormsOptions = OptionsOf<typeof STORMS.options>;
