import { describe, expect, it } from 'vitest';
import { IdentifyBucket } from '../../src/limits/identify-bucket.js';
import { Legs } from '../../src/rates/legs.js';
import { bucketAfter, levelsOf } from '../../src/rates/windows.js';
import { finished, slicedClasses } from './slice.js';

const legs = new Legs(slicedClasses().classes);
const levels = (most: number, shards = 1) => finished(levelsOf(legs, most, () => new IdentifyBucket(shards)));

describe('so many identifies', () => {
  it('take the waits between them while the bucket lasts, and its refills from then on', () => {
    const { levels: found, mean } = levels(12);
    expect(found.map(({ ms }) => ms / 1000)).toEqual([0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 37, 41, 45, 600, 1_200, 1_800]);
    expect(mean).toBe(600_000);
  });

  it('take longer where more shards share the day', () => {
    expect(levels(11, 16).levels.at(-1)?.ms).toBe(2 * 1_728_000);
  });

  it('are shown by the legs that lead there', () => {
    const { stops } = levels(3).levels[2] ?? { stops: [] };
    expect(stops.filter(({ leg }) => leg.identifies)).toHaveLength(3);
    expect(stops.map(({ at }) => at)).toEqual([...stops.map(({ at }) => at)].sort((a, b) => a - b));
  });
});

describe('the bucket of a run', () => {
  it('is full before it, and knows what was taken since', () => {
    const make = () => new IdentifyBucket(1);
    expect(bucketAfter(null, make).look(0)).toEqual({ left: 10, nextAt: null });
    const taken = { at: 50, before: { at: 0, before: null } };
    expect(bucketAfter(taken, make).look(60)).toEqual({ left: 8, nextAt: 600_000 });
  });
});
