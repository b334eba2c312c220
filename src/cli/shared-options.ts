/** Options that more than one command has. */
import { Option } from 'commander';
import { whole } from './arguments.js';
import type { ChartName } from './charts/charts.js';
import { choice, choiceOr, Declared, flag, negated, type OptionsOf, parsedOr, text } from './command.js';

const TARGETS = ['local', 'stately'] as const;

/** Where to watch: the local viewer, or Stately's hosted inspector. */
export type InspectTarget = (typeof TARGETS)[number];

export const noOpen = (when: string) => negated('--no-open', `${when}print the address and open no browser`);

/** Of a command that can be watched. */
export const WATCHING = {
  inspect: new Declared<InspectTarget | undefined>(
    new Option(
      '--inspect [where]',
      'watch it on a page, and look back: the local viewer, or the hosted Stately inspector',
    )
      .choices(TARGETS)
      .preset('local'),
  ),
  open: noOpen('with --inspect, '),
};

export const record = text('--record <file>', 'write a trace there, for `gatechart replay`; secrets are left out');

export const json = flag('--json', 'print JSON, one object a line, and nothing else');

/** Of a command with more formats than two. */
export const jsonFormat = new Declared<boolean | undefined>(
  new Option('--json', 'the same as --format json').implies({ format: 'json' }),
);

export const verbose = (says: string) => flag('-v, --verbose', says);

/** A module and its export, `./mine.js#myMachine`. */
export const machine = (says: string) => text('--machine <file#export>', says);

const CHART_NAMES = ['shard', 'gateway'] as const satisfies readonly ChartName[];

/** One of our charts, or none. */
export const chart = (says: string, ...others: readonly 'none'[]) =>
  choice('--chart <name>', says, [...CHART_NAMES, ...others]);
/** One of our charts; the shard chart by default. */
export const chartOrShard = (says: string) => choiceOr('--chart <name>', says, CHART_NAMES, 'shard');

/** Of what is drawn at random. */
export const seed = (says: string) => parsedOr('--seed <number>', says, whole(0, 2 ** 31), 1);

/** The options of a command that can be watched. */
export type InspectOptions = Partial<OptionsOf<typeof WATCHING>>;
