/** What holds for all cases. */
import { describe, expect, it } from 'vitest';
import { CASES, casesFor } from '../../../src/conformance/cases/index.js';
import { isClause, unknownSpecs } from '../../support/documentation.js';

describe('the cases', () => {
  it('have ids of their own, in a stable form', () => {
    const ids = CASES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-zA-Z0-9-]+\/[a-z0-9-]+$/.test(id))).toEqual([]);
    expect(ids.length).toBeGreaterThan(200);
  });

  it('name sections of the documentation, and say in a sentence what is asked for', () => {
    expect(unknownSpecs([...new Set(CASES.map(({ spec }) => spec))], [])).toEqual([]);
    expect(CASES.filter(({ says }) => !isClause(says)).map(({ id }) => id)).toEqual([]);
  });

  it('all look for a crash, a flood and secrets', () => {
    for (const { checks } of CASES) expect(checks.length).toBeGreaterThanOrEqual(4);
  });

  it('have an end', () => {
    for (const { id, watch, script } of CASES) {
      const waits = script.flatMap((step) => ('wait' in step ? [step.wait] : 'during' in step ? [step.during] : []));
      expect([id, watch + waits.reduce((sum, ms) => sum + ms, 0) <= 180_000]).toEqual([id, true]);
    }
  });

  it('begin with those that find a client that is wired up wrongly', () => {
    expect(CASES[0]?.id).toBe('life/connects');
  });
});

describe('casesFor', () => {
  it('gives a tenth of them for a quick look, one of each kind', () => {
    const quick = casesFor('quick');
    expect(quick.length).toBeGreaterThan(15);
    expect(quick.length).toBeLessThan(30);
    const groups = new Set(quick.map(({ id }) => id.split(/[-/]/)[0]));
    for (const group of ['life', 'session', 'silent', 'op', 'close', 'drop', 'malformed'])
      expect(groups).toContain(group);
  });

  it('finds cases by their ids, also what the quick profile leaves out', () => {
    expect(casesFor('full', 'close-*/live').length).toBe(20);
    expect(casesFor('quick', 'close-4002/live').map(({ id }) => id)).toEqual(['close-4002/live']);
    expect(casesFor('full', 'close')).toEqual([]);
    expect(casesFor('quick', 'drop/live,op-7/*,none').map(({ id }) => id.split('/')[0])).toEqual([
      'drop',
      ...Array.from({ length: 6 }, () => 'op-7'),
    ]);
    expect(casesFor('full', '*').length).toBe(CASES.length);
  });

  it('takes other characters as they are', () => {
    expect(casesFor('full', 'life/connect.')).toEqual([]);
    expect(casesFor('full', '(')).toEqual([]);
  });
});
