import { describe, expect, it } from 'vitest';
import {
  handledOf,
  LIMITED,
  MUTE_RESUMES,
  NO_ACKS,
  NO_RESUMES,
  RESUMED_HERE,
  TAKEN,
  withHandled,
} from '../../src/product/aside.js';

describe('what slices remember', () => {
  it('has a bit for each, beside the last sequence handled', () => {
    const bits = [NO_ACKS, NO_RESUMES, MUTE_RESUMES, RESUMED_HERE, LIMITED, TAKEN];
    const all = bits.reduce((sum, bit) => sum | bit, 0);
    expect(all).toBe(bits.reduce((sum, bit) => sum + bit, 0));
    const handled = withHandled(all, 63);
    expect([handledOf(handled), handled & all, withHandled(handled, 0)]).toEqual([63, all, all]);
    expect(handled).toBeLessThanOrEqual(0xffff);
  });
});
