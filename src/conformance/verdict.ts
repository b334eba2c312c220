/** The verdict on a case, from its evidence alone. */
import { type Case, type Finding, GRADES, type Grade } from './case.js';
import type { Order } from './control.js';
import type { Evidence } from './evidence.js';
import { timelineOf } from './timeline.js';

/**
 * `tolerated` is within the documentation's freedom. `not reached`: the client did not come to what the case is about,
 * which is no pass.
 */
export type Verdict = 'passed' | 'tolerated' | 'failed' | 'not reached' | 'not tested';

/** What became of a case, as plain data. Times in ms. */
export interface CaseResult {
  readonly id: string;
  readonly spec: string;
  readonly level: Case['level'];
  readonly says: string;
  readonly verdict: Verdict;
  /** The worst of the findings that count; null if none does. */
  readonly grade: Grade | null;
  readonly findings: readonly Finding[];
  /** Why it was not reached. */
  readonly why?: string;
  /** What it was when it was played first, where that was something else. */
  readonly varies?: { readonly verdict: Verdict; readonly grade: Grade | null };
  /** The heartbeat interval that it was found with. */
  readonly interval: number;
  readonly took: number;
  /** What was seen, a line each; empty where nothing is to be shown. */
  readonly timeline: readonly string[];
}

/** Whether a verdict tells against the client. */
export const isBad = (verdict: Verdict): boolean => verdict === 'failed' || verdict === 'not reached';

const WORST_FIRST = Object.keys(GRADES) as readonly Grade[];

/** Holds the checks of a case against what was seen. */
export function judge(each: Case, evidence: Evidence): CaseResult {
  const { id, spec, level, says } = each;
  const took = Math.round(evidence.ended - evidence.began);
  const about = { id, spec, level, says, interval: evidence.interval, took };
  const found = each.checks.flatMap((check) => check(evidence));
  const findings = [...found, ...stalled(found, evidence)];
  const counted = findings.filter(({ tolerated }) => tolerated === undefined);
  const why = missing(each, evidence);
  // What ends the process, or floods, is wrong wherever it happens.
  const isHarm = counted.some(({ grade }) => grade === 'crash') || evidence.flood !== null;
  if (why !== null && !isHarm) {
    return { ...about, verdict: 'not reached', grade: null, findings: [], why, timeline: timelineOf(evidence) };
  }
  const grade = WORST_FIRST.find((each) => counted.some((finding) => finding.grade === each)) ?? null;
  const verdict = grade !== null ? 'failed' : findings.length > 0 ? 'tolerated' : 'passed';
  return { ...about, verdict, grade, findings, timeline: verdict === 'passed' ? [] : timelineOf(evidence) };
}

/** A case that needs orders which the client cannot take. */
export function untested({ id, spec, level, says }: Case, missing: readonly Order[], interval: number): CaseResult {
  const why = `the client cannot be told to ${missing.join(', ')}: it has no control channel, or does not offer it`;
  return {
    ...{ id, spec, level, says, interval, took: 0 },
    verdict: 'not tested',
    grade: null,
    findings: [],
    why,
    timeline: [],
  };
}

/** What the case needs and did not get; null if it was reached. */
function missing({ reached, strikes }: Case, evidence: Evidence): string | null {
  const why = reached?.(evidence) ?? null;
  if (why !== null) return why;
  if (evidence.opens.length === 0 && reached === undefined) return 'the client did not connect';
  const inVain = evidence.items.find((item) => item.kind === 'order' && item.reached === 0);
  if (inVain?.kind === 'order' && strikes === undefined) return `there was no connection for: ${inVain.says}`;
  if (strikes !== undefined && !Number.isFinite(evidence.struck)) {
    return evidence.stalled === null ? 'it did not happen' : `it did not happen: no ${evidence.stalled}`;
  }
  // Stalled before anything happened: the client never came so far.
  const before = evidence.stalled !== null && !Number.isFinite(evidence.struck);
  return before && reached === undefined ? `no ${evidence.stalled}` : null;
}

/** A landmark that did not come is told by the checks; where none of them says so, it is told here. */
function stalled(found: readonly Finding[], evidence: Evidence): readonly Finding[] {
  if (evidence.stalled === null || evidence.flood !== null || evidence.exit !== null) return [];
  return found.some(({ grade }) => grade === 'stuck')
    ? []
    : [{ grade: 'stuck', says: `the client does not come to: ${evidence.stalled}` }];
}
