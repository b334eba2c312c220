import { describe, expect, it } from 'vitest';
import { permitContract } from '../../src/contracts/permit.js';
import { memoryPermits } from '../../src/limits/memory-permits.js';
import { type SimulatedClock, simulatedClock } from '../../src/ports/clock.js';
import type { Permit, PermitPort } from '../../src/ports/index.js';
import { brokenBy, claimsOf } from '../support/claims.js';

type Granted = Extract<Permit, { readonly granted: true }>;
type Refused = Extract<Permit, { readonly granted: false }>;
type Request = Parameters<PermitPort['request']>[0];

const SPACING_MS = 5_000;

/** The contract for permits in memory with something changed. */
const contractOf = (change: (permits: PermitPort, clock: SimulatedClock) => Partial<PermitPort> = () => ({})) =>
  permitContract((maxConcurrency) => {
    const clock = simulatedClock();
    const permits = memoryPermits({ clock, maxConcurrency, spacing: SPACING_MS });
    const pass = async (ms: number) => {
      clock.increment(ms);
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { permits: { ...permits, ...change(permits, clock) }, spacing: SPACING_MS, pass };
  });

/** Other answers to requests. */
const answering =
  (on: { granted?(permit: Granted, request: Request): Permit; refused?(permit: Refused): Permit }) =>
  ({ request }: PermitPort): Partial<PermitPort> => ({
    async request(options) {
      const permit = await request(options);
      if (permit.granted) return on.granted?.(permit, options) ?? permit;
      return on.refused?.(permit) ?? permit;
    },
  });

const FAIR = 'grants one permit per lane and spacing, to the lowest shard id first';
const FROM_IDENTIFY = 'counts the spacing from the Identify, however long the permit was held';
const FREE = 'makes nobody wait in a lane that is free';
const UNUSED = 'frees the lane at once for an unused permit, and hears settle only once';
const LANES = 'has a lane for each remainder of the shard id';
const ABORTED = "gives the place up and rejects with the signal's reason on abort";
const LATE_ABORT = 'knows an abort after the grant as none';
const SPENT = 'refuses where the day has no identifies left, until it has again';
const LEFT = 'does not count an unused permit, and grants no more than are left';
const WAITING = 'refuses those who wait when it hears that none are left';
const NEW_LANES = 'keeps the order when the number of lanes changes, and who identified a moment ago still counts';

interface Fault {
  readonly fault: string;
  readonly breaks: string;
  readonly says: string;
  readonly change: (permits: PermitPort, clock: SimulatedClock) => Partial<PermitPort>;
}

const endless = new AbortController().signal;

const FAULTS: readonly Fault[] = [
  {
    fault: 'are for everybody',
    breaks: FAIR,
    says: 'granted at once: expected [2], got [2,1,0]',
    change: () => ({ request: async () => ({ granted: true, settle() {} }) }),
  },
  {
    fault: 'let the highest shard id come first',
    breaks: FAIR,
    says: 'granted after it: expected [2,0], got [2,1]',
    change: ({ request }) => ({ request: ({ shardId, ...rest }) => request({ shardId: 100 - shardId, ...rest }) }),
  },
  {
    fault: 'are granted again before the spacing is over',
    breaks: FAIR,
    says: 'granted before the spacing was over: expected [2], got [2,0]',
    change: (_, clock) => memoryPermits({ clock, spacing: SPACING_MS / 2 }),
  },
  {
    fault: 'count from the grant',
    breaks: FROM_IDENTIFY,
    says: 'granted while the permit was held: expected [0], got [0,1]',
    change: answering({
      granted(permit) {
        permit.settle('used');
        return permit;
      },
    }),
  },
  {
    fault: 'have the second wait in a free lane',
    breaks: FREE,
    says: 'granted: expected [0,1], got [0]',
    change: ({ request }) => ({
      request: (options) => (options.shardId === 0 ? request(options) : new Promise(() => {})),
    }),
  },
  {
    fault: 'take every permit as used',
    breaks: UNUSED,
    says: 'granted: expected [0,1], got [0]',
    change: answering({ granted: (permit) => ({ ...permit, settle: () => permit.settle('used') }) }),
  },
  {
    fault: 'free a lane at each settle',
    breaks: UNUSED,
    says: 'granted after a second settle: expected [0,1], got [0,1,2]',
    change: (permits) => {
      let newest: Granted | undefined;
      return answering({
        granted(permit) {
          newest = permit;
          return { ...permit, settle: (use) => newest?.settle(use) };
        },
      })(permits);
    },
  },
  {
    fault: 'have one lane',
    breaks: LANES,
    says: 'granted at once: expected [0,1,2], got [0]',
    change: ({ request }) => ({ request: (options) => request({ ...options, shardId: 0 }) }),
  },
  {
    fault: 'keep a place for the aborted',
    breaks: ABORTED,
    says: 'the two requests reject with ',
    change: ({ request }) => ({ request: (options) => request({ ...options, signal: endless }) }),
  },
  {
    fault: 'reject with an error of their own',
    breaks: ABORTED,
    says: 'the two requests reject with Error: no longer wanted,Error: no longer wanted',
    change: ({ request }) => ({
      request: (options) => request(options).catch(() => Promise.reject(new Error('no longer wanted'))),
    }),
  },
  {
    fault: 'take a permit back on abort',
    breaks: LATE_ABORT,
    says: 'granted while the permit is held: expected [], got [1]',
    change: answering({
      granted(permit, { signal }) {
        signal.addEventListener('abort', () => permit.settle('unused'));
        return permit;
      },
    }),
  },
  {
    fault: 'know no budget',
    breaks: SPENT,
    says: 'shard 1 has no answer',
    change: () => ({ update() {} }),
  },
  {
    fault: 'refuse without a reason',
    breaks: SPENT,
    says: 'the refusal has no reason',
    change: answering({ refused: (permit) => ({ ...permit, reason: '' }) }),
  },
  {
    fault: 'name a time after the reset',
    breaks: SPENT,
    says: 'retryAfter is 30000',
    change: ({ update }) => ({ update: (limit) => update({ ...limit, resetAfter: limit.resetAfter * 1.5 }) }),
  },
  {
    fault: 'stay refused after the reset',
    breaks: SPENT,
    says: 'granted after the reset: expected [0,3], got [0]',
    change: ({ request }) => {
      let refusal: Permit | undefined;
      return {
        async request(options) {
          const permit = refusal ?? (await request(options));
          if (!permit.granted) refusal = permit;
          return permit;
        },
      };
    },
  },
  {
    fault: 'count an unused permit',
    breaks: LEFT,
    says: 'granted after one was given back: expected [0,1,2], got [0,1]',
    change: answering({ granted: (permit) => ({ ...permit, settle: () => permit.settle('used') }) }),
  },
  {
    fault: 'grant more than are left',
    breaks: LEFT,
    says: 'granted at once: expected [0,1], got [0,1,2]',
    change: ({ update }) => ({ update: (limit) => update({ ...limit, remaining: limit.remaining + 1 }) }),
  },
  {
    fault: 'refuse for good',
    breaks: WAITING,
    says: 'retryAfter is null',
    change: answering({ refused: (permit) => ({ ...permit, retryAfter: null }) }),
  },
  {
    fault: 'know no new lanes',
    breaks: NEW_LANES,
    says: 'granted when there are two lanes: expected [0,1], got [0]',
    change: ({ update }) => ({ update: (limit) => update({ ...limit, maxConcurrency: 1 }) }),
  },
];

describe('the permit contract', () => {
  it.each(claimsOf(contractOf()))('is met by permits in memory: %s', async (claim) => {
    expect(await brokenBy(contractOf(), claim)).toBeNull();
  });

  it.each(FAULTS.map((each) => [each.fault, each] as const))(
    'finds permits that %s',
    async (_, { breaks, says, change }) => {
      const broken = await brokenBy(contractOf(change), breaks);
      expect(broken?.startsWith(says), broken ?? 'it holds').toBe(true);
    },
  );

  it('has each of its claims broken here', () => {
    expect(new Set(FAULTS.map(({ breaks }) => breaks))).toEqual(new Set(claimsOf(contractOf())));
  });
});
