import type { Finding } from '../case.js';
import type { CaseResult } from '../verdict.js';

/** A finding in a line. */
export function findingLine({ grade, says, tolerated, spec }: Finding): string {
  const clause = spec === undefined ? '' : ` (${spec})`;
  return tolerated === undefined ? `${grade}: ${says}${clause}` : `tolerated: ${says}: ${tolerated}${clause}`;
}

/** A verdict in words, such as `failed, crash`. */
export const verdictLine = ({ verdict, grade }: Pick<CaseResult, 'verdict' | 'grade'>): string =>
  grade === null ? verdict : `${verdict}, ${grade}`;

/** That a case was played twice and came out differently; nothing if it did not. */
export const variesLine = ({ varies }: CaseResult): string | null =>
  varies === undefined ? null : `varies: it was ${verdictLine(varies)} when it was played first`;
