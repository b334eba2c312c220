import type { RandomPort } from '../ports/index.js';
import { assert, type Claims, type ContractCase, cases } from './contract.js';

const DRAWS = 10_000;
const BUCKETS = 16;

const CLAIMS: Claims<RandomPort> = {
  async 'gives numbers from 0 on and below 1'(random) {
    for (let i = 0; i < DRAWS; i++) {
      const drawn = random();
      assert(typeof drawn === 'number' && drawn >= 0 && drawn < 1, `it gives ${drawn}`);
    }
  },

  async 'spreads them evenly'(random) {
    const counts = new Array<number>(BUCKETS).fill(0);
    for (let i = 0; i < DRAWS; i++) {
      const bucket = Math.floor(random() * BUCKETS);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    // Nearly ten standard deviations: chance alone does not get there.
    const isOdd = (count: number) => Math.abs(count - DRAWS / BUCKETS) > 235;
    assert(!counts.some(isOdd), `${DRAWS} numbers fall into ${BUCKETS} equal parts as ${counts}`);
  },

  async 'does not repeat itself'(random) {
    const drawn = Array.from({ length: 100 }, random);
    assert(new Set(drawn).size > 95, 'of 100 numbers many are the same');
  },
};

/** What every implementation of `RandomPort` must do. */
export function randomContract(make: () => RandomPort): ContractCase[] {
  return cases(make, CLAIMS);
}
