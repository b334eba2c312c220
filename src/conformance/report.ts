/** What a run comes to, as plain data: what every report is made of, and what `--report json` writes. */
import { GRADES, type Grade } from './case.js';
import type { Profile } from './cases/index.js';
import { type CaseResult, isBad, type Verdict } from './verdict.js';

/** The number of the format. */
export const REPORT_FORMAT = 1;

/** A run of all chosen cases with one client. */
export interface ConformanceReport {
  readonly format: typeof REPORT_FORMAT;
  /** The version of this package. */
  readonly gatechart: string;
  /** The client, by the name it was given, or by its command. */
  readonly client: string;
  readonly profile: Profile;
  /** When it began, as an ISO date. */
  readonly began: string;
  readonly tookMs: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Failed cases by their worst grade. */
  readonly grades: Readonly<Partial<Record<Grade, number>>>;
  readonly results: readonly CaseResult[];
}

/** Counts what results come to. */
export function reportOf(
  results: readonly CaseResult[],
  about: Pick<ConformanceReport, 'gatechart' | 'client' | 'profile' | 'began' | 'tookMs'>,
): ConformanceReport {
  const count = (verdict: Verdict) => results.filter((each) => each.verdict === verdict).length;
  const grades = (Object.keys(GRADES) as Grade[]).flatMap((grade) => {
    const failed = results.filter((each) => each.grade === grade).length;
    return failed === 0 ? [] : [[grade, failed] as const];
  });
  return {
    format: REPORT_FORMAT,
    ...about,
    counts: {
      passed: count('passed'),
      tolerated: count('tolerated'),
      failed: count('failed'),
      'not reached': count('not reached'),
      'not tested': count('not tested'),
    },
    grades: Object.fromEntries(grades),
    results,
  };
}

/** Cases that failed and are not in a baseline as failed: what is new. */
export function newFailures(
  { results }: Pick<ConformanceReport, 'results'>,
  baseline: ConformanceReport,
): readonly CaseResult[] {
  const known = new Map(baseline.results.map(({ id, verdict }) => [id, verdict]));
  return results.filter(({ id, verdict }) => isBad(verdict) && !isBad(known.get(id) ?? 'passed'));
}

/** A report that was written before. Throws a `TypeError` that says what is wrong with it. */
export function parseReport(text: string): ConformanceReport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TypeError('it is not JSON: --report json=FILE writes reports');
  }
  const { format, results } = (typeof value === 'object' && value !== null ? value : {}) as Partial<ConformanceReport>;
  if (typeof format !== 'number' || !Array.isArray(results)) {
    throw new TypeError('it is no report: --report json=FILE writes reports');
  }
  if (format > REPORT_FORMAT) {
    throw new TypeError(`it has format ${format}, and this version reads format ${REPORT_FORMAT}: use a newer one`);
  }
  const isResult = (each: unknown) =>
    typeof each === 'object' &&
    each !== null &&
    typeof (each as CaseResult).id === 'string' &&
    typeof (each as CaseResult).verdict === 'string';
  const at = results.findIndex((each) => !isResult(each));
  if (at !== -1) throw new TypeError(`results[${at}] has no id or no verdict`);
  return value as ConformanceReport;
}
