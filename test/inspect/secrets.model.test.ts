/** No secret in what an inspector shows, in any state that the shard's chart can reach. */
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { type ShardEvent, shardMachine, stateName } from '../../machines/index.js';
import { shardAbstraction } from '../../machines/shard/laws/abstraction.js';
import { explore, type Node } from '../../src/exploring/graph.js';
import { inspectorFor } from '../../src/inspect/index.js';
import { simulatedClock } from '../../src/ports/clock.js';

/** What the abstraction names its sessions and their URL: here they are the secrets. */
const SECRETS = /session-\d|gateway-us-east1-b/;

/** The events that lead to a state, from the beginning on. */
function wayTo(node: Node<typeof shardMachine>): readonly ShardEvent[] {
  return node.via === undefined ? [] : [...wayTo(node.via.from), node.via.event];
}

describe('an inspector', () => {
  const { nodes } = explore(shardMachine, shardAbstraction);

  it('shows no session id and no resume URL in any state, not even with payloads', () => {
    const states = new Set<string>();
    for (const node of nodes.values()) {
      const told: string[] = [];
      const inspector = inspectorFor({ send: (message) => told.push(JSON.stringify(message)) }, { payloads: true });
      const input = shardAbstraction.roots[node.root];
      if (input === undefined) throw new Error(`there is no root ${node.root}`);
      const actor = createActor(shardMachine, { input, clock: simulatedClock(), inspect: inspector });
      actor.start();
      for (const event of wayTo(node)) actor.send(event);
      expect(stateName(actor.getSnapshot().value)).toBe(stateName(node.snapshot.value));
      states.add(stateName(actor.getSnapshot().value));
      actor.stop();
      expect(told.join('\n').match(SECRETS)?.[0], node.key).toBeUndefined();
      expect(told.length).toBeGreaterThan(3);
    }
    expect(states.size).toBeGreaterThan(30);
  });
});
