/** Tables of tests: what is found, beside what it should be. */
import { expect, it } from 'vitest';

/** A row: the claim, how to find out, and the right answer. */
export type Check = readonly [says: string, find: () => unknown, expected: unknown];

/** One test for each row. */
export function testEach(checks: readonly Check[]): void {
  for (const [says, find, expected] of checks) {
    it(says, async () => {
      expect(await find()).toEqual(expected);
    });
  }
}

/** What a call throws, as text; null if it returns. */
export function failureOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return String(error);
  }
}

/** What a call throws or rejects with, as text; null if it does neither. */
export async function failureOfCall(call: () => unknown): Promise<string | null> {
  try {
    await call();
    return null;
  } catch (error) {
    return String(error);
  }
}
