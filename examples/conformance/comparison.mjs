/** What was found in several clients, as pages in Markdown. Reports are those of `gatechart conform`, with what else is known. */

import { stripVTControlCharacters } from 'node:util';

/** The file of a client: its name without what no file name should hold. */
export const fileOf = (name, extension) => `${name.replace(/^@/, '').replaceAll('/', '-')}.${extension}`;

const VERDICTS = ['passed', 'tolerated', 'failed', 'not reached', 'not tested'];

/** A report with its results beside those of one before that it does not have, counted anew. */
export function merged(before, report) {
  const fresh = new Map(report.results.map((result) => [result.id, result]));
  const kept = before?.results ?? [];
  const known = new Set(kept.map(({ id }) => id));
  const results = [
    ...kept.map((result) => fresh.get(result.id) ?? result),
    ...report.results.filter(({ id }) => !known.has(id)),
  ];
  const count = (holds) => results.filter(holds).length;
  const grades = [...new Set(results.flatMap(({ grade }) => grade ?? []))];
  return {
    ...report,
    profile: before?.profile ?? report.profile,
    counts: Object.fromEntries(VERDICTS.map((verdict) => [verdict, count((each) => each.verdict === verdict)])),
    grades: Object.fromEntries(grades.map((grade) => [grade, count((each) => each.grade === grade)])),
    results,
  };
}

/** The verdicts alone, a line each: enough for `gatechart conform --baseline`, and small enough to be kept. */
export function baselineOf({ format, client, version, gatechart, profile, began, results }) {
  const head = JSON.stringify({ format, client, version, gatechart, profile, began }).slice(0, -1);
  const lines = results.map(({ id, verdict, grade, varies }) =>
    JSON.stringify({ id, verdict, ...(grade === null ? {} : { grade }), ...(varies === undefined ? {} : { varies }) }),
  );
  return `${head},"results":[\n${lines.join(',\n')}\n]}\n`;
}

/** Pages by their file names: one with all clients, and one for each. `grades` are told worst first, `linkTo` a clause. */
export function pagesOf(reports, { grades, linkTo }) {
  return new Map([
    ['README.md', comparison(reports, grades)],
    ...reports.map((report) => [fileOf(report.client, 'md'), pageOf(report, { grades, linkTo })]),
  ]);
}

const day = ({ began }) => began.slice(0, 10);

function comparison(reports, grades) {
  const names = Object.keys(grades);
  const count = (of, holds) => of.results.filter(holds).length || '';
  const failedOf = (level) => (each) => each.verdict === 'failed' && each.level === level;
  const days = reports.map(day).sort();
  const span = days[0] === days.at(-1) ? days[0] : `${days[0]} to ${days.at(-1)}`;
  const machines = [...new Set(reports.map(({ machine }) => machine))].join('; ');
  const intervals = [...new Set(reports.flatMap(({ results }) => results.map(({ interval }) => interval)))].sort(
    (a, b) => a - b,
  );
  return `# Libraries under the conformance kit

What [\`gatechart conform\`](../conformance.md) finds in clients for the Discord Gateway, ours among them. It is a test report and no ranking: a
library may fail many cases by one habit, and pass others that matter more to you. Each verdict tells of one version, set up as
its documentation shows, against a simulated Gateway: Discord was not asked.

- Run: ${span}, gatechart ${[...new Set(reports.map(({ gatechart }) => gatechart))].join(', ')}, on ${machines}, with other programs running.
- Heartbeat interval: ${intervals.map((ms) => `${ms / 1000} s`).join(', ')}. Discord's is 41.25 s: what happens once in each interval is rarer there.
- A case that was not good was played once more, four at once and two of those that measure time, and the second verdict counts. It *varies* where the first was another.
- What Discord answers is not documented everywhere. Where it is not, the simulator does one of the things that are possible: it closes
  with 4002 on a Resume without a session, for one.
- Programs: [examples/clients](../../examples/clients), with the defaults of each library. They have no control channel, so that cases which
  give orders to the client are not tested; [ours](../../examples/conformance/gatechart.mjs) has one, and is asked more.

## Cases by verdict

${table(
  ['client', 'version', 'language', 'profile', ...VERDICTS, 'of these vary'],
  reports.map((report) => [
    `[${report.client}](${fileOf(report.client, 'md')})`,
    report.version,
    report.language,
    report.profile,
    ...VERDICTS.map((verdict) => count(report, (each) => each.verdict === verdict)),
    count(report, ({ varies }) => varies !== undefined),
  ]),
)}

What each verdict means stands in [conformance](../conformance.md#verdicts).

## Failed cases by what they cost

${table(
  ['client', ...names],
  reports.map((report) => [report.client, ...names.map((grade) => count(report, (each) => each.grade === grade))]),
)}

Worst first; a case counts by the worst of its findings. ${names.map((grade) => `*${grade}*: ${grades[grade]}`).join('; ')}.

## Failed cases by what the documentation says

${table(
  ['client', 'must', 'should', 'robustness'],
  reports.map((report) => [
    report.client,
    ...['must', 'should', 'robustness'].map((level) => count(report, failedOf(level))),
  ]),
)}

Where the documentation is silent, as on frames that are no JSON, a case is one of *robustness*.

## Repeat it

\`\`\`sh
npm ci && npm run build
npm run conform:peers -- discord.js                                      # all cases with one library
npm run conform:peers -- discord.js --case 'close-4008/live' --verbose   # one case, with everything that was seen
npm run conform:peers -- --out docs/conformance --html report.html       # all of them, and these pages
\`\`\`

Each page shows the evidence of one case for each finding; \`--html\` writes that of all cases. Verdicts as data stand in the
files \`*.baseline.json\`, which \`gatechart conform --baseline\` reads.

A finding that is wrong is a fault of ours: say so in an issue, with the case.
`;
}

function pageOf(report, { grades, linkTo }) {
  const { client, version, language, over, profile, results, counts } = report;
  const findings = findingsIn(report, Object.keys(grades));
  const varying = results.filter(({ varies }) => varies !== undefined);
  const missed = results.filter(({ verdict }) => verdict === 'not reached');
  return `# ${client} ${version}

${language}, over ${over}; ${profile} profile of ${day(report)}. ${VERDICTS.map((verdict) => `${counts[verdict]} ${verdict}`).join(', ')}.
[How it was run, and what the words mean](README.md).

To repeat a case, with everything that is seen:

\`\`\`sh
npm run conform:peers -- ${client} --case '<case>' --verbose
\`\`\`

${findings.length === 0 ? 'Nothing was found.' : findings.map((finding) => section(finding, linkTo)).join('\n\n')}
${rest('Not reached', missed, ({ why }) => why)}${rest('Varies', varying, ({ verdict, grade, varies }) => `${named(varies)} at first, then ${named({ verdict, grade })}`)}`;
}

const named = ({ verdict, grade }) => (grade === null ? verdict : `${verdict} (${grade})`);

function rest(title, results, what) {
  if (results.length === 0) return '';
  return `\n## ${title}\n\n${results.map((result) => `- \`${result.id}\`: ${text(what(result))}`).join('\n')}\n`;
}

/** What is found in several cases is one finding: its sentence up to the details, without its numbers. */
function findingsIn({ results }, order) {
  const found = new Map();
  for (const result of results) {
    if (result.verdict !== 'failed') continue;
    for (const finding of result.findings) {
      if (finding.tolerated !== undefined) continue;
      const [says] = finding.says.split(': ');
      const key = `${finding.grade} ${says.replace(/\d+(\.\d+)?/g, '0')}`;
      const { cases = [] } = found.get(key) ?? {};
      found.set(key, { grade: finding.grade, cases: [...cases, { result, finding }] });
    }
  }
  return [...found.values()]
    .map(({ cases, ...rest }) => ({ ...rest, cases: cases.toSorted(byEvidence) }))
    .sort((a, b) => order.indexOf(a.grade) - order.indexOf(b.grade) || b.cases.length - a.cases.length);
}

const LEVELS = ['must', 'should', 'robustness'];

/** The case that tells most in the fewest lines comes first: one where the documentation says so, and whose finding is the worst. */
function byEvidence(a, b) {
  const rank = ({ result, finding }) => (result.grade === finding.grade ? 0 : 10) + LEVELS.indexOf(result.level);
  return rank(a) - rank(b) || a.result.timeline.length - b.result.timeline.length;
}

function section({ grade, cases }, linkTo) {
  const [{ result, finding }] = cases;
  const [says, ...details] = finding.says.split(': ');
  const isRule = details.length > 0 && finding.spec !== undefined;
  const ids = cases.map((each) => `\`${each.result.id}\``).sort();
  const clause = finding.spec ?? result.spec;
  const link = linkTo(clause);
  const where = link === null ? clause : `[${clause}](${link})`;
  const more = cases.length === 1 ? '' : `\n\nIn ${cases.length} cases: ${ids.join(', ')}.`;
  return `## ${grade}: ${isRule ? 'not so: ' : ''}${text(says)}

Expected by \`${result.id}\` (${result.level}, ${where}): ${text(result.says)}.

Found: ${text(finding.says)}.${more}

\`\`\`text
${excerpt(result.timeline).join('\n')}
\`\`\``;
}

/** So many lines of evidence are shown, the first and the last ones. */
const [FIRST_LINES, LAST_LINES] = [24, 10];

/** The evidence. Of what a client printed, colours and the folders of files are left out: they are those of one machine. */
function excerpt(timeline) {
  const lines = timeline.map((line) => (/^ *[\d.]+ s  client /.test(line) ? withoutFolders(line) : line));
  if (lines.length <= FIRST_LINES + LAST_LINES + 1) return lines;
  const left = `${' '.repeat(11)}… ${lines.length - FIRST_LINES - LAST_LINES} lines …`;
  return [...lines.slice(0, FIRST_LINES), left, ...lines.slice(-LAST_LINES)];
}

const withoutFolders = (line) => stripVTControlCharacters(line).replace(/\/(?:[^\s/()'":]+\/){2,}/g, '');

/** Text in Markdown, as it is. */
const text = (plain) => plain.replace(/[\\`*_<>|[\]]/g, '\\$&');

function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i].length), 1));
  const line = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const [first, ...others] = cells;
  return [line(first), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...others.map(line)].join('\n');
}
