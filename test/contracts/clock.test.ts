import { describe, expect, it } from 'vitest';
import { clockContract } from '../../src/contracts/clock.js';
import { type SimulatedClock, simulatedClock } from '../../src/ports/clock.js';
import type { ClockPort } from '../../src/ports/index.js';
import { brokenBy, claimsOf } from '../support/claims.js';

/** The contract for a simulated clock with something changed. */
const contractOf = (change: (clock: SimulatedClock) => Partial<ClockPort> = () => ({})) =>
  clockContract(() => {
    const clock = simulatedClock();
    return { clock: { ...clock, ...change(clock) }, pass: async (ms) => clock.increment(ms) };
  });

const TIME = 'tells a time that goes on';
const ONCE = 'runs a timer once, not before its time and never within setTimeout';
const ORDER = 'runs timers in the order in which they fall due, and equal ones in that in which they were set';
const NESTED = 'runs a timer set within another';
const CLEARED = 'does not run what was cleared, also from within another timer';
const CLEARING = 'does not mind clearing what has fired, was cleared or never was';
const MONTH = 'does not run a timer of a month at once';

interface Fault {
  readonly fault: string;
  readonly breaks: string;
  readonly says: string;
  readonly change: (clock: SimulatedClock) => Partial<ClockPort>;
}

const FAULTS: readonly Fault[] = [
  { fault: 'stands', breaks: TIME, says: 'after 30 ms now is 0 ms later', change: () => ({ now: () => 0 }) },
  { fault: 'has no time', breaks: TIME, says: 'now is NaN', change: () => ({ now: () => Number.NaN }) },
  {
    fault: 'is 3 ms slow',
    breaks: TIME,
    says: 'after 30 ms now is 27 ms later',
    change: ({ now }) => ({ now: () => now() * 0.9 }),
  },
  {
    fault: 'is early',
    breaks: ONCE,
    says: 'a timer of 30 ms fired after 15 ms',
    change: ({ setTimeout }) => ({ setTimeout: (fn, ms) => setTimeout(fn, ms / 2) }),
  },
  {
    fault: 'fires at once',
    breaks: ONCE,
    says: 'fired at once: expected [], got [0]',
    change: ({ setTimeout }) => ({ setTimeout: (fn, ms) => (ms ? setTimeout(fn, ms) : fn()) }),
  },
  {
    fault: 'fires twice',
    breaks: ONCE,
    says: 'timers fired: expected 2, got 4',
    change: ({ setTimeout }) => ({
      setTimeout(fn, ms) {
        setTimeout(fn, ms);
        return setTimeout(fn, ms + 1);
      },
    }),
  },
  {
    fault: 'mixes the order',
    breaks: ORDER,
    says: 'order: expected "abcd", got "abdc"',
    change: ({ setTimeout }) => ({ setTimeout: (fn, ms) => setTimeout(fn, ms === 40 ? 70 : ms) }),
  },
  {
    fault: 'turns equal timers round',
    breaks: ORDER,
    says: 'order: expected "abcd", got "bacd"',
    change({ setTimeout }) {
      let set = 0;
      return {
        setTimeout(fn, ms) {
          set += 1;
          return setTimeout(fn, ms - set / 1000);
        },
      };
    },
  },
  {
    fault: 'forgets what a timer sets',
    breaks: NESTED,
    says: 'the second timer has not fired',
    change: ({ setTimeout, now }) => ({ setTimeout: (fn, ms) => (now() === 0 ? setTimeout(fn, ms) : undefined) }),
  },
  {
    fault: 'clears nothing',
    breaks: CLEARED,
    says: 'fired: expected [], got ["first","third"]',
    change: () => ({ clearTimeout() {} }),
  },
  {
    fault: 'throws when there is nothing to clear',
    breaks: CLEARING,
    says: 'clearing a timer that fired throws Error: no such timer',
    change: () => ({
      clearTimeout() {
        throw new Error('no such timer');
      },
    }),
  },
  {
    fault: 'overflows',
    breaks: MONTH,
    says: 'it fired',
    change: ({ setTimeout }) => ({ setTimeout: (fn, ms) => setTimeout(fn, ms | 0) }),
  },
];

describe('the clock contract', () => {
  it.each(claimsOf(contractOf()))('is met by a simulated clock: %s', async (claim) => {
    expect(await brokenBy(contractOf(), claim)).toBeNull();
  });

  it('allows a clock to be 2 ms early, as timers count whole milliseconds', async () => {
    const early = contractOf(({ setTimeout }) => ({ setTimeout: (fn, ms) => setTimeout(fn, ms - 2) }));
    expect(await brokenBy(early, ONCE)).toBeNull();
  });

  it.each(FAULTS.map((each) => [each.fault, each] as const))(
    'finds a clock that %s',
    async (_, { breaks, says, change }) => {
      expect(await brokenBy(contractOf(change), breaks)).toBe(says);
    },
  );

  it('has each of its claims broken here', () => {
    expect(new Set(FAULTS.map(({ breaks }) => breaks))).toEqual(new Set(claimsOf(contractOf())));
  });
});
