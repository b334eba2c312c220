/** What an event comes to in each state: played on the chart on and on, until it is known what is sent then. */
import { table } from '../markdown.mjs';

const COLUMNS = ['leads to', 'session afterwards', 'wait', 'sent then', 'because'];

/**
 * A table of what the moves from each state come to, `heading` over the states; those that fare alike share a row. A
 * state that fares differently with and without a session has a row for each. Then where nothing happens.
 */
export function outcomesTable(chart, { heading, movesFrom, nowhere = () => '' }) {
  const groups = new Map();
  const ignored = [];
  for (const state of chart.primary) {
    const moves = chart.placesOf
      .get(state)
      .flatMap(({ edges }) => edges.filter(movesFrom))
      .filter(hasNumbers);
    if (moves.length === 0) ignored.push(state);
    for (const { cells, when } of variants(chart, moves)) {
      const key = JSON.stringify(cells);
      const group = groups.get(key) ?? { cells, states: new Map() };
      group.states.set(when, [...(group.states.get(when) ?? []), state]);
      groups.set(key, group);
    }
  }
  const rows = [...groups.values()].map(({ cells, states }) => [listed(chart, states), ...cells]);
  const isReadyWithout = [...groups.values()].some(({ states }) => states.get(WITHOUT)?.some(isReady));
  return [
    table([heading, ...COLUMNS], rows),
    isReadyWithout ? 'Ready without a session: READY named none that could be resumed.' : '',
    nowhere(ignored),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A session of which no dispatch had a number, as no Gateway begins one, would be a case of its own in each table. */
const hasNumbers = ({ from: { snapshot } }) => snapshot.context.session === null || snapshot.context.sequence !== null;

const [WITH, WITHOUT] = ['with a session', 'without a session'];
const isReady = ({ parent }) => parent.key === 'ready';

/** States, and what it depends on in those where it depends. */
function listed(chart, states) {
  return [...states]
    .sort(([one], [other]) => one.length - other.length)
    .map(([when, some]) => `${some.map((state) => chart.state(state)).join(', ')}${when === '' ? '' : ` ${when}`}`)
    .join('; ');
}

/** What moves come to: one line, or one with a session and one without. */
function variants(chart, moves) {
  const had = moves.filter(({ from }) => from.snapshot.context.session !== null);
  const without = moves.filter((move) => !had.includes(move));
  const all = [
    { when: WITH, cells: cellsOf(chart, had) },
    { when: WITHOUT, cells: cellsOf(chart, without) },
  ].filter((_, i) => [had, without][i].length > 0);
  const isSame = all.every(({ cells }) => JSON.stringify(cells) === JSON.stringify(all[0].cells));
  return isSame ? all.slice(0, 1).map(({ cells }) => ({ when: '', cells })) : all;
}

function cellsOf(chart, moves) {
  const list = (texts) => [...new Set(texts)].filter((text) => text !== '').join(', or ');
  const because = list(moves.map((move) => chart.cause(chart.causeOf(rowOf(chart, move)))));
  if (moves.every(({ from, after }) => chart.mainOf(from.snapshot) === chart.mainOf(after)))
    return ['stays', 'as before', '', '', because];
  return [
    list(moves.map((move) => leadsTo(chart, move))),
    list(moves.map(({ after }) => (after.context.session === null ? 'none' : 'kept'))),
    list(longest(moves.map((move) => waitAfter(chart, move)))),
    sentAfter(chart, moves),
    because,
  ];
}

/** Texts without those that another one begins with. */
const longest = (texts) => texts.filter((text) => !texts.some((other) => other !== text && other.startsWith(text)));

/** The state, and the code of our close on the way there. */
function leadsTo(chart, { after, instructions }) {
  const close = instructions.find(({ type }) => type === 'closeSocket');
  return `${chart.state(chart.mainOf(after))}${close === undefined ? '' : `, closing with ${close.params.code}`}`;
}

const rowOf = (chart, { rows }) => chart.rows.find((row) => rows[0] === chart.machines.rowId(row));

/** How long it waits after a move, if it does. */
function waitAfter(chart, { from, after }) {
  const { key } = chart.mainOf(after);
  if (key !== 'waiting' && key !== 'reconnecting') return '';
  if (from.snapshot.context.wait === after.context.wait && chart.mainOf(from.snapshot).key === 'reconnecting')
    return 'as begun with our close';
  return chart.machines.waitInWords(after.context, after.context.attempts === 0);
}

/** What is sent first once it is connected again. */
function sentAfter(chart, moves) {
  const ends = new Set(moves.map(({ after }) => chart.mainOf(after).key));
  for (const end of ends) if (end in ENDS) return ENDS[end];
  if (!ends.has('waiting') && !ends.has('reconnecting')) return '';
  const ways = moves.map(({ after }) => comingBack(chart, after));
  const urls = new Set(ways.filter(({ resumes }) => resumes).map(({ url }) => url));
  const resume = urls.size === 0 ? [] : [`Resume, at ${urls.size === 2 ? `${OWN}, or ${MAIN}` : [...urls][0]}`];
  const isSpent = ways.some((way) => way.isSpent);
  const identify = ways.every(({ resumes }) => resumes) ? [] : [`Identify, at ${MAIN}${isSpent ? SPENT(chart) : ''}`];
  return [...resume, ...identify].join('; ');
}

const ENDS = {
  failed: 'nothing, until a person has acted and starts it again',
  failing: 'nothing, until a person has acted and starts it again',
  stopped: 'nothing, until it is started again',
  stopping: 'nothing, until it is started again',
};
const [OWN, MAIN] = ["the session's own URL", 'the main URL'];
const SPENT = ({ machines }) => `, if ${machines.DEFAULT_POLICY.resumeBudget} resumes in a row have failed`;

/** Plays the way back: the answer to a close, the wait, the connection, Hello. */
export function comingBack(chart, snapshot) {
  const { machines } = chart;
  const pure = machines.pure(chart.machine);
  const play = (from, event) => {
    const { instructions, snapshot: after, rows } = pure.step(from, event);
    if (rows.length === 0)
      throw new Error(`The way back does not fit the chart: ${event.type} in ${machines.stateName(from.value)}`);
    return { after, instructions };
  };
  let [state, opened] = [snapshot, []];
  for (const type of ['timer.close', 'timer.reconnect', 'located', 'opened', 'hello']) {
    const { key } = chart.mainOf(state);
    if ((type === 'timer.close' && key === 'waiting') || (type === 'located' && key !== 'locating')) continue;
    const event = machines.shardAbstraction.alphabet(state).find((each) => each.type === type);
    const { after, instructions } = play(state, event);
    opened = [...opened, ...instructions.filter((each) => each.type === 'openSocket')];
    state = after;
  }
  const { session } = snapshot.context;
  const resumes = chart.mainOf(state).key === 'resuming';
  const { url } = opened.at(-1).params;
  return {
    resumes,
    url: session !== null && url === session.url ? OWN : MAIN,
    isSpent: !resumes && session !== null,
  };
}
