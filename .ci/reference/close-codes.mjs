/** The page of the close codes: what the shard does about each, wherever it is. Played on the chart, not told. */
import { anchor, table } from '../markdown.mjs';
import { clause } from './chart.mjs';
import { outcomesTable } from './outcome.mjs';

const RECOVERY = {
  resume: 'resume the session on a new connection',
  identify: 'give the session up, and identify on a new connection',
  stop: 'stop: trying again would fail again, a person has to act',
};
const FAULT = { client: 'ours', gateway: "Discord's", network: "the network's", nobody: "nobody's" };
const SPEC = 'gateway#gateway-close-event-codes';

export function closeCodesPage(chart, { machines }) {
  const { CLOSE_CODES, CLIENT_CLOSE_CODES, closeCode } = machines;
  const known = Object.keys(CLOSE_CODES).map(Number);
  const codes = [...known.filter((each) => each >= 4000), ...known.filter((each) => each < 4000)];
  const outcomes = codes.map((each) => outcomesOf(chart, each));
  return [
    '# Close codes',
    `What the shard does when the connection is closed with a code. The documented table (${clause(SPEC)}) says whether to reconnect; whether to resume then is read from its explanations, [and where it is ours, why](../departures.md#close-codes). The policy can replace any row (\`closeCodes\`).`,
    codesTable(codes, closeCode),
    `Any other code is treated like 1006. How long the shard waits before it connects again, by default: ${waitFor(machines, 'retry')}. Where the table says *backoff*: ${waitFor(machines, 'backoff')}; *cooldown*: ${waitFor(machines, 'cooldown')}. How many Identifies there may be, whatever the code, is [for the host to hold](../departures.md#sessions).`,
    ...codes.map((each, i) => section(machines, each, outcomes[i])),
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

/** The wait that a code leads to, in words with numbers. */
function waitFor({ DEFAULT_POLICY, shardContext, waitInWords }, wait, recovery = 'resume') {
  const session = recovery === 'resume' ? { id: '', url: null } : null;
  return waitInWords({ ...shardContext({ policy: DEFAULT_POLICY }), session, wait: { for: wait } });
}

function section(machines, each, outcomes) {
  const row = machines.closeCode(each);
  const { says, recovery, fault, attempts, wait = 'retry', documented } = row;
  const meaning = says[0].toUpperCase() + says.slice(1);
  const limits = [
    ...(attempts === undefined
      ? []
      : [`at most ${attempts} ${attempts === 1 ? 'resume' : 'resumes'} in a row after it`]),
    ...(recovery === 'stop' ? [] : [`after ${waitFor(machines, wait, recovery)}`]),
  ];
  return [
    `## ${headingOf(each, row)}`,
    `${meaning}. Whose fault: ${FAULT[fault]}.`,
    `What follows: **${RECOVERY[recovery]}**${limits.length === 0 ? '' : `, ${limits.join(', ')}`}. ${documented ? 'As documented' : 'Not documented for this code'} (${clause(documented ? SPEC : 'gateway#disconnecting')}).`,
    outcomes,
  ].join('\n\n');
}

/** What a code leads to in each state. */
function outcomesOf(chart, wanted) {
  return outcomesTable(chart, {
    heading: 'closed in',
    movesFrom: ({ event }) => event.type === 'closed' && event.code === wanted,
    nowhere: (states) =>
      `There is no connection to be closed in ${states.map((state) => chart.state(state)).join(', ')}.`,
  });
}
