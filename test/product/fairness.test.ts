import { describe, expect, it } from 'vitest';
import { justStops, type TimedState } from '../../src/product/fairness.js';

const at = (
  state: number,
  armed: readonly string[],
  ...steps: readonly [to: number, ...starts: string[]][]
): TimedState => ({
  state,
  armed: new Set(armed),
  steps: steps.map(([to, ...starts]) => ({ to, starts })),
});

describe('a way round does every timer justice', () => {
  it.each<[string, readonly TimedState[], ReturnType<typeof justStops>]>([
    ['where none is armed', [at(1, [], [1])], []],
    ['where one is not armed all the way', [at(1, ['hello'], [2]), at(2, [], [1])], [[2]]],
    ['where one is started anew on the way', [at(1, ['hello'], [2]), at(2, ['hello'], [1, 'hello'])], [[2, 1]]],
    [
      'where each has its justice at a place of its own',
      [at(1, ['hello', 'close'], [2, 'close']), at(2, ['close'], [1])],
      [[2], [1, 2]],
    ],
  ])('%s', (_, round, stops) => {
    expect(justStops(round)).toEqual(stops);
  });
});

describe('a way round does a timer no justice', () => {
  it.each<[string, readonly TimedState[]]>([
    ['that stays armed and never fires', [at(1, ['ready', 'heartbeat'], [1, 'heartbeat'])]],
    ['that stays armed while others come and go', [at(1, ['ready'], [2]), at(2, ['ready', 'hello'], [1])]],
    ['as there is none', []],
  ])('%s', (_, round) => {
    expect(justStops(round)).toBeUndefined();
  });
});
