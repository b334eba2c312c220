import { describe, expect, it } from 'vitest';
import { gatewayAbstraction, gatewayMachine, shardAbstraction, shardMachine } from '../../machines/index.js';
import { armedAfter, firedFrom } from '../../machines/kit/timers.js';
import { explore, type Graph } from '../../src/exploring/graph.js';
import { armedBy } from '../../src/exploring/timers.js';

// biome-ignore lint/suspicious/noExplicitAny: graphs of different charts
const CHARTS: readonly (readonly [string, Graph<any>])[] = [
  ['shard', explore(shardMachine, shardAbstraction)],
  ['gateway', explore(gatewayMachine, gatewayAbstraction)],
];

describe.each(CHARTS)('the timers of the %s chart', (_, { nodes, edges }) => {
  it('that run in a state are those its active states arm on entry', () => {
    const wrong = [...nodes.values()].filter((node) => !same(armedBy(node.snapshot), node.armed));
    expect(wrong.map(({ key }) => key)).toEqual([]);
  });

  it('that run after an edge are the same by the definition as by what was armed and disarmed, on every edge', () => {
    const wrong = edges.filter(({ from, event, instructions, after }) => {
      const folded = armedAfter(firedFrom(armedBy(from.snapshot), event), instructions);
      return !same(armedBy(after), folded);
    });
    expect(wrong.map(({ from, label }) => `${from.key}: ${label}`)).toEqual([]);
    expect(edges.length).toBeGreaterThan(1_000);
  });

  it('are all that could fire: no event of another timer is explored, and none that runs is left out', () => {
    for (const { key, snapshot, edges } of nodes.values()) {
      const fired = edges.flatMap(({ event }) => (event.type.startsWith('timer.') ? [event.type.slice(6)] : []));
      expect(fired.sort(), key).toEqual([...armedBy(snapshot)].sort());
    }
  });
});

function same(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((name) => b.has(name));
}
