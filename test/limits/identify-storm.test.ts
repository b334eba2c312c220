/** When one shard is a storm. */
import { describe, expect, it } from 'vitest';
import { StormMeter } from '../../src/limits/identify-storm.js';

const MINUTE = 60_000;

/** When it is told of a storm, if it identifies each minute. */
function told(meter: StormMeter, count: number): readonly unknown[] {
  return Array.from({ length: count }, (_, i) => meter.take(i * MINUTE)).flatMap((storm, i) =>
    storm === null ? [] : [[i + 1, storm]],
  );
}

describe('a storm of identifies', () => {
  it('is half of the bucket within an hour, and is told once', () => {
    const meter = new StormMeter(1);
    expect(told(meter, 12)).toEqual([[5, { identifies: 5, since: 0, share: 10 }]]);
    expect(meter.look(12 * MINUTE)).toEqual({ identifies: 12, since: 0, share: 10 });
  });

  it('is over when fewer were sent within the last hour, and may begin again', () => {
    const meter = new StormMeter(1);
    told(meter, 5);
    expect(meter.look(60 * MINUTE - 1)).not.toBeNull();
    expect(meter.look(60 * MINUTE)).toBeNull();
    expect(meter.take(60 * MINUTE)).toEqual({ identifies: 5, since: MINUTE, share: 10 });
    expect(meter.take(60 * MINUTE)).toBeNull();
  });

  it('is over without anybody looking', () => {
    const meter = new StormMeter(1);
    told(meter, 5);
    for (let i = 0; i < 4; i += 1) expect(meter.take(300 * MINUTE + i)).toBeNull();
    expect(meter.take(301 * MINUTE)).not.toBeNull();
  });

  it.each([
    ['of half of its part of the day where that is less', 100, 1_000, 4, 8],
    ['of three at least', 1_000, 1_000, 3, 0],
    ['of three at least, where Discord allows one', 1, 1, 3, 0],
    ['of half of what Discord allows a large bot', 1_000, 10_000, 4, 8],
  ])('is one %s', (_, shardCount, total, first, share) => {
    const meter = new StormMeter(shardCount);
    meter.setTotal(total);
    expect(told(meter, 5)).toEqual([[first, { identifies: first, since: 0, share }]]);
  });

  it('takes no total that makes no sense', () => {
    const meter = new StormMeter(1);
    meter.setTotal(0);
    expect(told(meter, 4)).toEqual([]);
  });

  it('counts nothing that lies ahead, as after a clock was set back', () => {
    const meter = new StormMeter(1);
    told(meter, 5);
    expect(meter.look(-1)).toBeNull();
  });
});
