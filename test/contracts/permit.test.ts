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
const DAY_MS = 86_400_000;

/** What is to be different; `wall` is the time of day. */
type Change = (permits: PermitPort, clock: SimulatedClock, wall: () => number) => Partial<PermitPort>;

/** The contract for permits in memory with something changed. */
const contractOf = (change: Change = () => ({})) =>
  permitContract((maxConcurrency) => {
    const clock = simulatedClock();
    let jumped = 0;
    const wall = () => clock.now() + jumped;
    const permits = memoryPermits({ clock, wallClock: wall, maxConcurrency, spacing: SPACING_MS });
    const pass = async (ms: number) => {
      clock.increment(ms);
      await new Promise((resolve) => setImmediate(resolve));
    };
    const jump = (ms: number) => {
      jumped += ms;
    };
    return { permits: { ...permits, ...change(permits, clock, wall) }, spacing: SPACING_MS, pass, jump };
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
const FROM_IDENTIFY = 'counts the spacing from the Identify, not from the grant';
const FREE = 'makes nobody wait in a lane that is free';
const UNUSED = 'frees the lane at once for an unused permit, and hears settle only once';
const LANES = 'has a lane for each remainder of the shard id';
const ABORTED = "gives the place up and rejects with the signal's reason on abort";
const LATE_ABORT = 'knows an abort after the grant as none';
const SPENT = 'refuses where the day has no identifies left, until it has again';
const LEFT = 'does not count an unused permit, and grants no more than are left';
const WAITING = 'refuses those who wait when it hears that none are left';
const RESERVE = 'keeps a fifth of the day for orders';
const LAPSES = 'counts a permit that is never settled as used, once it can be good no longer';
const TWICE = 'grants a shard that asks twice one permit after the other';
const WAITED = 'says of no permit that it waited longer than it did';
const JUMPS = 'takes a time of day that jumps for no time that has passed';
const PAST = 'spaces from the identifies of earlier processes, if it takes them';
const STALE = 'wants to be told of the day before it knows it, and after five minutes, if it says so';
const NEW_LANES = 'keeps the order when the number of lanes changes, and who identified a moment ago still counts';

interface Fault {
  readonly fault: string;
  readonly breaks: string;
  readonly says: string;
  readonly change: Change;
}

/** Permits that come back by themselves after a while, as if nobody had identified. */
function settledAfter(ms: number, permits: PermitPort, clock: SimulatedClock): Partial<PermitPort> {
  return answering({
    granted(permit) {
      clock.setTimeout(() => permit.settle('unused'), ms);
      return permit;
    },
  })(permits);
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
    says: 'granted before the spacing was over: expected [0], got [0,1]',
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
    fault: 'keep nothing for orders',
    breaks: RESERVE,
    says: 'shard 1 is granted a permit',
    change: ({ request }) => ({ request: (options) => request({ ...options, ordered: true }) }),
  },
  {
    fault: 'know no orders',
    breaks: RESERVE,
    says: 'granted: expected [0,1,2], got [0]',
    change: ({ request }) => ({ request: (options) => request({ ...options, ordered: false }) }),
  },
  {
    fault: 'hold the lane of a lost permit for ever',
    breaks: LAPSES,
    says: 'granted after that: expected [0,1], got [0]',
    change: ({ request }) => {
      let isHeld = false;
      return {
        request(options) {
          if (isHeld) return new Promise(() => {});
          isHeld = true;
          return request(options);
        },
      };
    },
  },
  {
    fault: 'take a lost permit back too early',
    breaks: LAPSES,
    says: 'granted while the first may have identified: expected [0], got [0,1]',
    change: (permits, clock) => settledAfter(3_000, permits, clock),
  },
  {
    fault: 'take a lost permit for unused',
    breaks: LAPSES,
    says: 'shard 2 is granted a permit',
    change: (permits, clock) => settledAfter(6_999, permits, clock),
  },
  {
    fault: 'give one permit to all requests of a shard',
    breaks: TWICE,
    says: 'granted at once: expected [0], got [0,0]',
    change: ({ request }) => {
      const answers = new Map<number, Promise<Permit>>();
      return {
        request(options) {
          const answer = answers.get(options.shardId) ?? request(options);
          answers.set(options.shardId, answer);
          return answer;
        },
      };
    },
  },
  {
    fault: 'say that shards waited longer than they did',
    breaks: WAITED,
    says: 'shard 0 waited 60000 ms of 0',
    change: answering({ granted: (permit) => ({ ...permit, waited: 60_000 }) }),
  },
  {
    fault: 'go by the time of day',
    breaks: JUMPS,
    says: 'granted after the spacing, when it was set back: expected [0,1], got [0]',
    change: (_, clock, wall) => memoryPermits({ clock: { ...clock, now: wall }, spacing: SPACING_MS }),
  },
  {
    fault: 'end a day by the time of day',
    breaks: JUMPS,
    says: 'shard 3 has no answer',
    change: ({ request, update }, clock, wall) => {
      const day = { total: 3, remaining: 3, resetAfter: 1e9, maxConcurrency: 1 };
      return {
        request(options) {
          if (wall() - clock.now() > DAY_MS / 2 && clock.now() > SPACING_MS) update(day);
          return request(options);
        },
      };
    },
  },
  {
    fault: 'know nothing of earlier processes',
    breaks: PAST,
    says: 'granted before the spacing was over: expected [], got [1]',
    change: () => ({ remember() {} }),
  },
  {
    fault: 'never want to be told',
    breaks: STALE,
    says: 'it knows enough before it was told anything',
    change: () => ({ isStale: () => false }),
  },
  {
    fault: 'always want to be told',
    breaks: STALE,
    says: 'it wants to be told what it was just told',
    change: () => ({ isStale: () => true }),
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
