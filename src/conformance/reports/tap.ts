import type { ConformanceReport } from '../report.js';
import { findingLine, verdictLine } from './lines.js';

/** The report in the Test Anything Protocol, version 14. */
export function tap({ results }: ConformanceReport): string {
  const lines = results.flatMap(({ id, says, verdict, findings, why, spec, timeline, varies }, i) => {
    const isOk = verdict === 'passed' || verdict === 'tolerated';
    const head = `${isOk ? 'ok' : 'not ok'} ${i + 1} - ${escaped(`${id}: ${says}`)}`;
    if (verdict === 'passed') return [head];
    if (verdict === 'not tested') return [`ok ${i + 1} - ${escaped(`${id}: ${says}`)} # SKIP ${escaped(why ?? '')}`];
    const details = {
      verdict,
      spec,
      findings: findings.map(findingLine),
      ...(why === undefined ? {} : { why }),
      ...(varies === undefined ? {} : { varies: verdictLine(varies) }),
      timeline,
    };
    return [head, '  ---', ...yaml(details), '  ...'];
  });
  return ['TAP version 14', `1..${results.length}`, ...lines, ''].join('\n');
}

const escaped = (text: string) => text.replace(/[\\#]/g, '\\$&').replace(/\s+/g, ' ');

/** JSON is YAML, so that each value is written as JSON. */
function yaml(fields: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    Array.isArray(value)
      ? [`  ${name}:`, ...value.map((each) => `    - ${JSON.stringify(each)}`)]
      : [`  ${name}: ${JSON.stringify(value)}`],
  );
}
