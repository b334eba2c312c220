import { describe, expect, it } from 'vitest';
import { reportOf } from '../../../src/conformance/report.js';
import { html } from '../../../src/conformance/reports/html.js';
import { ABOUT, result } from '../results.js';

const NASTY = '</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)>';

describe('a report as a page', () => {
  const report = reportOf(
    [result({ verdict: 'failed', grade: 'crash', findings: [{ grade: 'crash', says: NASTY }], timeline: [NASTY] })],
    { ...ABOUT, client: NASTY },
  );
  const page = html([report, report]);

  it('holds no markup of a client', () => {
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<!--');
    expect(page.match(/<script/g)).toHaveLength(2);
  });

  it('holds its reports as data', () => {
    const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
    expect(JSON.parse(data).reports).toEqual([report, report]);
  });

  it('links to the documentation, and loads nothing', () => {
    const clause =
      'https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes';
    expect(page).toContain(JSON.stringify(clause));
    expect(page.replaceAll(clause, '')).not.toMatch(/<link|src=["']|@import|url\(|https?:/);
  });
});
