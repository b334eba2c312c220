import { demandGiven, type Rule } from '../../machines/kit/shape.js';

/** A random number in [0, 1). */
export type RandomPort = () => number;

/** The platform's own chance. */
export const systemRandom: RandomPort = () => Math.random();

const SEED: Rule = { says: 'a number', holds: Number.isFinite };

/** Chance that can be repeated: the same numbers for the same seed, of which 32 bits count (mulberry32, in the public domain). */
export function seededRandom(seed: number): RandomPort {
  demandGiven('seed', seed, SEED);
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
