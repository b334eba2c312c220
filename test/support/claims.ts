import { expect, it, vi } from 'vitest';
import { type ContractCase, ContractError } from '../../src/contracts/index.js';

/** More simulated time than any claim takes, in ms. */
const LONGEST_MS = 60_000;
const PACE_MS = 20;

/** The message with which the claim of this name fails; null if it holds. Its pauses take no real time. */
export async function brokenBy(contract: readonly ContractCase[], name: string): Promise<string | null> {
  const claims = contract.filter((each) => each.name === name);
  const [claim] = claims;
  if (claim === undefined || claims.length > 1) throw new Error(`${claims.length} claims have the name "${name}"`);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  try {
    let outcome: { readonly error: unknown } | undefined;
    claim.run().then(
      () => {
        outcome = { error: null };
      },
      (error: unknown) => {
        outcome = { error };
      },
    );
    for (let ms = 0; outcome === undefined; ms += PACE_MS) {
      if (ms > LONGEST_MS) throw new Error(`"${name}" does not end`);
      await vi.advanceTimersByTimeAsync(PACE_MS);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { error } = outcome;
    if (error === null) return null;
    if (error instanceof ContractError) return error.message;
    throw error;
  } finally {
    vi.useRealTimers();
  }
}

/** The names of a contract's claims. */
export const claimsOf = (contract: readonly ContractCase[]): string[] => contract.map(({ name }) => name);

/** A test for each claim of a contract: that an implementation keeps it. */
export function itKeeps(contract: readonly ContractCase[]): void {
  it.each(contract.map(({ name, run }) => [name, run] as const))('%s', async (_, run) => {
    await expect(run()).resolves.toBeUndefined();
  });
}
