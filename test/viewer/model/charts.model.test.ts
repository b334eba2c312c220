import { describe, expect, it } from 'vitest';
import { shardAbstraction, shardMachine, stateName } from '../../../machines/index.js';
import { activeStates, explore } from '../../../src/exploring/graph.js';
import { activeIn, chartOf, rowsTaken } from '../../../src/viewer/model/charts.js';

describe('rows and states', () => {
  const graph = explore(shardMachine, shardAbstraction);
  const shard = chartOf('shard');

  it('are read from the name of a state, in every state of the chart', () => {
    for (const { snapshot } of graph.nodes.values()) {
      expect([...activeIn('shard', stateName(snapshot.value))].sort()).toEqual([...activeStates(snapshot)].sort());
    }
  });

  it('are those that the chart takes, on every step of the chart', () => {
    let strange = 0;
    for (const edge of graph.edges) {
      const causes = edge.instructions.flatMap(({ type, params }) =>
        type === 'report' ? [(params as { cause: { name: string } }).cause.name] : [],
      );
      const from = stateName(edge.from.snapshot.value);
      const taken = shard === undefined ? [] : rowsTaken(shard, { event: edge.event.type, from, causes });
      if ([...taken].sort().join() !== [...new Set(edge.rows)].sort().join()) strange += 1;
    }
    // Two rows of one event may give the same cause; the first is then shown.
    expect(strange / graph.edges.length).toBeLessThan(0.01);
  });
});
