/** XState's own graph on the shard chart, told by the abstraction which events there are and what counts as a state. */
import { describe, expect, it } from 'vitest';
import type { SnapshotFrom } from 'xstate';
import { createTestModel, getShortestPaths } from 'xstate/graph';
import { shardAbstraction, shardMachine } from '../../../machines/index.js';
import { explore } from '../../../src/exploring/graph.js';

type Snapshot = SnapshotFrom<typeof shardMachine>;

/** Our abstraction, as the options of XState's graph. */
const OPTIONS = {
  input: shardAbstraction.roots['documented'],
  events: (snapshot: Snapshot) => [...shardAbstraction.alphabet(snapshot)],
  serializeState: (snapshot: Snapshot) => shardAbstraction.key(snapshot),
};

describe("XState's own graph", () => {
  it('walks the shard chart by shortest paths', () => {
    const paths = getShortestPaths(shardMachine, OPTIONS as never);
    const { nodes } = explore(shardMachine, shardAbstraction);
    const keys = new Set([...nodes.values()].map(({ snapshot }) => shardAbstraction.key(snapshot)));
    expect(paths.length).toBeGreaterThan(300);
    expect(paths.filter(({ state }) => !keys.has(shardAbstraction.key(state as Snapshot)))).toEqual([]);
  });

  it('makes tests of it with createTestModel', async () => {
    const model = createTestModel(shardMachine as never, OPTIONS as never);
    const paths = model.getShortestPaths(OPTIONS as never);
    const seen = new Set<string>();
    for (const path of paths.slice(0, 20)) {
      await path.test({
        states: { '*': (state: unknown) => void seen.add(shardAbstraction.key(state as Snapshot)) },
      } as never);
    }
    expect(seen.size).toBeGreaterThan(10);
  });
});
