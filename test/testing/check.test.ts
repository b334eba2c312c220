import { describe, expect, it } from 'vitest';
import { SHARD_INVARIANTS, shardAbstraction, shardMachine } from '../../machines/index.js';
import { check, counterexampleText } from '../../src/testing/check.js';
import { explore } from '../../src/testing/graph.js';

const graph = explore(shardMachine, shardAbstraction);

describe('the invariants of the shard chart', () => {
  const started = performance.now();
  const report = check(graph, SHARD_INVARIANTS);
  const seconds = (performance.now() - started) / 1000;

  it.each(report.verdicts)('$spec: $says', ({ counterexamples, checked }) => {
    expect(counterexamples.map(counterexampleText).join('\n\n')).toBe('');
    expect(checked).toBeGreaterThan(0);
  });

  it('are checked in less than 5 s', () => {
    expect(seconds).toBeLessThan(5);
  });
});
