import { expect } from 'vitest';
import type { SimulatorThread } from './simulator-thread.js';
import { atMost } from './slowness.js';

/** What keeps the process alive, each as often as it is there. */
const resources = () => process.getActiveResourcesInfo().sort();

/** Waits until something holds, for as long as this machine may take; no timer of its own runs while it looks. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = performance.now() + atMost(20_000); performance.now() < end; ) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return false;
}

/**
 * Looks at what the process holds. The function it gives expects that again: no socket, timer or request is left, and
 * the simulator has seen every connection end. The timers of the test runner come and go, so it looks between them.
 */
export async function leftovers(simulator: SimulatorThread): Promise<() => Promise<void>> {
  await until(() => !resources().includes('Timeout'));
  const before = resources();
  return async () => {
    await until(() => `${resources()}` === `${before}`);
    expect(resources()).toEqual(before);
    expect(await until(async () => (await simulator.state()).connections.length === 0)).toBe(true);
    await until(() => `${resources()}` === `${before}`); // the question to the simulator is over too
  };
}
