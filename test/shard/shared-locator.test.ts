import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { locatorContract } from '../../src/contracts/index.js';
import { type GatewayInfo, LocateError, type LocatorPort } from '../../src/ports/index.js';
import { sharedLocator } from '../../src/shard/shared-locator.js';
import { itKeeps } from '../support/claims.js';

const INFO: GatewayInfo = {
  url: 'wss://gateway.discord.gg/',
  shards: 9,
  sessionStartLimit: { total: 9, remaining: 8, resetAfter: 1, maxConcurrency: 1 },
  fetchedAt: 7,
};
const AGAIN = { ...INFO, sessionStartLimit: null };

/** What is asked of the locator below, to be answered. */
interface Asked {
  readonly signal: AbortSignal;
  resolve(info: GatewayInfo): void;
  reject(error: unknown): void;
}

let keys = 0;
const fresh = (inner: LocatorPort) => sharedLocator(`locator ${++keys}`, () => inner);

function world() {
  const asked: Asked[] = [];
  const locator = fresh({
    locate: ({ signal }) => new Promise((resolve, reject) => asked.push({ signal, resolve, reject })),
  });
  const ask = (signal = new AbortController().signal) => locator.locate({ signal });
  return { asked, ask };
}

let now = 0;
beforeEach(() => {
  now = 1_000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

describe('the locator that shards share', () => {
  const situations = {
    answers: async () => INFO,
    unauthorized: () => Promise.reject(new LocateError('unauthorized', 'no')),
    rateLimited: () => Promise.reject(new LocateError('rateLimited', 'no', 1_500)),
    unavailable: () => Promise.reject(new LocateError('unavailable', 'no')),
    unreachable: () => Promise.reject(new LocateError('unreachable', 'no')),
    silent: () => new Promise<never>(() => {}),
  };
  itKeeps(locatorContract((situation) => fresh({ locate: situations[situation] })));

  it('is one for each key', () => {
    const make = () => ({ locate: situations.silent });
    const one = sharedLocator('a key', make);
    expect(sharedLocator('a key', make)).toBe(one);
    expect(sharedLocator('another key', make)).not.toBe(one);
  });

  it('asks once for all who ask at the same time', async () => {
    const { asked, ask } = world();
    const all = Array.from({ length: 1_000 }, () => ask());
    expect(asked).toHaveLength(1);
    asked[0]?.resolve(INFO);
    expect(new Set(await Promise.all(all))).toEqual(new Set([INFO]));
  });

  it('has an answer serve for five minutes, but for the identifies that are left', async () => {
    const { asked, ask } = world();
    const first = ask();
    asked[0]?.resolve(INFO);
    expect(await first).toEqual(INFO);
    now += 299_999;
    expect(await ask()).toEqual(AGAIN);
    now += 1;
    void ask();
    expect(asked).toHaveLength(2);
  });

  it('tells all of a failure, and asks again for who asks after it', async () => {
    const { asked, ask } = world();
    const all = [ask(), ask()];
    asked[0]?.reject(new LocateError('unavailable', 'no'));
    for (const each of all) await expect(each).rejects.toMatchObject({ reason: 'unavailable' });
    void ask();
    expect(asked).toHaveLength(2);
  });

  it('asks nothing while it was told to wait, and says how long that is', async () => {
    const { asked, ask } = world();
    const first = ask();
    asked[0]?.reject(new LocateError('rateLimited', 'too much', 10_000));
    await expect(first).rejects.toMatchObject({ retryAfter: 10_000 });
    now += 4_000;
    await expect(ask()).rejects.toMatchObject({ reason: 'rateLimited', message: 'too much', retryAfter: 6_000 });
    now += 6_000;
    void ask();
    expect(asked).toHaveLength(2);
  });

  it('asks again within the hour, however long it was told to wait', async () => {
    const { asked, ask } = world();
    const first = ask();
    asked[0]?.reject(new LocateError('rateLimited', 'too much', 1e9));
    await expect(first).rejects.toMatchObject({ retryAfter: 1e9 });
    now += 3_600_000;
    void ask();
    expect(asked).toHaveLength(2);
  });

  it('lets go of a request once nobody waits for it, and no sooner', async () => {
    const { asked, ask } = world();
    const [one, other] = [new AbortController(), new AbortController()];
    const both = [ask(one.signal), ask(other.signal)].map((each) => each.catch((error: unknown) => error));
    one.abort('one');
    expect(await both[0]).toBe('one');
    expect(asked[0]?.signal.aborted).toBe(false);
    other.abort('other');
    expect(await both[1]).toBe('other');
    expect(asked[0]?.signal.aborted).toBe(true);
    asked[0]?.reject(new Error('aborted'));
    const later = ask();
    expect(asked).toHaveLength(2);
    asked[1]?.resolve(INFO);
    expect(await later).toEqual(INFO);
  });
});
