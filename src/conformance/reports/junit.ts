import type { ConformanceReport } from '../report.js';
import { findingLine, variesLine } from './lines.js';

/** The report as JUnit XML, as CI systems read it. Tolerated cases pass; those not reached are errors, and those not tested are skipped. */
export function junit({ client, results, tookMs, counts }: ConformanceReport): string {
  const cases = results.map((result) => {
    const { id, verdict, findings, why = '', timeline, took } = result;
    const [group = '', name = ''] = id.split('/');
    const open = `    <testcase classname="${xml(group)}" name="${xml(`${name}: ${result.says}`)}" time="${took / 1000}"`;
    if (verdict === 'passed') return `${open}/>`;
    if (verdict === 'not tested') return `${open}>\n      <skipped message="${xml(why)}"/>\n    </testcase>`;
    const text = [variesLine(result) ?? [], findings.map(findingLine), '', timeline].flat(2).join('\n');
    if (verdict === 'tolerated') return `${open}>\n      <system-out>${xml(text)}</system-out>\n    </testcase>`;
    const [tag, message] =
      verdict === 'failed' ? ['failure', findings.map(findingLine)[0] ?? ''] : ['error', `not reached: ${why}`];
    return `${open}>\n      <${tag} message="${xml(message)}">${xml(text)}</${tag}>\n    </testcase>`;
  });
  const attributes = `name="${xml(client)}" tests="${results.length}" failures="${counts.failed}" errors="${counts['not reached']}" skipped="${counts['not tested']}" time="${tookMs / 1000}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${attributes}>\n  <testsuite ${attributes}>\n${cases.join('\n')}\n  </testsuite>\n</testsuites>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text in XML; what XML 1.0 cannot hold is left out. */
function xml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not stand in XML
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
  );
}
