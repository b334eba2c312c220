import { describe, expect, it } from 'vitest';
import { gatewayMachine, shardMachine } from '../../machines/index.js';
import { SUBJECTS } from './candidates.js';
import { EQUIVALENT } from './equivalent.js';
import { judgeGateway, judgeShard } from './judges.js';
import { isClean, play, sample } from './score.js';
import { playSources, sourceSets } from './sources/play.js';

/** Of all mutants only some are played here; all of them by `npm run mutants`. */
const EVERY = 100;

describe('the judges of the mutants', () => {
  it('find nothing wrong with what the mutants are made of', () => {
    expect(judgeShard(shardMachine)).toBeNull();
    expect(judgeGateway(gatewayMachine)).toBeNull();
  });
});

describe.each(Object.entries(SUBJECTS))('mutants of the %s', (_, candidates) => {
  const all = candidates();
  const played = sample(all, EVERY);

  it(`are killed, but for those listed as equivalent: ${played.length} of ${all.length}`, async () => {
    const outcomes = await play(played);
    const unexpected = outcomes.filter(({ fate }) => fate === 'survived' || fate === 'wrongly listed');
    expect(unexpected).toEqual([]);
    expect(isClean(outcomes)).toBe(true);
  });
});

describe('mutants of sources', async () => {
  const sets = await sourceSets();
  const all = sets.flatMap(({ mutants }) => mutants);
  const wanted = new Set(sample(all, EVERY));

  it(`are killed by the tests of their modules, but for those listed as equivalent: ${wanted.size} of ${all.length}`, async () => {
    const outcomes = await playSources(sets, { wanted: (mutant) => wanted.has(mutant) });
    expect(outcomes.filter(({ fate }) => fate === 'survived' || fate === 'wrongly listed')).toEqual([]);
    expect(outcomes).toHaveLength(wanted.size);
  });

  it('and of charts and tables: each listed as equivalent is one, and has a name of its own', () => {
    const names = [
      ...Object.values(SUBJECTS).flatMap((candidates) => candidates().map(({ name }) => name)),
      ...all.map(({ name }) => name),
    ];
    expect(Object.keys(EQUIVALENT).filter((name) => !names.includes(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(300);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(EQUIVALENT).length).toBeLessThanOrEqual(0.05 * names.length);
  });
});
