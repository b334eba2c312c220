/** The shard chart against the Gateway chart: every interleaving with one message in flight; with two in product.long.test.ts. */
import { describe, expect, it } from 'vitest';
import { exploreProduct, PROPERTIES, replayMoves, textDiagram } from '../../src/product/product.js';

describe('the product of the two charts', () => {
  it('keeps every property with one message in flight, faults included', () => {
    const report = exploreProduct({ messages: 1 });
    expect(report.counterexamples.map((one) => textDiagram(replayMoves(one))).join('\n\n')).toBe('');
    expect(report.checked).toEqual(Object.keys(PROPERTIES));
    expect(report.frontier).toBe(0);
    expect(report.states).toBeGreaterThan(100_000);
  });

  it('keeps every property when nothing goes wrong', () => {
    const { counterexamples, frontier, states } = exploreProduct({ messages: 3, faults: false, limit: 1_000_000 });
    expect({ counterexamples, frontier }).toEqual({ counterexamples: [], frontier: 0 });
    expect(states).toBeGreaterThan(10_000);
  });

  it('says what was not explored where the limit is too low', () => {
    const { frontier, states, counterexamples } = exploreProduct({ limit: 1_000 });
    expect(frontier).toBeGreaterThan(0);
    expect(states).toBeGreaterThan(1_000);
    expect(counterexamples).toEqual([]);
  });

  it('reports that a full queue cuts moves off', () => {
    expect(exploreProduct({ messages: 1, limit: 1_000 }).cut).toBeGreaterThan(0);
  });
});
