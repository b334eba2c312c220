import { describe, expect, it } from 'vitest';
import { SCENARIOS, type Script, type Step } from '../../../src/cli/storms/scenarios.js';

const scenarios = Object.entries(SCENARIOS);
const deeds = (steps: readonly Step[] = []) => steps.map((step) => (typeof step === 'object' ? step.deed : step));
const inAll = ({ greet, identify, resume, held }: Script) => [greet, identify, resume, held].flatMap(deeds);

describe('the bad Gateways', () => {
  it('are at least fourteen, and differ in what they do and say', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(14);
    expect(new Set(scenarios.map(([, { says }]) => says)).size).toBe(scenarios.length);
    expect(new Set(scenarios.map(([, { scripts }]) => JSON.stringify(scripts))).size).toBe(scenarios.length);
  });

  it('have names that can be typed', () => {
    for (const [name] of scenarios) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('go wrong on every connection, in one way or another', () => {
    for (const [name, { scripts }] of scenarios) {
      expect(scripts, name).not.toHaveLength(0);
      for (const script of scripts as readonly Script[]) {
        const goesWrong = script.refuses || script.deaf || script.greet?.length === 0 || script.identify?.length === 0;
        const ends = inAll(script).some(
          (deed) => typeof deed === 'number' || /^(drop|re.*able|invalid|reconnect)$/.test(deed),
        );
        expect(goesWrong || ends, name).toBe(true);
      }
    }
  });

  it('never close with a code that forbids to reconnect', () => {
    const codes = scenarios.flatMap(([, { scripts }]) => scripts.flatMap(inAll)).filter(Number.isInteger);
    expect(new Set(codes)).toEqual(new Set([1000, 4003, 4008, 4009]));
  });
});
