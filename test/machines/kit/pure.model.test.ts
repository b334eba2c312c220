import { describe, expect, it } from 'vitest';
import { createActor, initialTransition, SimulatedClock, transition } from 'xstate';
import { DEFAULT_POLICY, pure, shardAbstraction, shardMachine } from '../../../machines/index.js';
import { explore } from '../../../src/exploring/graph.js';
import { pathTo } from '../../../src/exploring/paths.js';

const input = { policy: DEFAULT_POLICY };

describe('the pure form of a chart', () => {
  it("agrees with XState's own transition function on every edge of the shard chart", () => {
    const graph = explore(shardMachine, { ...shardAbstraction, roots: { documented: input } });
    let compared = 0;
    for (const { from, event, instructions } of graph.edges) {
      const [snapshot, actions] = transition(shardMachine, from.snapshot, event);
      const ours = graph.pure.step(from.snapshot, event);
      expect(ours.snapshot.value).toEqual(snapshot.value);
      expect(ours.snapshot.context).toEqual(snapshot.context);
      // An event raised without a delay was taken within the step: nothing is left to do.
      const left = actions.filter(
        ({ type, params }) => type !== 'xstate.raise' || (params as { delay?: number }).delay !== undefined,
      );
      expect(instructions.map(({ type }) => type)).toEqual(
        left.map(({ type }) => ({ 'xstate.raise': 'arm', 'xstate.cancel': 'disarm' })[type as string] ?? type),
      );
      compared += 1;
    }
    expect(compared).toBeGreaterThan(2_000);
  });

  it('begins where XState begins', () => {
    const [snapshot] = initialTransition(shardMachine, input);
    expect(pure(shardMachine).initial(input).snapshot.value).toEqual(snapshot.value);
  });

  it('reaches the same states as an actor on a simulated clock', () => {
    const graph = explore(shardMachine, { ...shardAbstraction, roots: { documented: input } });
    for (const node of graph.nodes.values()) {
      const actor = createActor(shardMachine, { input, clock: new SimulatedClock() });
      actor.start();
      for (const { event } of pathTo(node)) actor.send(event);
      expect(actor.getSnapshot().value).toEqual(node.snapshot.value);
      actor.stop();
    }
  });
});

describe('the gate', () => {
  it('voids an answer to a question that is no longer open', () => {
    const { initial, step } = pure(shardMachine);
    const locating = step(initial(input).snapshot, { type: 'start' }).snapshot;
    const url = 'wss://gateway.discord.gg';
    expect(step(locating, { type: 'located', request: 0, url }).snapshot).toBe(locating);
    expect(step(locating, { type: 'located', request: 1, url }).snapshot.value).toEqual({
      running: { connection: { reaching: 'opening' } },
    });
  });

  it('stays before a chart that is provided with implementations', () => {
    const provided = shardMachine.provide({ delays: { locate: 1 } });
    const { initial, step } = pure(provided);
    const locating = step(initial(input).snapshot, { type: 'start' });
    expect(locating.instructions).toContainEqual({ type: 'arm', params: { timer: 'locate', delay: 1 } });
    expect(step(locating.snapshot, { type: 'locateFailed', request: 7, reason: 'unauthorized' }).snapshot).toBe(
      locating.snapshot,
    );
  });
});
