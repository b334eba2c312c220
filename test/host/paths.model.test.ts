import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, type PolicyOptions, shardAbstraction, shardMachine } from '../../machines/index.js';
import { verdict } from '../../src/conformance/rules.js';
import { explore, type Path } from '../../src/exploring/graph.js';
import { pathName, pathsOf } from '../../src/exploring/paths.js';
import { Puppet } from '../support/puppet.js';

/** Plays a path on the host; every step has to lead where the chart says, with the same timers running. */
async function play(path: Path<typeof shardMachine>, policy: PolicyOptions): Promise<Puppet> {
  const puppet = new Puppet(policy);
  for (const { event } of path) await puppet.pull(event);
  const node = path.at(-1)?.to;
  if (node === undefined) return puppet;
  expect(shardAbstraction.key(puppet.actor.getSnapshot())).toBe(node.key);
  expect(puppet.running).toEqual([...node.armed].map((timer) => puppet.delayOf(timer as never)).sort());
  return puppet;
}

describe.each([
  ['documented', {}],
  ['anyTraffic', { zombieTest: 'anyTraffic' }],
] as const)('every transition of the shard chart, on the host (%s)', (root, policy) => {
  const graph = explore(shardMachine, {
    ...shardAbstraction,
    roots: { [root]: { policy: { ...DEFAULT_POLICY, ...policy } } },
  });
  const paths = pathsOf(graph, 'transitions');

  it(`leads where the chart says, and breaks no rule of the documentation: ${paths.size} paths`, async () => {
    const broken = new Map<string, string>();
    for (const path of paths) {
      let problems: string[];
      try {
        const puppet = await play(path, policy);
        problems = verdict(puppet.scene, { timed: false });
        puppet.stop();
        expect(puppet.running).toEqual([]);
      } catch (error) {
        problems = [String(error)];
      }
      for (const problem of problems)
        if (!broken.has(problem.slice(0, 60))) broken.set(problem.slice(0, 60), `${problem}\n  in ${pathName(path)}`);
    }
    expect([...broken.values()].join('\n')).toBe('');
  });
});
