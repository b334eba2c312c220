/** No secret in what inspectors and the relay's pages are told, in any state that the shard's chart can reach. */
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { shardAbstraction } from '../../machines/abstraction.js';
import { type ShardEvent, shardMachine, stateName } from '../../machines/index.js';
import { simulatedClock } from '../../src/host/clock.js';
import { inspectorFor } from '../../src/inspect/index.js';
import { explore, type Node } from '../../src/testing/graph.js';
import { memoryWorld, TOKEN } from '../support/memory.js';

/** What the abstraction names its sessions and their URL: here they are the secrets. */
const SECRETS = /session-\d|gateway-us-east1-b/;

/** The events that lead to a state, from the beginning on. */
function wayTo(node: Node<typeof shardMachine>): readonly ShardEvent[] {
  return node.via === undefined ? [] : [...wayTo(node.via.from), node.via.event];
}

describe('an inspector', () => {
  const { nodes } = explore(shardMachine, shardAbstraction);

  it('is told no session id and no resume URL in any state, not even with payloads', () => {
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

describe("what the relay's page is told of both sides", () => {
  it.each([
    ['a loss', (world: ReturnType<typeof memoryWorld>) => void world.gateway.control.dropTcp()],
    [
      'a session that ends',
      (world: ReturnType<typeof memoryWorld>) => void world.gateway.control.invalidateSession(false),
    ],
    ['a fatal close', (world: ReturnType<typeof memoryWorld>) => void world.gateway.control.closeWith(4004)],
    [
      'a refused resume host',
      (world: ReturnType<typeof memoryWorld>) => {
        world.gateway.control.injectFault('refuseResumeHost');
        world.gateway.control.dropTcp();
      },
    ],
    ['nonsense', (world: ReturnType<typeof memoryWorld>) => void world.gateway.control.injectFault('malformed')],
  ])('holds no secret after %s', async (_, happen) => {
    const told: string[] = [];
    const inspector = inspectorFor({ send: (message) => told.push(JSON.stringify(message)) });
    const world = memoryWorld({ record: (line) => told.push(line) }, { inspect: inspector });
    void world.order.start();
    await world.until(() => world.shard.isReady);
    happen(world);
    await world.pass(20_000);
    const ids = world.gateway.sessions.map(({ sessionId }) => sessionId);
    world.gateway.stop();
    const text = told.join('\n');
    for (const secret of [TOKEN, 'gateway-us-east1-b', ...ids]) expect(text).not.toContain(secret);
    expect(text).toContain('<session 1>');
    expect(ids.length).toBeGreaterThan(0);
  });
});
