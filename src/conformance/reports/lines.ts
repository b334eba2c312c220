import type { Finding } from '../case.js';

/** A finding in a line. */
export function findingLine({ grade, says, tolerated, spec }: Finding): string {
  const clause = spec === undefined ? '' : ` (${spec})`;
  return tolerated === undefined ? `${grade}: ${says}${clause}` : `tolerated: ${says}: ${tolerated}${clause}`;
}
