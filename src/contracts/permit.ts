import type { Permit, PermitPort, SessionStartLimit } from '../ports/index.js';
import { assert, assertEqual, type Claims, type ContractCase, cases, demandMaker } from './contract.js';

/** What the permit contract needs. */
export interface PermitContractOptions {
  readonly permits: PermitPort;
  /** The time between two identifies of a lane, in ms. */
  readonly spacing: number;
  /** Lets at least `ms` pass, and every promise settle that can; 0 for the latter alone. */
  pass(ms: number): Promise<void>;
}

/** Makes an empty port with so many lanes. */
export type MakePermits = (maxConcurrency: number) => PermitContractOptions | Promise<PermitContractOptions>;

const limit = (changes: Partial<SessionStartLimit>): SessionStartLimit => ({
  total: 1000,
  remaining: 1000,
  resetAfter: 3_600_000,
  maxConcurrency: 1,
  ...changes,
});

/** Asks for shards and notes who was granted, in order. */
function asking({ permits, pass }: PermitContractOptions) {
  const granted: number[] = [];
  const answers = new Map<number, Permit>();
  return {
    granted,
    async ask(...shardIds: number[]) {
      for (const shardId of shardIds) {
        void permits.request({ shardId, shardCount: 32, signal: new AbortController().signal }).then((permit) => {
          answers.set(shardId, permit);
          if (permit.granted) granted.push(shardId);
        });
        await pass(0);
      }
    },
    async settle(use: 'used' | 'unused', ...shardIds: number[]) {
      for (const shardId of shardIds) {
        const permit = answers.get(shardId);
        assert(permit?.granted, `shard ${shardId} has no permit`);
        permit.settle(use);
      }
      await pass(0);
    },
    refused(shardId: number) {
      const permit = answers.get(shardId);
      assert(permit, `shard ${shardId} has no answer`);
      assert(!permit.granted, `shard ${shardId} is granted a permit`);
      return permit;
    },
  };
}

const CLAIMS: Claims<MakePermits> = {
  async 'grants one permit per lane and spacing, to the lowest shard id first'(make) {
    const made = await make(1);
    const { granted, ask, settle } = asking(made);
    await ask(2, 1, 0);
    assertEqual(granted, [2], 'granted at once');
    await settle('used', 2);
    await made.pass(made.spacing * 0.9);
    assertEqual(granted, [2], 'granted before the spacing was over');
    await made.pass(made.spacing * 0.2);
    assertEqual(granted, [2, 0], 'granted after it');
    await settle('used', 0);
    await made.pass(made.spacing * 1.1);
    assertEqual(granted, [2, 0, 1], 'granted in the end');
  },

  async 'counts the spacing from the Identify, however long the permit was held'(make) {
    const made = await make(1);
    const { granted, ask, settle } = asking(made);
    await ask(0, 1);
    await made.pass(made.spacing * 3);
    assertEqual(granted, [0], 'granted while the permit was held');
    await settle('used', 0);
    await made.pass(made.spacing * 0.9);
    assertEqual(granted, [0], 'granted before the spacing was over');
    await made.pass(made.spacing * 0.2);
    assertEqual(granted, [0, 1], 'granted after it');
  },

  async 'makes nobody wait in a lane that is free'(make) {
    const made = await make(1);
    const { granted, ask, settle } = asking(made);
    await ask(0);
    await settle('used', 0);
    await made.pass(made.spacing * 1.1);
    await ask(1);
    assertEqual(granted, [0, 1], 'granted');
  },

  async 'frees the lane at once for an unused permit, and hears settle only once'(make) {
    const made = await make(1);
    const { granted, ask, settle } = asking(made);
    await ask(0, 1, 2);
    await settle('unused', 0);
    assertEqual(granted, [0, 1], 'granted');
    await settle('unused', 0);
    assertEqual(granted, [0, 1], 'granted after a second settle');
    await settle('used', 1);
    await settle('unused', 1);
    await made.pass(made.spacing * 0.9);
    assertEqual(granted, [0, 1], 'granted before the spacing was over');
  },

  async 'has a lane for each remainder of the shard id'(make) {
    const made = await make(3);
    const { granted, ask, settle } = asking(made);
    await ask(0, 3, 1, 4, 2, 5);
    assertEqual(granted, [0, 1, 2], 'granted at once');
    await settle('used', 1);
    await made.pass(made.spacing * 1.1);
    assertEqual(granted, [0, 1, 2, 4], 'granted when the second lane is free');
  },

  async "gives the place up and rejects with the signal's reason on abort"(make) {
    const made = await make(1);
    const { granted, ask, settle } = asking(made);
    await ask(0);
    const controller = new AbortController();
    const reason = new Error('aborted');
    const errors: unknown[] = [];
    const request = (shardId: number, signal: AbortSignal) =>
      void made.permits.request({ shardId, shardCount: 32, signal }).catch((error: unknown) => errors.push(error));
    request(1, controller.signal);
    await ask(2);
    request(3, AbortSignal.abort(reason));
    controller.abort(reason);
    await made.pass(0);
    assert(errors.length === 2 && errors.every((error) => error === reason), `the two requests reject with ${errors}`);
    await settle('unused', 0);
    assertEqual(granted, [0, 2], 'granted');
    await settle('unused', 2);
    await ask(4);
    assertEqual(granted, [0, 2, 4], 'granted after that');
  },

  async 'knows an abort after the grant as none'(make) {
    const made = await make(1);
    const { granted, ask } = asking(made);
    const controller = new AbortController();
    const request = { shardId: 0, shardCount: 32, signal: controller.signal };
    const permit = await made.permits.request(request);
    controller.abort();
    await ask(1);
    assertEqual(granted, [], 'granted while the permit is held');
    assert(permit.granted, 'the first request is not granted');
    permit.settle('unused');
    await made.pass(0);
    assertEqual(granted, [1], 'granted after it was given back');
  },

  async 'refuses where the day has no identifies left, until it has again'(make) {
    const made = await make(1);
    const { granted, ask, settle, refused } = asking(made);
    const resetAfter = made.spacing * 4;
    made.permits.update(limit({ total: 3, remaining: 1, resetAfter }));
    await ask(0, 1);
    assertEqual(granted, [0], 'granted at once');
    await settle('used', 0);
    const { reason, retryAfter } = refused(1);
    assert(reason !== '', 'the refusal has no reason');
    assert(retryAfter !== null && retryAfter > 0 && retryAfter <= resetAfter, `retryAfter is ${retryAfter}`);
    await made.pass(made.spacing * 2);
    await ask(2);
    refused(2);
    await made.pass(made.spacing * 2.1);
    await ask(3);
    assertEqual(granted, [0, 3], 'granted after the reset');
  },

  async 'does not count an unused permit, and grants no more than are left'(make) {
    const made = await make(4);
    const { granted, ask, settle } = asking(made);
    made.permits.update(limit({ remaining: 2, maxConcurrency: 4 }));
    await ask(0, 1, 2, 3);
    assertEqual(granted, [0, 1], 'granted at once');
    await settle('unused', 0);
    assertEqual(granted, [0, 1, 2], 'granted after one was given back');
    await settle('used', 1);
    assertEqual(granted, [0, 1, 2], 'granted after one was used');
  },

  async 'refuses those who wait when it hears that none are left'(make) {
    const made = await make(1);
    const { ask, refused } = asking(made);
    await ask(0, 1);
    made.permits.update(limit({ remaining: 0, resetAfter: 60_000 }));
    await made.pass(0);
    const { retryAfter } = refused(1);
    assert(retryAfter !== null && retryAfter > 0 && retryAfter <= 60_000, `retryAfter is ${retryAfter}`);
  },

  async 'keeps the order when the number of lanes changes, and who identified a moment ago still counts'(make) {
    const made = await make(1);
    const { granted, ask, settle } = asking(made);
    await ask(0, 3, 1, 2, 4);
    await settle('used', 0);
    made.permits.update(limit({ maxConcurrency: 2 }));
    await made.pass(0);
    assertEqual(granted, [0, 1], 'granted when there are two lanes');
    made.permits.update(limit({ maxConcurrency: 1 }));
    await settle('unused', 1);
    assertEqual(granted, [0, 1], 'granted when there is one again');
    await made.pass(made.spacing * 1.1);
    assertEqual(granted, [0, 1, 2], 'granted after the spacing');
  },
};

/** What every implementation of `PermitPort` must do. */
export function permitContract(make: MakePermits): ContractCase[] {
  demandMaker(make);
  return cases(() => make, CLAIMS);
}
