import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import {
  GATEWAY_INVARIANTS,
  gatewayAbstraction,
  gatewayMachine,
  SHARD_INVARIANTS,
  shardAbstraction,
  shardMachine,
} from '../../machines/index.js';
import { check, counterexampleText } from '../../src/exploring/check.js';
import { explore } from '../../src/exploring/graph.js';

describe.each([
  ['shard', explore(shardMachine, shardAbstraction), SHARD_INVARIANTS],
  ['Gateway', explore(gatewayMachine, gatewayAbstraction), GATEWAY_INVARIANTS],
])('the invariants of the %s chart', (_, graph, invariants) => {
  const report = check<AnyStateMachine>(graph as never, invariants);

  it.each(report.verdicts)('$spec: $says', ({ counterexamples, checked }) => {
    expect(counterexamples.map(counterexampleText).join('\n\n')).toBe('');
    expect(checked).toBeGreaterThan(0);
  });
});
