/** The pages that compare libraries, made of reports by hand. */
import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script, which has no types
import { baselineOf, fileOf, merged, pagesOf } from '../../examples/conformance/comparison.mjs';
import { GRADES } from '../../src/conformance/case.js';
import { newFailures, parseReport, reportOf } from '../../src/conformance/report.js';
import type { CaseResult } from '../../src/conformance/verdict.js';
import { ABOUT, result } from '../conformance/results.js';

const failed = (id: string, grade: CaseResult['grade'], says: string, rest: Partial<CaseResult> = {}): CaseResult =>
  result({
    ...{ id, verdict: 'failed', grade, findings: [{ grade: grade ?? 'letter', says }] },
    ...{ timeline: ['   0.00 s  -> 1 opens /', '   0.10 s  client complains: at /home/x/clients/lib/index.js:1'] },
    ...rest,
  });
const reportWith = (client: string, ...results: readonly CaseResult[]) => ({
  ...reportOf(results, { ...ABOUT, client }),
  ...{ version: '1.2.3', language: 'Go', over: 'http and ws', machine: 'linux x64' },
});
const linkTo = (spec: string) => `https://docs.test/${spec}`;

describe('the comparison', () => {
  const lib = reportWith(
    'lib',
    result({ id: 'life/connects' }),
    failed('drop/live', 'stuck', 'no session is live 9 s after it happened'),
    failed('drop/back', 'stuck', 'no session is live 12.5 s after it happened', { level: 'robustness' }),
    failed('close-4009/live', 'letter', 'a rule: the breach <b>', {
      findings: [
        { grade: 'letter', says: 'a rule: the breach <b>', spec: 'gateway#resuming' },
        { grade: 'letter', says: 'a taste', tolerated: 'it may' },
      ],
    }),
    result({ id: 'op-7/live', varies: { verdict: 'failed', grade: 'loss' } }),
    result({ id: 'op-1/live', verdict: 'not reached', why: 'no live' }),
  );
  const pages = pagesOf([lib, reportWith('@scope/other', result({ id: 'life/connects' }))], { grades: GRADES, linkTo });

  it('has a page for all, with a row for each client, and one for each', () => {
    expect([...pages.keys()]).toEqual(['README.md', 'lib.md', 'scope-other.md']);
    const rows = pages
      .get('README.md')
      .split('\n')
      .map((line: string) => line.replace(/ +/g, ' '));
    expect(rows).toContain('| [lib](lib.md) | 1.2.3 | Go | full | 2 | | 3 | 1 | | 1 |');
    expect(rows).toContain('| lib | | | 2 | | | | | | 1 |'); // stuck and letter
    expect(rows).toContain('| lib | 2 | | 1 |'); // must and robustness
    expect(pages.get('scope-other.md')).toContain('Nothing was found.');
  });

  it('tells a finding once, worst first, with all its cases and the evidence of one', () => {
    const page = pages.get('lib.md');
    const headings = page.split('\n').filter((line: string) => line.startsWith('## '));
    expect(headings).toEqual([
      '## stuck: no session is live 9 s after it happened',
      '## letter: not so: a rule',
      '## Not reached',
      '## Varies',
    ]);
    expect(page).toContain('In 2 cases: `drop/back`, `drop/live`.');
    expect(page).toContain('Expected by `drop/live` (must, [gateway#gateway-close-event-codes](https://docs.test/');
    expect(page).toContain('[gateway#resuming](https://docs.test/gateway#resuming)');
    expect(page).toContain('Found: a rule: the breach \\<b\\>.');
    expect(page).toContain('- `op-7/live`: failed (loss) at first, then passed');
    expect(page).not.toContain('a taste');
    expect(page).toContain('client complains: at index.js:1');
  });

  it('keeps the verdicts as a baseline that the kit reads', () => {
    const baseline = parseReport(baselineOf(lib));
    expect(newFailures(lib, baseline)).toEqual([]);
    const worse = reportWith('lib', failed('life/connects', 'crash', 'the process ends'));
    expect(newFailures(worse, baseline).map(({ id }) => id)).toEqual(['life/connects']);
  });

  it('takes what was found anew of some cases, and keeps the rest', () => {
    const now = merged(lib, reportWith('lib', result({ id: 'drop/live' }), result({ id: 'new/case' })));
    expect(now.results).toHaveLength(7);
    expect(now.counts).toEqual({ passed: 4, tolerated: 0, failed: 2, 'not reached': 1, 'not tested': 0 });
    expect(now.grades).toEqual({ stuck: 1, letter: 1 });
    expect(merged(null, lib)).toEqual(lib);
  });

  it('names files without what no name should hold', () => {
    expect(['discord.js', '@discordjs/ws'].map((name) => fileOf(name, 'json'))).toEqual([
      'discord.js.json',
      'discordjs-ws.json',
    ]);
  });
});
