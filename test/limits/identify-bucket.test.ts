/** The bucket of one shard: by hand first, then what must hold whatever happens. */
import { describe, expect, it } from 'vitest';
import { BUCKET_SIZE, IdentifyBucket, refillTime } from '../../src/limits/identify-bucket.js';
import { seededRandom } from '../../src/ports/random.js';
import { type Check, testEach } from '../support/checks.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Takes as often as it can in a row; how often that was. */
function drain(bucket: IdentifyBucket, now: number): number {
  let taken = 0;
  while (bucket.take(now)) taken += 1;
  return taken;
}

describe('the refill of a shard', () => {
  const ROWS: readonly Check[] = [
    ['is ten minutes for a bot of one shard', () => refillTime(1), 10 * MINUTE],
    ['is ten minutes for a shard of five', () => refillTime(5), 10 * MINUTE],
    ['is a share of 800 a day for a shard of sixteen', () => refillTime(16), (DAY * 16) / 800],
    ['is a share of what the bot has', () => refillTime(16, 2000), (DAY * 16) / 1600],
    ['is longer where the bot has less', () => refillTime(1, 100), DAY / 80],
    ['is a day where the share is less than one', () => refillTime(1000), DAY],
  ];
  testEach(ROWS);
});

describe('a bucket of identifies', () => {
  it('holds ten, and of those that were taken one comes back each ten minutes', () => {
    const bucket = new IdentifyBucket(1);
    expect(bucket.look(0)).toEqual({ left: 10, nextAt: null });
    expect(drain(bucket, 1_000)).toBe(10);
    expect(bucket.look(1_000)).toEqual({ left: 0, nextAt: 1_000 + 10 * MINUTE });
    expect(bucket.look(1_000 + 10 * MINUTE - 1)).toEqual({ left: 0, nextAt: 1_000 + 10 * MINUTE });
    expect(bucket.look(1_000 + 10 * MINUTE)).toEqual({ left: 1, nextAt: 1_000 + 20 * MINUTE });
    expect(bucket.look(1_000 + 99 * MINUTE)).toEqual({ left: 9, nextAt: 1_000 + 100 * MINUTE });
    expect(bucket.look(1_000 + 100 * MINUTE)).toEqual({ left: 10, nextAt: null });
    expect(bucket.look(2 * DAY)).toEqual({ left: 10, nextAt: null });
    expect(drain(bucket, 2 * DAY)).toBe(10);
  });

  it('goes on from the level of an earlier process, and from none that is above its own', () => {
    const bucket = new IdentifyBucket(1);
    bucket.restore({ left: 12, nextAt: null }, 0);
    expect(bucket.look(0)).toEqual({ left: 10, nextAt: null });
    bucket.restore({ left: 2.5, nextAt: 3 * MINUTE }, 0);
    expect(bucket.look(0)).toEqual({ left: 2, nextAt: 3 * MINUTE });
    bucket.restore({ left: 2, nextAt: MINUTE }, 0);
    expect(bucket.look(0)).toEqual({ left: 2, nextAt: 3 * MINUTE });
    bucket.restore({ left: -5, nextAt: null }, MINUTE);
    expect(bucket.look(MINUTE)).toEqual({ left: 0, nextAt: 11 * MINUTE });
  });

  it('counts what came back while no process ran, and no more of a time that is to come than one refill', () => {
    const bucket = new IdentifyBucket(1);
    bucket.restore({ left: 0, nextAt: -15 * MINUTE }, 0);
    expect(bucket.look(0)).toEqual({ left: 2, nextAt: 5 * MINUTE });
    const behind = new IdentifyBucket(1);
    behind.restore({ left: 0, nextAt: DAY }, 0);
    expect(behind.look(0)).toEqual({ left: 0, nextAt: 10 * MINUTE });
  });

  it('does not begin the refill anew with each that is taken', () => {
    const bucket = new IdentifyBucket(1);
    bucket.take(0);
    bucket.take(9 * MINUTE);
    expect(bucket.look(10 * MINUTE)).toEqual({ left: 9, nextAt: 20 * MINUTE });
  });

  it('refills more slowly, and faster again, from the moment that another total is known', () => {
    const bucket = new IdentifyBucket(16);
    bucket.setTotal(4000, 0);
    drain(bucket, 0);
    expect(bucket.look(0).nextAt).toBe(10 * MINUTE);
    bucket.setTotal(1000, 5 * MINUTE);
    expect(bucket.look(5 * MINUTE)).toEqual({ left: 0, nextAt: refillTime(16) });
    bucket.setTotal(4000, 25 * MINUTE);
    expect(bucket.look(25 * MINUTE)).toEqual({ left: 2, nextAt: 30 * MINUTE });
    bucket.setTotal(1000, 45 * MINUTE);
    expect(bucket.look(45 * MINUTE)).toEqual({ left: 4, nextAt: 40 * MINUTE + refillTime(16) });
  });

  it.each([0, -1, Number.NaN])('ignores a total that makes no sense: %s', (total) => {
    const bucket = new IdentifyBucket(16);
    drain(bucket, 0);
    bucket.setTotal(total, 0);
    expect(bucket.look(0).nextAt).toBe(refillTime(16));
  });

  it('takes the smallest total that makes sense', () => {
    const bucket = new IdentifyBucket(16);
    drain(bucket, 0);
    bucket.setTotal(1, 0);
    expect(bucket.look(0).nextAt).toBe(DAY);
  });

  it('knows how long to wait for one, which is not at all while there are some', () => {
    const bucket = new IdentifyBucket(1);
    expect(bucket.wait(5)).toBe(0);
    drain(bucket, 5);
    expect([5, MINUTE, 10 * MINUTE + 4, 10 * MINUTE + 5].map((now) => bucket.wait(now))).toEqual([
      10 * MINUTE,
      9 * MINUTE + 5,
      1,
      0,
    ]);
  });

  it('waits one refill, not longer, when the clock was set back', () => {
    const bucket = new IdentifyBucket(1);
    drain(bucket, DAY);
    expect(bucket.look(0)).toEqual({ left: 0, nextAt: 10 * MINUTE });
    expect(bucket.take(10 * MINUTE)).toBe(true);
  });

  describe.each([1, 2, 3, 4])('whatever happens (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const shardCount = [1, 5, 16, 200][seed - 1] as number;
    const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
    const steps = Array.from({ length: 1_000 }, () => ({
      pass: pick([0, 1, 777, MINUTE, 10 * MINUTE, 29 * MINUTE, 3 * 60 * MINUTE]) * (random() < 0.5 ? 1 : random()),
      total: random() < 0.02 ? pick([1000, 2000, 5000, 500]) : null,
      greed: pick([0, 1, 1, 3, 20]),
    }));

    it('gives no more than ten and one for each refill, in any window', () => {
      const bucket = new IdentifyBucket(shardCount);
      const fixed = steps.map((step) => ({ ...step, total: null }));
      const taken = takenIn(bucket, fixed);
      const refill = refillTime(shardCount);
      let most = 0;
      for (const [first, begins] of taken.entries()) {
        for (let last = first; last < taken.length; last += 1) {
          const refilled = Math.floor(((taken[last] as number) - begins) / refill + 1e-6);
          most = Math.max(most, last - first + 1 - refilled);
        }
      }
      expect(most).toBe(BUCKET_SIZE);
      expect(taken.length).toBeGreaterThan(50);
    });

    it('lets nobody wait longer than one refill, and never says that none is left when one has come', () => {
      const bucket = new IdentifyBucket(shardCount);
      let now = 0;
      let refill = refillTime(shardCount);
      for (const { pass, total, greed } of steps) {
        now += pass;
        if (total !== null) {
          bucket.setTotal(total, now);
          refill = refillTime(shardCount, total);
        }
        for (let i = 0; i < greed; i += 1) bucket.take(now);
        const { left, nextAt } = bucket.look(now);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left).toBeLessThanOrEqual(BUCKET_SIZE);
        if (nextAt === null) expect(left).toBe(BUCKET_SIZE);
        else {
          expect(nextAt).toBeGreaterThan(now);
          expect(nextAt - now).toBeLessThanOrEqual(refill + 0.001);
        }
      }
    });
  });

  it('gives one shard at most 154 in any day', () => {
    const bucket = new IdentifyBucket(1);
    const taken: number[] = [];
    for (let now = 0; now <= 3 * DAY; now += 5_000) if (bucket.take(now)) taken.push(now);
    const inDayFrom = (start: number) => taken.filter((at) => at >= start && at < start + DAY).length;
    expect(Math.max(...taken.map(inDayFrom))).toBeLessThanOrEqual(154);
    expect(inDayFrom(0)).toBe(153);
  });
});

/** When something was taken, each time. */
function takenIn(
  bucket: IdentifyBucket,
  steps: readonly { readonly pass: number; readonly greed: number }[],
): number[] {
  const taken: number[] = [];
  let now = 0;
  for (const { pass, greed } of steps) {
    now += pass;
    for (let i = 0; i < greed; i += 1) if (bucket.take(now)) taken.push(now);
  }
  return taken;
}
