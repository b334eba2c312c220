/** The page of the close codes: what the shard does about each, wherever it is. Played on the chart, not told. */
import { anchor, duration, table } from '../markdown.mjs';
import { clause } from './chart.mjs';

const RECOVERY = {
  resume: 'resume the session on a new connection',
  identify: 'give the session up, and identify on a new connection',
  stop: 'stop: trying again would fail again, a person has to act',
};
const FAULT = { client: 'ours', gateway: "Discord's", network: "the network's", nobody: "nobody's" };
const SPEC = 'gateway#gateway-close-event-codes';

export function closeCodesPage(chart, { machines }) {
  const { CLOSE_CODES, CLIENT_CLOSE_CODES, closeCode, DEFAULT_POLICY } = machines;
  const known = Object.keys(CLOSE_CODES).map(Number);
  const codes = [...known.filter((each) => each >= 4000), ...known.filter((each) => each < 4000)];
  const { waits } = DEFAULT_POLICY;
  const outcomes = codes.map((each) => outcomesOf(chart, each));
  return [
    '# Close codes',
    `What the shard does when the connection is closed with a code. The documented table (${clause(SPEC)}) says whether to reconnect; whether to resume then is read from its explanations, [and where it is ours, why](../departures.md#close-codes). The policy can replace any row (\`closeCodes\`).`,
    codesTable(codes, closeCode),
    `Any other code is treated like 1006. How long the shard waits before it connects again, unless the table says: ${duration(waits.quick)} if the connection had held, else a [back-off](policy.md) of up to ${duration(waits.backoff.cap)}. *Cooldown* is ${duration(waits.cooldown)}.`,
    ...codes.map((each, i) => section(each, closeCode(each), outcomes[i])),
    '## Codes that we close with',
    table(
      ['code', 'name', 'the session', 'what for'],
      Object.entries(CLIENT_CLOSE_CODES).map(([each, { name, session, says }]) => [each, name, session, says]),
    ),
  ].join('\n\n');
}

const headingOf = (each, { name }) => `${each} ${name}`;
export const linkTo = (each, row) => `[${each}](close-codes.md#${anchor(headingOf(each, row))})`;

function codesTable(codes, closeCode) {
  return table(
    ['code', 'name', 'then', 'at most', 'wait first', 'whose fault', 'documented'],
    codes.map((each) => {
      const row = closeCode(each);
      const { name, recovery, attempts, wait, fault, documented } = row;
      const tries = attempts === undefined ? '' : `${attempts} ${attempts === 1 ? 'resume' : 'resumes'}`;
      return [linkTo(each, row), name, recovery, tries, wait ?? '', FAULT[fault], documented ? 'yes' : 'no'];
    }),
  );
}

function section(each, row, outcomes) {
  const { says, recovery, fault, attempts, wait, documented } = row;
  const meaning = says[0].toUpperCase() + says.slice(1);
  const limits = [
    ...(attempts === undefined
      ? []
      : [`at most ${attempts} ${attempts === 1 ? 'resume' : 'resumes'} in a row after it`]),
    ...(wait === undefined ? [] : [`after a ${wait === 'cooldown' ? 'cooldown' : 'growing wait'}`]),
  ];
  return [
    `## ${headingOf(each, row)}`,
    `${meaning}. Whose fault: ${FAULT[fault]}.`,
    `What follows: **${RECOVERY[recovery]}**${limits.length === 0 ? '' : `, ${limits.join(', ')}`}. ${documented ? 'As documented' : 'Not documented for this code'} (${clause(documented ? SPEC : 'gateway#disconnecting')}).`,
    outcomes,
  ].join('\n\n');
}

/** What a code leads to in each state, played on the chart: states that fare alike share a row. */
function outcomesOf(chart, wanted) {
  const groups = [];
  const ignored = [];
  for (const state of chart.primary) {
    const moves = chart.placesOf
      .get(state)
      .flatMap(({ edges }) => edges.filter(({ event }) => event.type === 'closed' && event.code === wanted));
    if (moves.length === 0) ignored.push(state);
    else join(groups, { states: [state], ...told(chart, moves) });
  }
  const rows = groups.map(({ states, target, because, withSession, without }) => [
    chart.listed(states),
    target,
    because,
    withSession === without || without === undefined
      ? withSession
      : withSession === undefined
        ? without
        : `with a session ${withSession}; without, ${without}`,
  ]);
  const nowhere = ignored.map((state) => chart.state(state)).join(', ');
  return `${table(['closed in', 'leads to', 'because', 'and then'], rows)}\n\nThere is no connection to be closed in ${nowhere}.`;
}

/** Puts a state to those that fare alike; whether there is a session may be certain in one of them. */
function join(groups, outcome) {
  const same = (one, other) => one === undefined || other === undefined || one === other;
  const group = groups.find(
    ({ target, because, withSession, without }) =>
      target === outcome.target &&
      because === outcome.because &&
      same(withSession, outcome.withSession) &&
      same(without, outcome.without),
  );
  if (group === undefined) groups.push(outcome);
  else {
    group.states.push(...outcome.states);
    group.withSession ??= outcome.withSession;
    group.without ??= outcome.without;
  }
}

function told(chart, moves) {
  const list = (texts) => [...new Set(texts)].filter((text) => text !== '').join(', or ') || undefined;
  const where = ({ after }) => chart.mainOf(after);
  const then = (had) =>
    list(
      moves
        .filter(({ from }) => (from.snapshot.context.session !== null) === had)
        .map((move) => afterwards(move.after, where(move).key, had)),
    );
  const rowOf = ({ rows }) => chart.rows.find((row) => rows[0] === chart.machines.rowId(row));
  return {
    target: list(moves.map((move) => chart.state(where(move)))),
    because: list(moves.map((move) => chart.cause(chart.causeOf(rowOf(move))))),
    withSession: then(true),
    without: then(false),
  };
}

function afterwards({ context: { session } }, key, had) {
  if (key === 'failed') return 'a person has to act, and start it again';
  if (key === 'stopped')
    return !had ? 'nothing is left to do' : session === null ? 'the session is forgotten' : 'the session is kept';
  if (session === null) return 'it waits, then identifies: a new session at the main URL';
  return `it waits, then resumes at ${session.url === null ? 'the main URL' : "the session's own URL"}`;
}
