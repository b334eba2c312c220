import { expect, it } from 'vitest';
import { CAUSES, type CauseName } from '../../../machines/shard/causes.js';
import { shardMachine } from '../../../machines/shard/chart.js';
import { shardAbstraction } from '../../../machines/shard/laws/abstraction.js';
import { causesOf } from '../../../src/exploring/clauses.js';
import { explore } from '../../../src/exploring/graph.js';

it('the causes of the shard say whether the session ends, wherever it does', () => {
  const { edges } = explore(shardMachine, shardAbstraction);
  expect(edges.length).toBeGreaterThan(10_000);
  for (const { from, after, instructions } of edges) {
    const names = causesOf(instructions) as CauseName[];
    const [before, is] = [from.snapshot.context.session, after.context.session];
    if (names.some((name) => CAUSES[name].endsSession)) expect(is, names.join()).toBeNull();
    else if (!names.includes('ready') && !names.includes('readyInstead'))
      expect(is === null, names.join()).toBe(before === null);
  }
});
