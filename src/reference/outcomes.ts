/** What an event comes to in each state of the shard, until it is known what is sent then. */

import type { AnyStateNode, SnapshotFrom } from 'xstate';
import { spanInWords } from '../../machines/kit/durations.js';
import { causeOf, rowId } from '../../machines/kit/rows.js';
import type { shardMachine } from '../../machines/shard/chart.js';
import { DEFAULT_POLICY } from '../../machines/shard/policy.js';
import { waitInWords } from '../../machines/shard/sentences.js';
import {
  awaitsRoom,
  consequences,
  goesOnWaiting,
  type Happening,
  type Result,
  wayBack,
} from '../telling/consequences.js';
import { RestingStates } from '../telling/resting-states.js';
import type { Chart } from './chart.js';
import { paragraphs, table } from './markdown.js';

const COLUMNS = ['leads to', 'session afterwards', 'wait', 'sent then', 'because'];

type Snapshot = SnapshotFrom<typeof shardMachine>;

/** The shard chart with its types, to ask it. */
export type ShardStates = RestingStates<typeof shardMachine>;
export const ShardStates = RestingStates<typeof shardMachine>;

interface Wording {
  /** What stands over the states. */
  readonly heading: string;
  /** What is said of the states in which nothing follows. */
  readonly nowhere?: (links: string) => string;
}

/**
 * A table of what follows from something; states that fare alike share a row, and one that fares differently with and
 * without a session has a row for each.
 */
export function outcomesTable(
  chart: Chart,
  shard: ShardStates,
  happening: Happening,
  { heading, nowhere = () => '' }: Wording,
): string {
  const groups = new Map<string, { cells: Cells; states: Map<When, AnyStateNode[]> }>();
  const ignored: AnyStateNode[] = [];
  for (const { state, results } of consequences(shard, happening)) {
    const some = results.filter(hasNumbers);
    if (some.length === 0) ignored.push(state);
    for (const { cells, when } of variants(chart, shard, some)) {
      const key = JSON.stringify(cells);
      const group = groups.get(key) ?? { cells, states: new Map() };
      group.states.set(when, [...(group.states.get(when) ?? []), state]);
      groups.set(key, group);
    }
  }
  const all = [...groups.values()];
  const isReadyWithout = all.some(({ states }) => states.get(WITHOUT)?.some(({ parent }) => parent?.key === 'ready'));
  return paragraphs(
    table(
      [heading, ...COLUMNS],
      all.map(({ cells, states }) => [listed(chart, states), ...cells]),
    ),
    isReadyWithout ? 'Ready without a session: READY named none that could be resumed.' : '',
    nowhere(ignored.map((state) => chart.state(state)).join(', ')),
  );
}

type Cells = readonly string[];

/** A session of which no dispatch had a number, as no Gateway begins one, would be a case of its own in each table. */
const hasNumbers = ({ before: { context } }: Result) => context.session === null || context.sequence !== null;

const [WITH, WITHOUT] = ['with a session', 'without a session'] as const;
type When = typeof WITH | typeof WITHOUT | '';

/** States, and what it depends on in those where it depends. */
function listed(chart: Chart, states: ReadonlyMap<When, readonly AnyStateNode[]>): string {
  return [...states]
    .sort(([one], [other]) => one.length - other.length)
    .map(([when, some]) => `${some.map((state) => chart.state(state)).join(', ')}${when === '' ? '' : ` ${when}`}`)
    .join('; ');
}

/** What results come to: one line, or one with a session and one without. */
function variants(chart: Chart, shard: ShardStates, results: readonly Result[]): { when: When; cells: Cells }[] {
  const had = results.filter(({ before }) => before.context.session !== null);
  const without = results.filter((result) => !had.includes(result));
  const all = (
    [
      [WITH, had],
      [WITHOUT, without],
    ] as const
  )
    .filter(([, some]) => some.length > 0)
    .map(([when, some]) => ({ when, cells: cellsOf(chart, shard, some) }));
  const [first] = all;
  const isSame = all.every(({ cells }) => JSON.stringify(cells) === JSON.stringify(first?.cells));
  return first !== undefined && isSame ? [{ when: '', cells: first.cells }] : all;
}

function cellsOf(chart: Chart, shard: ShardStates, results: readonly Result[]): Cells {
  const list = (texts: readonly string[]) => [...new Set(texts)].filter((text) => text !== '').join(', or ');
  const because = list(results.map(({ rows: [first] }) => chart.cause(causeOfRow(chart, first))));
  if (results.every(({ to }) => to === null)) return ['stays', 'as before', '', '', because];
  return [
    list(results.map((result) => leadsTo(chart, shard, result))),
    list(results.map(({ after }) => (after.context.session === null ? 'none' : 'kept'))),
    list(longest(results.map((result) => waitAfter(shard, result)))),
    sentAfter(
      shard,
      results.map(({ after }) => after),
    ),
    because,
  ];
}

const causeOfRow = (chart: Chart, row: string | undefined) =>
  chart.rows.filter((each) => rowId(each) === row).map(causeOf)[0];

/** Texts without those that another one begins with. */
const longest = (texts: readonly string[]) =>
  texts.filter((text) => !texts.some((other) => other !== text && other.startsWith(text)));

/** The state, and the code of our close on the way there. */
function leadsTo(chart: Chart, shard: ShardStates, { after, steps }: Result): string {
  const close = steps[0]?.instructions.find(({ type }) => type === 'closeSocket');
  const code = (close?.params as { readonly code?: number } | undefined)?.code;
  return `${chart.state(shard.restingIn(after))}${code === undefined ? '' : `, closing with ${code}`}`;
}

/** How long it waits, if it does. */
function waitAfter(shard: ShardStates, result: Result): string {
  const { after } = result;
  if (wayBack(shard, after) === null) return '';
  if (awaitsRoom(result)) return `until there is room, at most ${spanInWords(DEFAULT_POLICY.deadlines.room)}`;
  return goesOnWaiting(result) ? 'as begun with our close' : waitInWords(after.context, after.context.attempts === 0);
}

/** What is sent first once it is connected again. */
function sentAfter(shard: ShardStates, after: readonly Snapshot[]): string {
  const end = after.map((each) => ENDS[shard.restingIn(each).key]).find((each) => each !== undefined);
  if (end !== undefined) return end;
  const ways = after.flatMap((each) => wayBack(shard, each) ?? []);
  const urls = new Set(ways.filter(({ resumes }) => resumes).map(({ isOwnUrl }) => (isOwnUrl ? OWN : MAIN)));
  const spent = ways.some(({ isSpent }) => isSpent) ? SPENT : '';
  return [
    urls.size === 0 ? [] : [`Resume, at ${urls.size === 2 ? `${OWN}, or ${MAIN}` : [...urls][0]}`],
    ways.every(({ resumes }) => resumes) ? [] : [`Identify, at ${MAIN}${spent}`],
  ]
    .flat()
    .join('; ');
}

const ENDS: Readonly<Record<string, string>> = {
  failed: 'nothing, until a person has acted and starts it again',
  failing: 'nothing, until a person has acted and starts it again',
  stopped: 'nothing, until it is started again',
  stopping: 'nothing, until it is started again',
};
const [OWN, MAIN] = ["the session's own URL", 'the main URL'];
const SPENT = `, if ${DEFAULT_POLICY.resumeBudget} resumes in a row have failed`;
