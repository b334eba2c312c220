import { describe, expect, it } from 'vitest';
import { newFailures, parseReport, REPORT_FORMAT, reportOf } from '../../src/conformance/report.js';
import type { Verdict } from '../../src/conformance/verdict.js';
import { ABOUT, result } from './results.js';

const reportWith = (...verdicts: readonly Verdict[]) =>
  reportOf(
    verdicts.map((verdict, i) => result({ id: `a/${i}`, verdict, grade: verdict === 'failed' ? 'crash' : null })),
    ABOUT,
  );

describe('reportOf', () => {
  it('counts verdicts, and failures by their grade', () => {
    const results = [
      result({ id: 'a/1' }),
      result({ id: 'a/2', verdict: 'tolerated' }),
      result({ id: 'a/3', verdict: 'failed', grade: 'letter' }),
      result({ id: 'a/4', verdict: 'failed', grade: 'letter' }),
      result({ id: 'a/5', verdict: 'failed', grade: 'crash' }),
      result({ id: 'a/6', verdict: 'not reached' }),
      result({ id: 'a/7', verdict: 'not tested' }),
    ];
    const report = reportOf(results, ABOUT);
    expect(report).toEqual({
      format: REPORT_FORMAT,
      ...ABOUT,
      counts: { passed: 1, tolerated: 1, failed: 3, 'not reached': 1, 'not tested': 1 },
      grades: { crash: 1, letter: 2 },
      results,
    });
    expect(Object.keys(report.grades)).toEqual(['crash', 'letter']);
  });
});

describe('newFailures', () => {
  it('are those that were not there before', () => {
    const before = reportWith('passed', 'failed', 'not reached', 'tolerated');
    const now = reportWith('failed', 'failed', 'failed', 'not reached', 'failed', 'passed');
    expect(newFailures(now, before).map(({ id }) => id)).toEqual(['a/0', 'a/3', 'a/4']);
  });

  it('are none where nothing got worse', () => {
    const before = reportWith('failed', 'passed');
    expect(newFailures(reportWith('not reached', 'tolerated'), before)).toEqual([]);
    expect(newFailures(before, before)).toEqual([]);
  });
});

describe('parseReport', () => {
  it('reads what was written', () => {
    const report = reportWith('passed', 'failed');
    expect(parseReport(JSON.stringify(report))).toEqual(report);
  });

  it.each([
    ['{', 'it is not JSON: --report json=FILE writes reports'],
    ['null', 'it is no report'],
    ['[]', 'it is no report'],
    ['{"format":1}', 'it is no report'],
    ['{"format":2,"results":[]}', 'it has format 2, and this version reads format 1: use a newer one'],
    ['{"format":1,"results":[{"id":"a","verdict":"failed"},{"id":"b"}]}', 'results[1] has no id or no verdict'],
    ['{"format":1,"results":[null]}', 'results[0] has no id or no verdict'],
  ])('says what is wrong with %s', (text, says) => {
    expect(() => parseReport(text)).toThrow(says);
  });
});
