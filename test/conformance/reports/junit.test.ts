import { describe, expect, it } from 'vitest';
import { reportOf } from '../../../src/conformance/report.js';
import { junit } from '../../../src/conformance/reports/junit.js';
import { ABOUT, result } from '../results.js';
import { elementsOf } from './xml.js';

const NASTY = '</failure><script>alert("1")</script> & \u0000\u001b[31m ]]> \ufffe';
const report = reportOf(
  [
    result({}),
    result({ id: 'op-9-true/live', verdict: 'tolerated', findings: [{ grade: 'letter', says: 'x', tolerated: 'y' }] }),
    result({
      id: 'drop/live',
      verdict: 'failed',
      grade: 'crash',
      findings: [{ grade: 'crash', says: NASTY, spec: 'gateway#resuming' }],
      timeline: [NASTY],
    }),
    result({ id: 'op-7/live', verdict: 'not reached', why: 'no live within 5 ms' }),
    result({ id: 'stop/live', verdict: 'not tested', why: 'the client cannot be told to stop' }),
  ],
  { ...ABOUT, client: NASTY },
);

describe('a report as JUnit XML', () => {
  const elements = elementsOf(junit(report));
  const all = (name: string) => elements.filter((each) => each.name === name);

  it('counts what failed and what was not reached', () => {
    for (const name of ['testsuites', 'testsuite']) {
      expect(all(name)[0]?.attributes).toMatchObject({
        tests: '5',
        failures: '1',
        errors: '1',
        skipped: '1',
        time: '61.5',
      });
    }
  });

  it('skips what was not tested, and says why', () => {
    expect(all('skipped').map(({ attributes }) => attributes['message'])).toEqual([
      'the client cannot be told to stop',
    ]);
  });

  it('has a test for each case, by its group', () => {
    expect(
      all('testcase').map(({ attributes }) => [attributes['classname'], attributes['name']?.split(':')[0]]),
    ).toEqual([
      ['close-4009', 'live'],
      ['op-9-true', 'live'],
      ['drop', 'live'],
      ['op-7', 'live'],
      ['stop', 'live'],
    ]);
  });

  it('holds what a client printed as text, without what XML cannot hold', () => {
    const [failure] = all('failure');
    const clean = '</failure><script>alert("1")</script> & [31m ]]> ';
    expect(failure?.attributes['message']).toBe(`crash: ${clean} (gateway#resuming)`);
    expect(failure?.text).toContain(clean);
    expect(all('script')).toEqual([]);
  });

  it('lets what is tolerated pass, and says why something was not reached', () => {
    expect(all('system-out')[0]?.text).toContain('tolerated: x: y');
    expect(all('error')[0]?.attributes['message']).toBe('not reached: no live within 5 ms');
  });
});
