import { describe, expect, it } from 'vitest';
import type { Case, Check, Finding } from '../../src/conformance/case.js';
import { CASES } from '../../src/conformance/cases/index.js';
import { judge } from '../../src/conformance/verdict.js';
import { Scenario } from './scenario.js';

const finds =
  (...findings: readonly Finding[]): Check =>
  () =>
    findings;
const LETTER: Finding = { grade: 'letter', says: 'a letter' };
const TOLERATED: Finding = { grade: 'budget', says: 'a round trip', tolerated: 'it costs little' };

const caseWith = (more: Partial<Case> = {}): Case => ({
  id: 'group/name',
  spec: 'gateway#connecting',
  level: 'must',
  says: 'The client connects',
  script: [],
  watch: 0,
  checks: [],
  ...more,
});
const live = () => new Scenario().live().struck().evidence;
const verdictOf = (each: Case, evidence = live()) => judge(each, evidence).verdict;

describe('a verdict', () => {
  it('is passed where nothing was found, and shows no timeline', () => {
    expect(judge(caseWith(), live())).toEqual({
      id: 'group/name',
      spec: 'gateway#connecting',
      level: 'must',
      says: 'The client connects',
      verdict: 'passed',
      grade: null,
      findings: [],
      interval: 3_000,
      took: 0,
      timeline: [],
    });
  });

  it('is tolerated where all that was found is, and shows why', () => {
    const result = judge(caseWith({ checks: [finds(TOLERATED)] }), live());
    expect(result).toMatchObject({ verdict: 'tolerated', grade: null, findings: [TOLERATED] });
    expect(result.timeline.length).toBeGreaterThan(0);
  });

  it('is failed by the worst grade that counts', () => {
    const result = judge(
      caseWith({ checks: [finds(LETTER, TOLERATED), finds({ grade: 'loss', says: 'lost' })] }),
      live(),
    );
    expect(result).toMatchObject({ verdict: 'failed', grade: 'loss' });
    expect(result.findings).toHaveLength(3);
  });

  it('is not reached where the client did not connect, whatever the checks find', () => {
    const result = judge(caseWith({ checks: [finds(LETTER)] }), new Scenario().request().evidence);
    expect(result).toMatchObject({
      verdict: 'not reached',
      why: 'the client did not connect',
      findings: [],
      grade: null,
    });
  });

  it('is not reached where an order had no connection', () => {
    const { evidence } = new Scenario().live().order('dropTcp', 0).struck();
    expect(judge(caseWith(), evidence).why).toBe('there was no connection for: dropTcp');
    expect(verdictOf(caseWith(), new Scenario().live().order('dropTcp', 1).struck().evidence)).toBe('passed');
  });

  it('is not reached where what the case is about did not happen', () => {
    const each = caseWith({ strikes: ({ kind }) => kind === 'close' });
    const { evidence } = new Scenario().live();
    expect(judge(each, evidence).why).toBe('it did not happen');
    evidence.stalled = 'live within 20 ms';
    expect(judge(each, evidence).why).toBe('it did not happen: no live within 20 ms');
  });

  it('is not reached where the script stalled before anything happened', () => {
    const { evidence } = new Scenario().open();
    evidence.stalled = 'live within 20 ms';
    expect(judge(caseWith(), evidence).why).toBe('no live within 20 ms');
  });

  it('is what the case says about being reached, where it says so', () => {
    const each = caseWith({ reached: ({ opens }) => (opens.length === 0 ? 'no connection' : null) });
    expect(judge(each, new Scenario().evidence)).toMatchObject({ verdict: 'not reached', why: 'no connection' });
    expect(verdictOf(each)).toBe('passed');
  });

  it('is failed where the client does not come to what the script waits for', () => {
    const evidence = live();
    evidence.stalled = 'resumed within 20 ms';
    expect(judge(caseWith(), evidence)).toMatchObject({
      verdict: 'failed',
      grade: 'stuck',
      findings: [{ says: 'the client does not come to: resumed within 20 ms' }],
    });
    const told = judge(caseWith({ checks: [finds({ grade: 'stuck', says: 'it is not back' })] }), evidence);
    expect(told.findings.map(({ says }) => says)).toEqual(['it is not back']);
  });

  it('is failed by a crash or a flood, reached or not', () => {
    const crash = finds({ grade: 'crash', says: 'the process ends' });
    expect(verdictOf(caseWith({ checks: [crash] }), new Scenario().exit('ends').evidence)).toBe('failed');
    const flood = new Scenario().refused().evidence;
    flood.flood = 'sockets';
    expect(verdictOf(caseWith({ checks: [finds({ grade: 'sockets', says: 'too many' })] }), flood)).toBe('failed');
  });

  it('is never passed for a client that does not connect', () => {
    for (const evidence of [new Scenario(), new Scenario().request(), new Scenario().line('MSG 1')]) {
      expect(verdictOf(caseWith(), evidence.struck().evidence)).toBe('not reached');
    }
  });

  const VALID: readonly { op: number; d: unknown }[] = [
    { op: 1, d: 3 },
    { op: 2, d: { token: '[token]', intents: 513, properties: { os: 'linux', browser: 'x', device: 'x' } } },
    { op: 6, d: { token: '[token]', session_id: 'session', seq: 1 } },
    { op: 8, d: { guild_id: '1', query: '', limit: 0 } },
  ];
  /** What a client may send, with one field that is something else, or missing. */
  const WRONG = VALID.flatMap(({ op, d }) =>
    [undefined, null, 'x'].flatMap((value): unknown[] => [
      { op, d: value },
      { op: value, d },
      ...Object.keys(Object(d)).map((name) => ({ op, d: { ...Object(d), [name]: value } })),
    ]),
  );
  it('is there for every case, whatever a client sends and prints', () => {
    const scenario = new Scenario().live().struck();
    for (const payload of [...VALID, ...WRONG, null, 1, 'x', [], {}]) {
      scenario
        .drop()
        .after(500)
        .open()
        .hello()
        .client(payload)
        .line(`CTL ${JSON.stringify(payload)}`);
    }
    for (const each of CASES) expect(() => judge(each, scenario.evidence), each.id).not.toThrow();
  });
});
