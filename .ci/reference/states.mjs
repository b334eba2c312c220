/** The page of a chart's states. */
import { code, table } from '../markdown.mjs';
import { headingOf, isSimple, lineage } from './chart.mjs';

export function statesPage(chart, { title, intro, departures = () => [] }) {
  return [`# ${title}`, intro, tree(chart), ...chart.states.map((state) => section(chart, state, departures))].join(
    '\n\n',
  );
}

/** All states, nested. */
function tree(chart) {
  return chart.states
    .filter((state) => state.parent !== undefined || hasRowsOrRegions(state))
    .map((state) => `${'  '.repeat(Math.max(0, state.path.length - 1))}- ${chart.state(state, state.key)}`)
    .join('\n');
}

const hasRowsOrRegions = (state) => state.transitions.size > 0 || state.type === 'parallel';

function section(chart, state, departures) {
  if (state.parent === undefined && !hasRowsOrRegions(state)) return '';
  const { machines } = chart;
  const own = machines.rowsFrom(state);
  return [
    `## ${headingOf(state)}`,
    state.description ?? '',
    facts(chart, state),
    own.length === 0 ? '' : rowsTable(chart, own),
    isSimple(state) ? around(chart, state) : '',
    isSimple(state) ? beside(chart, state) : '',
    isSimple(state) ? ignored(chart, state) : '',
    other(departures(state)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function facts(chart, state) {
  const { entry, exit, parent, meta, tags } = state;
  const timers = chart.armedBy(entry);
  const effects = entry.filter(({ type }) => type !== 'xstate.raise');
  const inner = Object.values(state.states).map((each) => chart.state(each, each.key));
  const lines = {
    In: parent === undefined || parent.parent === undefined ? '' : chart.state(parent),
    Clause: chart.clause(meta?.spec),
    'On entry': [
      chart.doing(effects),
      ...timers.map((timer) => `starts ${chart.event(`timer.${timer}`)}: ${chart.delay(timer)}`),
    ]
      .filter((part) => part !== '')
      .join(', '),
    'On exit': chart.doing(exit),
    Holds:
      inner.length === 0 ? '' : state.type === 'parallel' ? `side by side ${inner.join(' and ')}` : inner.join(', '),
    Tags: tags.map(code).join(', '),
  };
  const told = Object.entries(lines).filter(([, value]) => value !== '');
  return told.map(([name, value]) => `- ${name}: ${value}`).join('\n');
}

/** Rows of one state: event, guard, target, what is done, and why. Events that fare alike share them. */
function rowsTable(chart, rows) {
  const groups = new Map();
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
function leadsTo(chart, row) {
  if (row.target !== undefined) return chart.target(row);
  return chart.doing(row.actions) === '' && chart.causeOf(row) !== undefined ? 'noted' : 'stays';
}

/** The cells of a row behind its event. */
export function outcome(chart, row) {
  const guard = chart.guardOf(row);
  const cause = chart.causeOf(row);
  return [
    guard === undefined ? '' : chart.guard(guard),
    leadsTo(chart, row),
    chart.doing(row.actions),
    [cause === undefined ? '' : chart.cause(cause), row.description ?? ''].filter((part) => part !== '').join('. '),
  ];
}

/** What the states around a simple one do, as far as it leaves it to them: in short, since it stands there at length. */
function around(chart, state) {
  const rows = chart
    .handledBy(state)
    .flatMap((type) => chart.rowsFor(state, type).filter(({ source }) => source !== state));
  const from = lineage(state).filter((each) => rows.some(({ source }) => source === each));
  if (from.length === 0) return '';
  const lines = from.map((source) => {
    const own = rows.filter((row) => row.source === source);
    const types = [...new Set(own.map(({ eventType }) => eventType))];
    const told = types.map(
      (type) =>
        `${chart.event(type)} ${inShort(
          chart,
          own.filter((row) => row.eventType === type),
        )}`,
    );
    return `- by ${chart.state(source)}: ${told.join('; ')}`;
  });
  return `Handled around it:\n\n${lines.join('\n')}`;
}

/** Where rows for one event lead. */
function inShort(chart, rows) {
  const ends = rows.map((row) => {
    const guard = chart.guardOf(row);
    const cause = chart.causeOf(row);
    const end = row.target === undefined ? leadsTo(chart, row) : `to ${leadsTo(chart, row)}`;
    const why = row.target === undefined || cause === undefined ? '' : ` (${chart.causeLink(cause)})`;
    return `${end}${guard === undefined ? '' : ` if ${chart.guard(guard)}`}${why}`;
  });
  return [...new Set(ends)].join(', else ');
}

function beside(chart, state) {
  const types = chart.handledBeside(state).filter((type) => !type.startsWith('timer.'));
  if (types.length === 0) return '';
  const parallel = lineage(state).find(({ parent }) => parent?.type === 'parallel').parent;
  const others = Object.values(parallel.states).filter((region) => !lineage(state).includes(region));
  const regions = others.map((region) => chart.state(region)).join(' or ');
  return `Handled beside it, by ${regions}: ${types.map((type) => chart.event(type)).join(', ')}.`;
}

function ignored(chart, state) {
  const reasons = [...chart.ignoredIn(state)];
  if (reasons.length === 0) return '';
  const lines = reasons.map(([because, types]) => `- ${types.map((type) => chart.event(type)).join(', ')}: ${because}`);
  return `Ignored:\n\n${lines.join('\n')}`;
}

function other(rows) {
  if (rows.length === 0) return '';
  return `Other than documented, or left open there ([departures](../departures.md)):\n\n${rows.map(({ about, we }) => `- ${about}: ${we}`).join('\n')}`;
}
