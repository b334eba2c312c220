import { describe, expect, it } from 'vitest';
import { gatewayMachine, shardMachine } from '../../machines/index.js';
import { judgeSource } from './benches.js';
import { SUBJECTS } from './candidates.js';
import { EQUIVALENT } from './equivalent.js';
import { judgeGateway, judgeShard } from './judges.js';
import { isClean, play, sample } from './score.js';
import { policyIsAsDocumented } from './tables.js';

/** Of all mutants only some are played here; all of them by `npm run mutants`. */
const EVERY = 50;

describe('the judges of the mutants', () => {
  it('find nothing wrong with what the mutants are made of', async () => {
    expect(judgeShard(shardMachine)).toBeNull();
    expect(judgeGateway(gatewayMachine)).toBeNull();
    expect(policyIsAsDocumented()).toBe(true);
    expect(await judgeSource()).toBeNull();
  }, 240_000);
});

describe.each(Object.entries(SUBJECTS))('mutants of the %s', (_, candidates) => {
  const all = candidates();
  const played = sample(all, EVERY);

  it(`are killed, but for those listed as equivalent: ${played.length} of ${all.length}`, async () => {
    const outcomes = await play(played);
    const unexpected = outcomes.filter(({ fate }) => fate === 'survived' || fate === 'wrongly listed');
    expect(unexpected).toEqual([]);
    expect(isClean(outcomes)).toBe(true);
  }, 240_000);
});

describe('the list of equivalent mutants', () => {
  it('names mutants that there are, more than 300 all told, each once', () => {
    const names = Object.values(SUBJECTS).flatMap((candidates) => candidates().map(({ name }) => name));
    expect(Object.keys(EQUIVALENT).filter((name) => !names.includes(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(300);
  });
});
