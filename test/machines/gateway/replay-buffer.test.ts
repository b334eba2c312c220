import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type KeptDispatch,
  keep,
  keptSince,
  newestKept,
  type ReplayBuffer,
} from '../../../machines/gateway/replay-buffer.js';

const dispatch = (sequence: number): KeptDispatch => ({ sequence, name: 'A', data: null });

describe('the replay buffer', () => {
  it('is a list of the newest, in order, whatever the limit and the gaps', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 300, size: 'max' }); // else of ten at most
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 100 }), fc.nat(600), (steps, limit, since) => {
        let buffer: ReplayBuffer = [];
        let list: number[] = [];
        let sequence = 0;
        for (const step of steps) {
          sequence += step;
          const next = keep(buffer, dispatch(sequence), limit);
          list.push(sequence);
          expect(next.lost?.sequence).toBe(list.length > limit ? list[0] : undefined);
          list = list.slice(-limit);
          buffer = next.buffer;
          expect(buffer.every((run) => run.length > 0)).toBe(true);
        }
        expect(buffer.flat().map((one) => one.sequence)).toEqual(list);
        expect(keptSince(buffer, since).map((one) => one.sequence)).toEqual(list.filter((one) => one > since));
        expect(newestKept(buffer)?.sequence).toBe(list.at(-1));
      }),
      { numRuns: 10 },
    );
  });

  it('can be cut to a smaller limit', () => {
    let buffer: ReplayBuffer = [];
    for (let n = 1; n <= 100; n += 1) buffer = keep(buffer, dispatch(n), 1000).buffer;
    const { buffer: cut, lost } = keep(buffer, dispatch(101), 5);
    expect([cut.flat().map(({ sequence }) => sequence), lost?.sequence]).toEqual([[97, 98, 99, 100, 101], 96]);
  });
});
