/** The page of the close codes: what the shard does about each, wherever it is. Played on the chart, not told. */
import { CLIENT_CLOSE_CODES, type CloseCode, closeCode } from '../../machines/protocol/close-codes.js';
import { DEFAULT_POLICY } from '../../machines/shard/policy.js';
import { waitInWords } from '../../machines/shard/sentences.js';
import { shardContext, type Wait } from '../../machines/shard/vocabulary.js';
import { CODES, closedWith } from '../telling/consequences.js';
import type { Chart } from './chart.js';
import { clause } from './clauses.js';
import { anchor, paragraphs, table } from './markdown.js';
import { outcomesTable, type ShardStates } from './outcomes.js';

const RECOVERY = {
  resume: 'resume the session on a new connection',
  identify: 'give the session up, and identify on a new connection',
  stop: 'stop: trying again would fail again, a person has to act',
};
/** Whose fault a close was, as the client sees it. */
export const FAULT = { client: 'ours', gateway: "Discord's", network: "the network's", nobody: "nobody's" };
const SPEC = 'gateway#gateway-close-event-codes';

export function closeCodesPage(chart: Chart, shard: ShardStates): string {
  return paragraphs(
    '# Close codes',
    `What the shard does when the connection is closed with a code. The documented table (${clause(SPEC)}) says whether to reconnect; whether to resume then is read from its explanations, [and where it is ours, why](../departures.md#close-codes). The policy can replace any row (\`closeCodes\`).`,
    codesTable(),
    `Any other code is treated like 1006. How long the shard waits before it connects again, by default: ${waitFor('retry')}. Where the table says *backoff*: ${waitFor('backoff')}; *cooldown*: ${waitFor('cooldown')}. How many Identifies there may be, whatever the code, is [for the host to hold](../departures.md#sessions).`,
    ...CODES.map((code) => section(chart, shard, code)),
    '## Codes that we close with',
    table(
      ['code', 'name', 'the session', 'what for'],
      Object.entries(CLIENT_CLOSE_CODES).map(([code, { name, session, says }]) => [code, name, session, says]),
    ),
  );
}

const headingOf = (code: number) => `${code} ${closeCode(code).name}`;
/** The link to what is said of a code. */
export const linkTo = (code: number): string => `[${code}](close-codes.md#${anchor(headingOf(code))})`;

const resumes = (attempts: number) => `${attempts} ${attempts === 1 ? 'resume' : 'resumes'}`;

function codesTable(): string {
  return table(
    ['code', 'name', 'then', 'at most', 'wait first', 'whose fault', 'documented'],
    CODES.map((code) => {
      const { name, recovery, attempts, wait, fault, documented } = closeCode(code);
      const tries = attempts === undefined ? '' : resumes(attempts);
      return [linkTo(code), name, recovery, tries, wait ?? '', FAULT[fault], documented ? 'yes' : 'no'];
    }),
  );
}

/** The wait that a code leads to, in words with numbers. */
function waitFor(wait: Exclude<Wait['for'], 'retryAfter'>, recovery: CloseCode['recovery'] = 'resume'): string {
  const session = recovery === 'resume' ? { id: '', url: null } : null;
  return waitInWords({ ...shardContext({ policy: DEFAULT_POLICY }), session, wait: { for: wait } });
}

function section(chart: Chart, shard: ShardStates, code: number): string {
  const { says, recovery, fault, attempts, wait = 'retry', documented } = closeCode(code);
  const meaning = says.charAt(0).toUpperCase() + says.slice(1);
  const limits = [
    ...(attempts === undefined ? [] : [`at most ${resumes(attempts)} in a row after it`]),
    ...(recovery === 'stop' ? [] : [`after ${waitFor(wait, recovery)}`]),
  ];
  return paragraphs(
    `## ${headingOf(code)}`,
    `${meaning}. Whose fault: ${FAULT[fault]}.`,
    `What follows: **${[`${RECOVERY[recovery]}**`, ...limits].join(', ')}. ${documented ? 'As documented' : 'Not documented for this code'} (${clause(documented ? SPEC : 'gateway#disconnecting')}).`,
    outcomesTable(chart, shard, closedWith(code), {
      heading: 'closed in',
      nowhere: (links) => `There is no connection to be closed in ${links}.`,
    }),
  );
}
