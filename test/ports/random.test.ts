import { describe, expect, it } from 'vitest';
import { randomContract } from '../../src/contracts/index.js';
import { seededRandom, systemRandom } from '../../src/ports/random.js';
import { itKeeps } from '../support/claims.js';

describe('the chance of the platform', () => {
  itKeeps(randomContract(() => systemRandom));
});

describe('seeded chance', () => {
  itKeeps(randomContract(() => seededRandom(0)));

  it('is the same for the same seed and another for the next', () => {
    const draw = (seed: number) => Array.from({ length: 20 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(-1)).toEqual(draw(2 ** 32 - 1));
  });

  it('gives the numbers of mulberry32', () => {
    const random = seededRandom(1);
    expect([random(), random(), random()]).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  });
});

describe('a seed', () => {
  it('is a number', () => {
    expect(() => seededRandom('1' as never)).toThrow("seed is '1'; it must be a number");
    expect(() => seededRandom(Number.NaN)).toThrow('seed is NaN; it must be a number');
    expect(() => seededRandom(undefined as never)).toThrow('seed is null; it must be a number');
  });
});
