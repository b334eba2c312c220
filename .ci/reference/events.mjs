/** The page of a chart's events: what each does in every state. */
import { table } from '../markdown.mjs';
import { outcome } from './states.mjs';

/** `more` has what else is said of an event, by its type. */
export function eventsPage(chart, { title, intro, overview = '', more = {} }) {
  const timers = chart.events.filter((type) => type.startsWith('timer.'));
  const events = chart.events.filter((type) => !timers.includes(type));
  return [
    `# ${title}`,
    intro,
    `Events: ${events.map((type) => chart.event(type)).join(', ')}.`,
    `Timers: ${timers.map((type) => chart.event(type)).join(', ')}.`,
    overview,
    ...[...events, ...timers].map((type) => section(chart, type, more[type])),
  ].join('\n\n');
}

function section(chart, type, more = '') {
  return [`## ${type}`, meaning(chart, type), more, whatItDoes(chart, type), ignored(chart, type)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function meaning(chart, type) {
  if (!type.startsWith('timer.')) return chart.words.events[type];
  const timer = type.slice('timer.'.length);
  return `${chart.words.timers[timer]} It takes ${chart.delay(timer)}.`;
}

/** A row for each outcome, with all the states in which it is the same. */
function whatItDoes(chart, type) {
  const groups = new Map();
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

function ignored(chart, type) {
  const reasons = new Map();
  for (const state of chart.resting) {
    for (const [because, types] of chart.ignoredIn(state)) {
      if (types.includes(type)) reasons.set(because, [...(reasons.get(because) ?? []), state]);
    }
  }
  if (reasons.size === 0) return '';
  const lines = [...reasons].map(([because, states]) => `- in ${chart.listed(states)}: ${because}`);
  return `Ignored:\n\n${lines.join('\n')}`;
}
