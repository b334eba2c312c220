/** The page of a chart's states. */

import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { causeOf, rowsFrom } from '../../machines/kit/rows.js';
import { isSimple, lineage } from '../telling/resting-states.js';
import { actionsOf, type Chart, headingOf, timerOf } from './chart.js';
import { clause } from './clauses.js';
import { code, paragraphs, table } from './markdown.js';

/** A departure from the documentation that concerns a state. */
export interface Departure {
  readonly about: string;
  readonly we: string;
}

interface StatesPage {
  readonly title: string;
  readonly intro: string;
  readonly departures?: (state: AnyStateNode) => readonly Departure[];
}

export function statesPage(chart: Chart, { title, intro, departures = () => [] }: StatesPage): string {
  const states = chart.states.filter((state) => state.parent !== undefined || hasRowsOrRegions(state));
  const tree = states
    .map((state) => `${'  '.repeat(Math.max(0, state.path.length - 1))}- ${chart.state(state, state.key)}`)
    .join('\n');
  return paragraphs(`# ${title}`, intro, tree, ...states.map((state) => section(chart, state, departures(state))));
}

const hasRowsOrRegions = (state: AnyStateNode) => state.transitions.size > 0 || state.type === 'parallel';

function section(chart: Chart, state: AnyStateNode, departures: readonly Departure[]): string {
  return paragraphs(
    `## ${headingOf(state)}`,
    state.description ?? '',
    facts(chart, state),
    rowsTable(chart, rowsFrom(state)),
    ...(isSimple(state) ? [around(chart, state), beside(chart, state), ignored(chart, state)] : []),
    other(departures),
  );
}

function facts(chart: Chart, state: AnyStateNode): string {
  const { entry, exit, parent, meta, tags } = state;
  const timers = chart.armedBy(entry).map((timer) => `starts ${chart.event(`timer.${timer}`)}: ${chart.delay(timer)}`);
  const effects = actionsOf(entry).filter(({ type }) => type !== 'xstate.raise');
  const inner = Object.values(state.states).map((each) => chart.state(each, each.key));
  const lines = {
    In: parent === undefined || parent.parent === undefined ? '' : chart.state(parent),
    Clause: clause((meta as { readonly spec?: string } | undefined)?.spec),
    'On entry': [chart.doing(effects), ...timers].filter((part) => part !== '').join(', '),
    'On exit': chart.doing(exit),
    Holds:
      inner.length === 0 ? '' : state.type === 'parallel' ? `side by side ${inner.join(' and ')}` : inner.join(', '),
    Tags: tags.map(code).join(', '),
  };
  const told = Object.entries(lines).filter(([, value]) => value !== '');
  return told.map(([name, value]) => `- ${name}: ${value}`).join('\n');
}

/** Rows of one state: event, guard, target, what is done, and why. Events that fare alike share them. */
function rowsTable(chart: Chart, rows: readonly AnyTransitionDefinition[]): string {
  if (rows.length === 0) return '';
  const groups = new Map<string, { types: string[]; cells: readonly (readonly string[])[] }>();
  for (const type of new Set(rows.map(({ eventType }) => eventType))) {
    const cells = rows.filter(({ eventType }) => eventType === type).map((row) => outcome(chart, row));
    const group = groups.get(JSON.stringify(cells)) ?? { types: [], cells };
    group.types.push(type === '' ? 'at once' : chart.event(type));
    groups.set(JSON.stringify(cells), group);
  }
  return table(
    ['event', 'if', 'leads to', 'does', 'because'],
    [...groups.values()].flatMap(({ types, cells }) =>
      cells.map((row, i) => [i === 0 ? types.join(', ') : '', ...row]),
    ),
  );
}

/** Where a row leads; without a target, whether it does anything but report. */
function leadsTo(chart: Chart, row: AnyTransitionDefinition): string {
  if (row.target !== undefined) return chart.target(row);
  return chart.doing(row.actions) === '' && causeOf(row) !== null ? 'noted' : 'stays';
}

/** The cells of a row behind its event. */
export function outcome(chart: Chart, row: AnyTransitionDefinition): readonly string[] {
  const guard = chart.guardOf(row);
  const why = [chart.cause(causeOf(row)), row.description ?? ''];
  return [
    guard === undefined ? '' : chart.guard(guard),
    leadsTo(chart, row),
    chart.doing(row.actions),
    why.filter((part) => part !== '').join('. '),
  ];
}

/** What the states around a simple one do, as far as it leaves it to them: in short, since it stands there at length. */
function around(chart: Chart, state: AnyStateNode): string {
  const rows = chart
    .handledBy(state)
    .flatMap((type) => chart.rowsFor(state, type).filter(({ source }) => source !== state));
  const from = lineage(state).filter((each) => rows.some(({ source }) => source === each));
  const lines = from.map((source) => {
    const own = rows.filter((row) => row.source === source);
    const types = [...new Set(own.map(({ eventType }) => eventType))];
    const of = (type: string) => own.filter(({ eventType }) => eventType === type);
    return `- by ${chart.state(source)}: ${types.map((type) => `${chart.event(type)} ${inShort(chart, of(type))}`).join('; ')}`;
  });
  return lines.length === 0 ? '' : `Handled around it:\n\n${lines.join('\n')}`;
}

/** Where rows for one event lead. */
function inShort(chart: Chart, rows: readonly AnyTransitionDefinition[]): string {
  const ends = rows.map((row) => {
    const guard = chart.guardOf(row);
    const cause = causeOf(row);
    const end = row.target === undefined ? leadsTo(chart, row) : `to ${leadsTo(chart, row)}`;
    const why = row.target === undefined || cause === null ? '' : ` (${chart.causeLink(cause)})`;
    return `${end}${guard === undefined ? '' : ` if ${chart.guard(guard)}`}${why}`;
  });
  return [...new Set(ends)].join(', else ');
}

function beside(chart: Chart, state: AnyStateNode): string {
  const types = chart.handledBeside(state).filter((type) => timerOf(type) === undefined);
  if (types.length === 0) return '';
  const parallel = lineage(state).find(({ parent }) => parent?.type === 'parallel')?.parent;
  const others = Object.values(parallel?.states ?? {}).filter((region) => !lineage(state).includes(region));
  const regions = others.map((region) => chart.state(region)).join(' or ');
  return `Handled beside it, by ${regions}: ${types.map((type) => chart.event(type)).join(', ')}.`;
}

function ignored(chart: Chart, state: AnyStateNode): string {
  const reasons = [...chart.ignoredIn(state)];
  const lines = reasons.map(([because, types]) => `- ${types.map((type) => chart.event(type)).join(', ')}: ${because}`);
  return lines.length === 0 ? '' : `Ignored:\n\n${lines.join('\n')}`;
}

function other(rows: readonly Departure[]): string {
  const lines = rows.map(({ about, we }) => `- ${about}: ${we}`);
  if (lines.length === 0) return '';
  return `Other than documented, or left open there ([departures](../departures.md)):\n\n${lines.join('\n')}`;
}
