import { describe, expect, it } from 'vitest';
import { reportOf } from '../../../src/conformance/report.js';
import { tap } from '../../../src/conformance/reports/tap.js';
import { ABOUT, result } from '../results.js';

describe('a report in the Test Anything Protocol', () => {
  it('has a plan, a line for each case, and why it did not pass', () => {
    const report = reportOf(
      [
        result({ says: 'One\nline # TODO \\' }),
        result({ id: 'op-7/live', verdict: 'tolerated', findings: [{ grade: 'letter', says: 'x', tolerated: 'y' }] }),
        result({ id: 'op-1/live', verdict: 'not reached', why: 'no live', timeline: ['0 s "...\n---"', '1 s'] }),
        result({ id: 'drop/live', verdict: 'failed', grade: 'loss', findings: [{ grade: 'loss', says: 'x' }] }),
      ],
      ABOUT,
    );
    const says = 'Close code 4009 while the session is live: a new session is begun';
    expect(tap(report).split('\n')).toEqual([
      'TAP version 14',
      '1..4',
      'ok 1 - close-4009/live: One line \\# TODO \\\\',
      `ok 2 - op-7/live: ${says}`,
      '  ---',
      '  verdict: "tolerated"',
      '  spec: "gateway#gateway-close-event-codes"',
      '  findings:',
      '    - "tolerated: x: y"',
      '  timeline:',
      '  ...',
      `not ok 3 - op-1/live: ${says}`,
      '  ---',
      '  verdict: "not reached"',
      '  spec: "gateway#gateway-close-event-codes"',
      '  findings:',
      '  why: "no live"',
      '  timeline:',
      '    - "0 s \\"...\\n---\\""',
      '    - "1 s"',
      '  ...',
      `not ok 4 - drop/live: ${says}`,
      '  ---',
      '  verdict: "failed"',
      '  spec: "gateway#gateway-close-event-codes"',
      '  findings:',
      '    - "loss: x"',
      '  timeline:',
      '  ...',
      '',
    ]);
  });

  it('skips what was not tested', () => {
    const report = reportOf([result({ id: 'stop/live', verdict: 'not tested', why: 'it cannot #1' })], ABOUT);
    expect(tap(report)).toMatch(/\nok 1 - stop\/live: .* # SKIP it cannot \\#1\n$/);
  });
});
