/** The page of a chart's events: what each does in every state. */
import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { type Chart, timerOf } from './chart.js';
import { paragraphs, table } from './markdown.js';
import { outcome } from './states.js';

/** `more` has what else is said of an event, by its type; `links` what is said behind its meaning. */
export function eventsPage(chart: Chart, { title, intro, overview = '', more = {}, links = {} }: EventsPage): string {
  const timers = chart.events.filter((type) => timerOf(type) !== undefined);
  const events = chart.events.filter((type) => !timers.includes(type));
  return paragraphs(
    `# ${title}`,
    intro,
    `Events: ${events.map((type) => chart.event(type)).join(', ')}.`,
    `Timers: ${timers.map((type) => chart.event(type)).join(', ')}.`,
    overview,
    ...[...events, ...timers].map((type) =>
      paragraphs(
        `## ${type}`,
        meaning(chart, type) + (links[type] ?? ''),
        more[type] ?? '',
        whatItDoes(chart, type),
        ignored(chart, type),
      ),
    ),
  );
}

interface EventsPage {
  readonly title: string;
  readonly intro: string;
  readonly overview?: string;
  readonly more?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
}

function meaning(chart: Chart, type: string): string {
  const { events, timers } = chart.facts.words;
  const timer = timerOf(type);
  return timer === undefined ? `${events[type]?.says}` : `${timers[timer]?.says} It takes ${chart.delay(timer)}.`;
}

/** A row for each outcome, with all the states in which it is the same. */
function whatItDoes(chart: Chart, type: string): string {
  const groups = new Map<string, { rows: readonly AnyTransitionDefinition[]; states: AnyStateNode[] }>();
  for (const state of chart.resting) {
    const rows = chart.rowsFor(state, type);
    if (rows.length === 0) continue;
    const key = rows.map((row) => chart.rows.indexOf(row)).join();
    const group = groups.get(key) ?? { rows, states: [] };
    group.states.push(state);
    groups.set(key, group);
  }
  const lines = [...groups.values()].flatMap(({ rows, states }) =>
    rows.map((row, i) => [i === 0 ? chart.listed(states) : '', ...outcome(chart, row)]),
  );
  return table(['in', 'if', 'leads to', 'does', 'because'], lines);
}

function ignored(chart: Chart, type: string): string {
  const reasons = new Map<string, AnyStateNode[]>();
  for (const state of chart.resting) {
    for (const [because, types] of chart.ignoredIn(state)) {
      if (types.includes(type)) reasons.set(because, [...(reasons.get(because) ?? []), state]);
    }
  }
  const lines = [...reasons].map(([because, states]) => `- in ${chart.listed(states)}: ${because}`);
  return lines.length === 0 ? '' : `Ignored:\n\n${lines.join('\n')}`;
}
