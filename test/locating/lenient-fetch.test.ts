/** Options that a runtime refuses. */
import { describe, expect, it } from 'vitest';
import { lenientFetch } from '../../src/locating/lenient-fetch.js';

const INIT = { redirect: 'manual', cache: 'no-store' } as const;
const ANSWER = new Response();

/** A `fetch` that refuses some options as Cloudflare Workers did, and what it was asked with. */
function refusing(...names: readonly string[]) {
  const asked: object[] = [];
  const fetch = (async (_url: string, init: object) => {
    asked.push(init);
    const refused = names.find((name) => name in init);
    if (refused) throw new Error(`The '${refused}' field on 'RequestInitializerDict' is not implemented.`);
    return ANSWER;
  }) as typeof globalThis.fetch;
  return { asked, outcome: lenientFetch(fetch, 'https://discord.com', INIT) };
}

describe('lenientFetch', () => {
  it('asks once where everything is known', async () => {
    const { asked, outcome } = refusing();
    expect(await outcome).toBe(ANSWER);
    expect(asked).toEqual([INIT]);
  });

  it('asks without `cache` where that is refused', async () => {
    const { asked, outcome } = refusing('cache');
    expect(await outcome).toBe(ANSWER);
    expect(asked).toEqual([INIT, { redirect: 'manual' }]);
  });

  it('does not go without `redirect`, lest the token go elsewhere', async () => {
    const { asked, outcome } = refusing('redirect');
    await expect(outcome).rejects.toThrow("The 'redirect' field");
    expect(asked).toHaveLength(1);
  });

  it.each([['no error'], [new TypeError('fetch failed')], [new TypeError('caches are full')]])(
    'hands on any other failure at once: %s',
    async (failure) => {
      let asked = 0;
      const fetch = async () => {
        asked += 1;
        throw failure;
      };
      await expect(lenientFetch(fetch, 'https://discord.com', INIT)).rejects.toBe(failure);
      expect(asked).toBe(1);
    },
  );
});
