import { expect, it } from 'vitest';

/**
 * A claim about types. `npm run check:types` checks it, by `expectTypeOf` and `@ts-expect-error`; what runs of it must not
 * throw, and that is all that running it shows.
 */
export function compiles(title: string, claim: () => unknown): void {
  it(title, () => {
    expect(claim).not.toThrow();
  });
}
