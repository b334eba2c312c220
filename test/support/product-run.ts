import { gatewayMachine } from '../../machines/gateway/chart.js';
import { shardMachine } from '../../machines/shard/chart.js';
import { policyFrom } from '../../machines/shard/policy.js';
import { type Charts, Joint } from '../../src/product/joint.js';
import type { Draft, JointState } from '../../src/product/joint-state.js';
import { ageOf, kindOf } from '../../src/product/messages.js';
import { MOVES, type Move } from '../../src/product/moves.js';
import type { Property } from '../../src/product/properties.js';

/** The two charts, with a replay buffer of two that is read one by one and one resume in a row. */
export const CHARTS: Charts = {
  shard: shardMachine,
  gateway: gatewayMachine,
  shardInput: { policy: policyFrom({ resumeBudget: 1 }) },
  gatewayInput: { settings: { replayBuffer: 2, replayBatch: 1 } },
};

/** From the beginning to a session that is ready and live on both sides. */
export const TO_READY = [
  'start',
  'located',
  'the socket is accepted',
  'to the shard', // the end of the handshake
  'timer.hello of the Gateway',
  'to the shard', // Hello
  'permitGranted',
  'to the Gateway', // Identify
  'timer.ready of the Gateway',
  'to the shard', // READY
] as const;

/** One run of the product, move by move. */
export class ProductRun {
  readonly joint: Joint;
  world: JointState;

  /** Runs that share a joint of charts remember together what each step leads to. */
  constructor(charts: Partial<Charts> | Joint = {}, exact = false) {
    this.joint = charts instanceof Joint ? charts : new Joint({ ...CHARTS, ...charts }, exact);
    this.world = this.joint.begin();
  }

  /** Makes moves by name, and gives the property that the last one broke. */
  make(...names: readonly string[]): Property | null {
    for (const name of names) {
      const move = moveOf(name);
      const draft: Draft = { ...this.world };
      this.joint.forget();
      if (!move.may(this.world) || !move.run(this.joint, draft)) throw new Error(`"${name}" cannot happen`);
      this.world = this.joint.finished(draft);
    }
    return this.joint.outcome.broken;
  }

  /** The moves of some kinds that can happen now, by name. */
  can(...kinds: readonly Move['kind'][]): string[] {
    const possible = MOVES.filter(({ kind, may }) => kinds.includes(kind) && may(this.world));
    return possible.filter((move) => move.run(this.joint, { ...this.world })).map(({ name }) => name);
  }

  /** What is on its way, and of which age: 0 for the current connection. */
  get up(): string[] {
    return inWords(this.world.up.text);
  }

  get down(): string[] {
    return inWords(this.world.down.text);
  }
}

/** A move by its name. */
export function moveOf(name: string): Move {
  const move = MOVES.find((each) => each.name === name);
  if (move === undefined) throw new Error(`There is no move "${name}"`);
  return move;
}

const inWords = (queue: string): string[] =>
  Array.from(queue, (message) => {
    const age = ageOf(message.charCodeAt(0));
    return `${kindOf(message.charCodeAt(0))}${age === 0 ? '' : ` of age ${age}`}`;
  });
