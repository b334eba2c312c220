import { PERMIT_LIFE_MS, type Permit, type PermitPort, type SessionStartLimit } from '../ports/index.js';
import { assert, assertEqual, type Claims, type ContractCase, cases, demandMaker } from './contract.js';

/** What the permit contract needs. */
export interface PermitContractOptions {
  readonly permits: PermitPort;
  /** The time between two identifies of a lane, in ms. */
  readonly spacing: number;
  /** Lets at least `ms` pass, and every promise settle that can; 0 for the latter alone. */
  pass(ms: number): Promise<void>;
  /** Sets the time of day forward, or back, while no time passes; where the port looks at one. */
  jump?(ms: number): void | Promise<void>;
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

const DAY_MS = 86_400_000;
const FRESH_MS = 300_000;

/** Asks for shards and notes who was granted, in order. */
function asking({ permits, pass }: PermitContractOptions) {
  const granted: number[] = [];
  const answers = new Map<number, Permit>();
  async function request(shardIds: readonly number[], how: { readonly ordered?: boolean }) {
    for (const shardId of shardIds) {
      const { signal } = new AbortController();
      void permits.request({ shardId, shardCount: 32, ...how, signal }).then((permit) => {
        answers.set(shardId, permit);
        if (permit.granted) granted.push(shardId);
      });
      await pass(0);
    }
  }
  return {
    granted,
    ask: (...shardIds: number[]) => request(shardIds, {}),
    order: (...shardIds: number[]) => request(shardIds, { ordered: true }),
    async settle(use: 'used' | 'unused', ...shardIds: number[]) {
      for (const shardId of shardIds) {
        const permit = answers.get(shardId);
        assert(permit?.granted, `shard ${shardId} has no permit`);
        permit.settle(use);
      }
      await pass(0);
    },
    waited(shardId: number) {
      const permit = answers.get(shardId);
      assert(permit?.granted, `shard ${shardId} has no permit`);
      return permit.waited;
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

  async 'counts the spacing from the Identify, not from the grant'(make) {
    const made = await make(1);
    const { granted, ask, settle } = asking(made);
    await ask(0, 1);
    await made.pass(PERMIT_LIFE_MS * 0.75);
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
    made.permits.update(limit({ total: 4, remaining: 2, maxConcurrency: 4 }));
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

  async 'keeps a fifth of the day for orders'(make) {
    const made = await make(4);
    const { granted, ask, order, settle, refused } = asking(made);
    made.permits.update(limit({ total: 10, remaining: 3, maxConcurrency: 4 }));
    await ask(0);
    await settle('used', 0);
    await ask(1);
    refused(1);
    await order(1, 2, 3);
    assertEqual(granted, [0, 1, 2], 'granted');
    await settle('used', 1, 2);
    refused(3);
  },

  async 'counts a permit that is never settled as used, once it can be good no longer'(make) {
    const made = await make(1);
    const { granted, ask, settle, refused } = asking(made);
    made.permits.update(limit({ total: 2, remaining: 2 }));
    await ask(0, 1);
    const lapses = PERMIT_LIFE_MS + made.spacing;
    await made.pass(lapses * 0.9);
    assertEqual(granted, [0], 'granted while the first may have identified');
    await made.pass(lapses * 0.2);
    assertEqual(granted, [0, 1], 'granted after that');
    await settle('used', 1);
    await made.pass(made.spacing * 1.1);
    await ask(2);
    refused(2);
    await settle('unused', 0);
    await ask(3);
    refused(3);
  },

  async 'grants a shard that asks twice one permit after the other'(make) {
    const made = await make(1);
    const { granted, ask, settle } = asking(made);
    await ask(0, 0);
    assertEqual(granted, [0], 'granted at once');
    await settle('used', 0);
    await made.pass(made.spacing * 0.9);
    assertEqual(granted, [0], 'granted before the spacing was over');
    await made.pass(made.spacing * 0.2);
    assertEqual(granted, [0, 0], 'granted after it');
  },

  async 'says of no permit that it waited longer than it did'(make) {
    const made = await make(1);
    const { ask, settle, waited } = asking(made);
    await ask(0, 1);
    await settle('used', 0);
    const passed = made.spacing * 1.1;
    await made.pass(passed);
    for (const [shardId, most] of [
      [0, 0],
      [1, passed],
    ] as const) {
      const ms = waited(shardId);
      assert(ms === undefined || (ms >= 0 && ms <= most), `shard ${shardId} waited ${ms} ms of ${most}`);
    }
  },

  async 'takes a time of day that jumps for no time that has passed'(make) {
    const made = await make(1);
    if (made.jump === undefined) return;
    const { granted, ask, settle, refused } = asking(made);
    made.permits.update(limit({ total: 3, remaining: 2 }));
    await ask(0, 1, 2);
    await settle('used', 0);
    await made.jump(DAY_MS);
    await made.pass(made.spacing * 0.5);
    assertEqual(granted, [0], 'granted when the time of day was set forward');
    await made.jump(-2 * DAY_MS);
    await made.pass(made.spacing * 0.6);
    assertEqual(granted, [0, 1], 'granted after the spacing, when it was set back');
    await settle('used', 1);
    refused(2);
    await made.jump(3 * DAY_MS);
    await ask(3);
    refused(3);
  },

  async 'spaces from the identifies of earlier processes, if it takes them'(make) {
    const made = await make(1);
    if (made.permits.remember === undefined) return;
    const { granted, ask } = asking(made);
    made.permits.remember([
      { shardId: 1, ago: made.spacing * 3 },
      { shardId: 0, ago: made.spacing * 0.5 },
    ]);
    await ask(1);
    await made.pass(made.spacing * 0.4);
    assertEqual(granted, [], 'granted before the spacing was over');
    await made.pass(made.spacing * 0.2);
    assertEqual(granted, [1], 'granted after it');
  },

  async 'wants to be told of the day before it knows it, and after five minutes, if it says so'(make) {
    const made = await make(1);
    const { permits } = made;
    if (permits.isStale === undefined) return;
    assert(permits.isStale(), 'it knows enough before it was told anything');
    permits.update(limit({}));
    assert(!permits.isStale(), 'it wants to be told what it was just told');
    await made.pass(FRESH_MS * 1.1);
    assert(permits.isStale(), 'what it was told five minutes ago is enough');
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
