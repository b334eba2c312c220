import type { ClockPort } from '../ports/index.js';
import { assert, assertEqual, assertSilent, type Claims, type ContractCase, cases } from './contract.js';

/** What the clock contract needs. */
export interface ClockContractOptions {
  readonly clock: ClockPort;
  /** Lets at least `ms` pass on that clock. */
  pass(ms: number): Promise<void>;
}

/** Platforms count timers in whole milliseconds, from when their event loop last looked. */
const TOLERANCE_MS = 2;

const CLAIMS: Claims<ClockContractOptions> = {
  async 'tells a time that goes on'({ clock, pass }) {
    const before = clock.now();
    assert(Number.isFinite(before), `now is ${before}`);
    await pass(30);
    const passed = clock.now() - before;
    assert(passed >= 30 - TOLERANCE_MS, `after 30 ms now is ${passed} ms later`);
  },

  async 'runs a timer once, not before its time and never within setTimeout'({ clock, pass }) {
    const start = clock.now();
    const fired: number[] = [];
    clock.setTimeout(() => fired.push(clock.now() - start), 30);
    clock.setTimeout(() => fired.push(clock.now() - start), 0);
    assertEqual(fired, [], 'fired at once');
    await pass(80);
    assertEqual(fired.length, 2, 'timers fired');
    const [, late = 0] = fired;
    assert(late >= 30 - TOLERANCE_MS, `a timer of 30 ms fired after ${late} ms`);
  },

  async 'runs timers in the order in which they fall due, and equal ones in that in which they were set'({
    clock,
    pass,
  }) {
    const fired: string[] = [];
    for (const [name, ms] of [
      ['c', 40],
      ['a', 20],
      ['b', 20],
      ['d', 60],
    ] as const) {
      clock.setTimeout(() => fired.push(name), ms);
    }
    await pass(100);
    assertEqual(fired.join(''), 'abcd', 'order');
  },

  async 'runs a timer set within another'({ clock, pass }) {
    let isDone = false;
    clock.setTimeout(() => {
      clock.setTimeout(() => {
        isDone = true;
      }, 10);
    }, 10);
    await pass(60);
    assert(isDone, 'the second timer has not fired');
  },

  async 'does not run what was cleared, also from within another timer'({ clock, pass }) {
    const fired: string[] = [];
    const first = clock.setTimeout(() => fired.push('first'), 20);
    const third = clock.setTimeout(() => fired.push('third'), 40);
    clock.setTimeout(() => clock.clearTimeout(third), 30);
    clock.clearTimeout(first);
    await pass(90);
    assertEqual(fired, [], 'fired');
  },

  async 'does not mind clearing what has fired, was cleared or never was'({ clock, pass }) {
    const id = clock.setTimeout(() => {}, 1);
    await pass(20);
    assertSilent(() => clock.clearTimeout(id), 'clearing a timer that fired');
    assertSilent(() => clock.clearTimeout(id), 'clearing it again');
    assertSilent(() => clock.clearTimeout(undefined), 'clearing nothing');
  },

  async 'does not run a timer of a month at once'({ clock, pass }) {
    let isDone = false;
    const id = clock.setTimeout(
      () => {
        isDone = true;
      },
      31 * 24 * 60 * 60 * 1000,
    );
    await pass(30);
    clock.clearTimeout(id);
    assert(!isDone, 'it fired');
  },
};

/** What every implementation of `ClockPort` must do. */
export function clockContract(make: () => ClockContractOptions | Promise<ClockContractOptions>): ContractCase[] {
  return cases(make, CLAIMS);
}
