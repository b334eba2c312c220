import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, LIMITS } from '../../machines/index.js';
import { clauseUrl } from '../../machines/protocol/clauses.js';
import { BUCKET_SIZE, refillTime } from '../../src/limits/identify-bucket.js';
import {
  ASKED,
  BOUNDS,
  GROWN,
  HELD_AFTER,
  IDENTIFIES_A_DAY,
  leastTimeOf,
  leastWait,
  MEANS,
} from '../../src/rates/bounds.js';

describe('the bounds', () => {
  it('grow to half a minute, and no further', () => {
    expect(Array.from({ length: GROWN + 2 }, (_, n) => leastWait(n) / 1000)).toEqual([0, 0.5, 1, 2, 4, 8, 16, 30, 30]);
  });

  it('let ten identifies follow one another, and then one each ten minutes', () => {
    expect([1, 9, 10, 11].map(leastTimeOf)).toEqual([0, 0, 600_000, 1_200_000]);
    expect(leastTimeOf(IDENTIFIES_A_DAY)).toBeGreaterThan(86_400_000);
    expect(leastTimeOf(IDENTIFIES_A_DAY - 1)).toBe(86_400_000);
    expect(IDENTIFIES_A_DAY).toBeLessThan(LIMITS.identifies.perDay);
  });

  it('have means that no run goes below: four failures after each connection that holds', () => {
    expect(MEANS).toEqual({ perIdentify: 600_000, perConnection: 7_500, perFailure: 30_000 });
  });

  it('are kept by what the default policy and the bucket say, from which they are transcribed', () => {
    const { waits } = DEFAULT_POLICY;
    expect(leastWait(GROWN)).toBe(waits.backoff.cap / 2);
    expect(HELD_AFTER).toBe(waits.backoff.cap / 2);
    expect(ASKED).toEqual({ invalidSession: LIMITS.invalidSessionWaitMs.least, cooldown: waits.cooldown[0] });
    expect(leastTimeOf(BUCKET_SIZE)).toBe(refillTime(1));
  });

  it('name clauses of the documentation, or of the policy', () => {
    for (const { spec } of Object.values(BOUNDS)) {
      expect(spec.startsWith('policy#') || clauseUrl(spec) !== null, spec).toBe(true);
    }
  });
});
