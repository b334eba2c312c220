import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { CASES } from '../../../src/conformance/cases/index.js';
import { FAULTS } from './faults/index.js';
import { withFault } from './variants.js';

const sources = new Map<string, string>();
function sourceOf(file: string): string {
  const known = sources.get(file) ?? readFileSync(file, 'utf8');
  sources.set(file, known);
  return known;
}

describe('the faults of the conformance kit', () => {
  it.each(FAULTS.map((fault) => [`${fault.part}: ${fault.says}`, fault] as const))('%s', (_, fault) => {
    const changed = withFault(sourceOf(fault.file), fault);
    expect(changed).not.toBe(sourceOf(fault.file));
    const known = new Set(CASES.map(({ id }) => id));
    expect(fault.cases.filter((id) => !known.has(id))).toEqual([]);
    expect(fault.cases.length).toBeGreaterThan(0);
  });

  it('are TypeScript all the same', () => {
    for (const fault of FAULTS)
      expect(transformSync(withFault(sourceOf(fault.file), fault), { loader: 'ts' }).code).not.toBe('');
  });

  it('are many, in every part, and each has a name of its own', () => {
    expect(FAULTS.length).toBeGreaterThanOrEqual(80);
    expect(new Set(FAULTS.map(({ says }) => says)).size).toBe(FAULTS.length);
  });

  it('are refused where what they replace is not there once', () => {
    const fault = { part: 'host', says: 'it is wrong', file: 'a.ts', find: 'ab', replace: 'c', cases: [] } as const;
    expect(() => withFault('abab', fault)).toThrow('in a.ts is there more than once: ab');
    expect(() => withFault('ba', fault)).toThrow(
      'it is wrong: what is to be replaced in a.ts is not there any more: ab',
    );
    expect(withFault('xaby', fault)).toBe('xcy');
  });
});
