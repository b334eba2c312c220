import { describe, expect, it } from 'vitest';
import { Legs } from '../../src/rates/legs.js';
import { finished, slicedClasses } from './slice.js';

const legs = new Legs(slicedClasses().classes);
finished(legs.find());

describe('the legs of the shard chart', () => {
  it('end where something counts, and nowhere before', () => {
    for (const { legs: from } of legs.marks) {
      for (const { moves, opens, asks, identifies } of from) {
        expect(opens || asks || identifies).toBe(true);
        const earlier = moves.slice(0, -1).filter(({ marks }) => marks.opens || marks.asks || marks.identifies);
        expect(earlier).toEqual([]);
      }
    }
  });

  it('take as long as the timers on them, and no longer', () => {
    const begin = legs.root.legs.find(({ opens }) => opens);
    expect(begin?.ms).toBe(0);
    const again = begin?.to.legs.filter(({ opens }) => opens).sort((a, b) => a.ms - b.ms)[0];
    expect(again?.ms).toBe(500);
    expect(again?.moves.map(({ label }) => label)).toEqual([
      expect.stringMatching('closed'),
      'timer.reconnect',
      'located',
    ]);
  });

  it('begin at few marks, as few timers run there', () => {
    expect(legs.marks.length).toBeLessThan(150);
    for (const { left, state } of legs.identifies) expect(left).toHaveLength(state.timers.length);
    expect(legs.identifies.length).toBeGreaterThan(10);
  });

  it('ask for a permit before each Identify', () => {
    for (const mark of legs.marks) {
      for (const leg of mark.legs) if (leg.identifies) expect(mark.state.timers).toContain('permit');
    }
  });
});
