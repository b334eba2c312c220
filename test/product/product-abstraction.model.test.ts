/** The product renames sequences, sessions and connections so that its states are finite: that must change nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatewayMachine, policyFrom, shardMachine, stateName } from '../../machines/index.js';
import { type Charts, Joint } from '../../src/product/joint.js';
import type { Draft, JointState } from '../../src/product/joint-state.js';
import { ageOf, kindOf } from '../../src/product/messages.js';
import { MOVES, type Move } from '../../src/product/moves.js';

const charts: Charts = {
  shard: shardMachine,
  gateway: gatewayMachine,
  shardInput: { policy: policyFrom({ resumeBudget: 1 }) },
  gatewayInput: { settings: { replayBuffer: 2, replayBatch: 1 } },
};
const MESSAGES = 3;

/** What must not depend on how things are called. */
const seen = ({ shard, gateway, up, down, colour, ...rest }: JointState) => ({
  ...rest,
  shard: stateName(shard.snapshot.value),
  gateway: stateName(gateway.snapshot.value),
  up: [...up.text].map((message) => titleOf(message.charCodeAt(0))),
  down: [...down.text].map((message) => titleOf(message.charCodeAt(0))),
  isColoured: colour !== 0,
});
const titleOf = (message: number) => `${kindOf(message)} ${ageOf(message)}`;

/** What can happen in a state: by each move, where it leads and what it breaks. */
function stepsFrom(joint: Joint, world: JointState): Map<Move, { next: JointState; broken: string | null }> {
  const steps = new Map<Move, { next: JointState; broken: string | null }>();
  for (const move of MOVES.filter((one) => one.may(world))) {
    const draft: Draft = { ...world };
    joint.forget();
    if (!move.run(joint, draft)) continue;
    if (draft.up.length + draft.down.length > Math.max(MESSAGES, world.up.length + world.down.length)) continue;
    steps.set(move, { next: joint.finished(draft), broken: joint.outcome.broken });
  }
  return steps;
}

describe('the states of the product', () => {
  it('can do what the charts can with every number as it is, along random runs', () => {
    let steps = 0;
    const lengths = { minLength: 40, maxLength: 120 };
    fc.assert(
      fc.property(fc.array(fc.nat(), lengths), (choices) => {
        const [renamed, exact] = [new Joint(charts), new Joint(charts, true)];
        let [a, b] = [renamed.begin(), exact.begin()];
        for (const choice of choices) {
          const [fromA, fromB] = [stepsFrom(renamed, a), stepsFrom(exact, b)];
          expect([...fromA.keys()].map(({ name }) => name)).toEqual([...fromB.keys()].map(({ name }) => name));
          // Deliveries more often than orders and faults: else no session lives for long.
          const good = [...fromA.keys()].filter((move) => move.good === 'now');
          const candidates = choice % 3 > 0 && good.length > 0 ? good : [...fromA.keys()];
          const move = candidates[choice % candidates.length] as Move;
          const [toA, toB] = [fromA.get(move), fromB.get(move)];
          expect(toA?.broken).toBe(toB?.broken);
          [a, b] = [toA?.next as JointState, toB?.next as JointState];
          expect(seen(a), move.name).toEqual(seen(b));
          steps += 1;
        }
      }),
      { numRuns: 60, seed: 1 },
    );
    expect(steps).toBeGreaterThan(2_000);
  });
});
