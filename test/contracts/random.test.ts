import { describe, expect, it } from 'vitest';
import { randomContract } from '../../src/contracts/random.js';
import { seededRandom } from '../../src/ports/random.js';
import { brokenBy, claimsOf } from '../support/claims.js';

const RANGE = 'gives numbers from 0 on and below 1';
const SPREAD = 'spreads them evenly';
const REPEATS = 'does not repeat itself';

/** Chance made of even chance. */
const chance = (change: (number: number) => number) => () => {
  const random = seededRandom(1);
  return () => change(random());
};

/** So many numbers, spread evenly, over and over. */
const cycleOf = (length: number) => () => {
  let drawn = 0;
  return () => {
    drawn += 1;
    return (drawn % length) / length;
  };
};

const FAULTS = [
  { fault: 'reaches 1', breaks: RANGE, says: /^it gives 1$/, make: chance(Math.round) },
  { fault: 'goes below 0', breaks: RANGE, says: /^it gives -0\.\d+$/, make: chance((number) => number - 0.5) },
  { fault: 'is no number', breaks: RANGE, says: /^it gives NaN$/, make: chance(() => Number.NaN) },
  {
    fault: 'leans',
    breaks: SPREAD,
    says: /^10000 numbers fall into 16 equal parts as \d+(,\d+){15}$/,
    make: chance((number) => number ** 1.2),
  },
  { fault: 'leaves the upper half out', breaks: SPREAD, says: /(,0){8}$/, make: chance((number) => number / 2) },
  { fault: 'stands', breaks: REPEATS, says: /^of 100 numbers many are the same$/, make: chance(() => 0.5) },
  {
    fault: 'goes round after 95 numbers',
    breaks: REPEATS,
    says: /^of 100 numbers many are the same$/,
    make: cycleOf(95),
  },
] as const;

describe('the random contract', () => {
  it.each(claimsOf(randomContract(cycleOf(1))))('is met by even chance: %s', async (claim) => {
    expect(await brokenBy(randomContract(chance((number) => number)), claim)).toBeNull();
  });

  it('takes no offence at four numbers of a hundred that come again', async () => {
    expect(await brokenBy(randomContract(cycleOf(96)), REPEATS)).toBeNull();
  });

  it.each(FAULTS.map((each) => [each.fault, each] as const))(
    'finds chance that %s',
    async (_, { breaks, says, make }) => {
      expect(await brokenBy(randomContract(make), breaks)).toMatch(says);
    },
  );

  it('has each of its claims broken here', () => {
    expect(new Set<string>(FAULTS.map(({ breaks }) => breaks))).toEqual(new Set(claimsOf(randomContract(cycleOf(1)))));
  });
});
