/** The shard chart against the Gateway chart: every interleaving with two messages in flight. */
import { expect, it } from 'vitest';
import { exploreProduct, PROPERTIES, replayMoves, textDiagram } from '../../src/product/product.js';

it('the product of the two charts keeps every property with at most two in flight, faults included', () => {
  const report = exploreProduct({ messages: 2 });
  expect(report.counterexamples.map((one) => textDiagram(replayMoves(one))).join('\n\n')).toBe('');
  expect(report.checked).toEqual(Object.keys(PROPERTIES));
  expect(report.frontier).toBe(0);
  expect(report.states).toBeGreaterThan(1_000_000);
});
