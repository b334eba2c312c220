import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { SHARD_INVARIANTS, shardAbstraction, shardMachine } from '../../machines/index.js';
import { check } from '../../src/exploring/check.js';
import { type AbstractionOf, explore } from '../../src/exploring/graph.js';
import { FAULTS } from './faults.js';
import { ratesOfSlice } from './slice.js';

const abstractionOf = (given: unknown) => (given ?? shardAbstraction) as AbstractionOf<AnyStateMachine>;

describe('faults of rate', () => {
  it('are none that somebody made twice', () => {
    expect(Object.keys(FAULTS).length).toBeGreaterThanOrEqual(10);
    expect(ratesOfSlice(shardMachine).holds).toBe(true);
  });

  describe.each(Object.entries(FAULTS))('%s', (_, { machine, options, breaks }) => {
    it('breaks the bounds', () => {
      const { verdicts } = ratesOfSlice(machine, options);
      const broken = verdicts.filter(({ counterexamples }) => counterexamples.length > 0).map(({ bound }) => bound);
      expect(broken).toEqual(expect.arrayContaining([...breaks]));
    });

    it('breaks no invariant', () => {
      expect(check(explore(machine, abstractionOf(options.abstraction)), SHARD_INVARIANTS).holds).toBe(true);
    });
  });
});
