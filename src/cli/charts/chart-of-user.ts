import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyStateMachine } from 'xstate';
import { UsageError } from '../terminal/io.js';
import type { ChartName } from './charts.js';

/** A chart of the user's, and whatever else its module exports. */
export interface ChartOfUser {
  readonly machine: AnyStateMachine;
  readonly module: Readonly<Record<string, unknown>>;
  /** The module and the name of the export. */
  readonly file: string;
  readonly name: string;
}

/** Loads a chart from `./mine.js#myMachine`; the default export unless one is named. */
export async function chartOfUser(place: string): Promise<ChartOfUser> {
  const [file = '', name = 'default'] = place.split('#');
  const url = pathToFileURL(resolve(file)).href;
  const module: Record<string, unknown> = await import(url).catch((error: unknown) => {
    throw new UsageError(`${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
  });
  const machine = module[name];
  if (isChart(machine)) return { machine, module, file, name };
  const charts = Object.keys(module).filter((each) => isChart(module[each]));
  const hint = charts.length === 0 ? 'it exports no chart' : `its charts are ${charts.join(', ')}`;
  throw new UsageError(`${file} exports no chart "${name}"; ${hint}. Write ${file}#name`);
}

/** By which a chart is known as a variant of ours. */
const STATES: Readonly<Record<ChartName, readonly string[]>> = {
  shard: ['stopped', 'running', 'failed'],
  gateway: ['listening', 'connection'],
};

/** Throws a `UsageError` unless a chart is a variant of one of ours. */
export function demandVariant({ id, states }: AnyStateMachine, chart: ChartName): void {
  const missing = STATES[chart].find((state) => !(state in states));
  if (missing === undefined) return;
  throw new UsageError(`the chart "${id}" cannot take the place of the ${chart} chart: it has no state ${missing}`);
}

function isChart(value: unknown): value is AnyStateMachine {
  return typeof value === 'object' && value !== null && 'transition' in value && 'config' in value;
}
