import { describe, expect, it } from 'vitest';
import { type LocatorSituation, locatorContract, type MakeLocator } from '../../src/contracts/locator.js';
import { fixedLocator } from '../../src/ports/fixed-locator.js';
import { type GatewayInfo, LocateError, type LocatorPort, type SessionStartLimit } from '../../src/ports/index.js';
import { brokenBy, claimsOf } from '../support/claims.js';

const LIMIT: SessionStartLimit = { total: 1000, remaining: 0, resetAfter: 0, maxConcurrency: 1 };
const INFO: GatewayInfo = { url: 'wss://gateway.discord.gg', shards: 1, sessionStartLimit: LIMIT, fetchedAt: 0 };

/** A locator that does as the port promises. */
const right = (situation: LocatorSituation): LocatorPort => ({
  async locate({ signal }) {
    signal.throwIfAborted();
    if (situation === 'answers') return INFO;
    if (situation !== 'silent') {
      throw new LocateError(situation, 'no', situation === 'rateLimited' ? 1500 : undefined);
    }
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  },
});

const answering = (change: Partial<GatewayInfo>) => (): LocatorPort => ({
  locate: async () => ({ ...INFO, ...change }),
});
const limited = (change: Partial<SessionStartLimit>) => answering({ sessionStartLimit: { ...LIMIT, ...change } });
const failing = (error: unknown) => (): LocatorPort => ({ locate: () => Promise.reject(error) });

const SENSE = 'gives a URL and numbers that make sense';
const MANY = 'answers more than once, also at the same time';
const ABORTED = "rejects with the signal's reason if it is aborted already";
const ABORTED_LATER = "rejects with the signal's reason if it is aborted while waiting, and leaves others alone";
const WHY = 'says why it failed';

const FAULTS: readonly (readonly [fault: string, breaks: string, says: string, make: MakeLocator])[] = [
  ['is never answered', SENSE, 'there must be a locator that is answered', () => undefined],
  ['gives no WebSocket URL', SENSE, 'the URL is https://discord.com', answering({ url: 'https://discord.com' })],
  ['gives no URL at all', SENSE, 'the URL is gateway', answering({ url: 'gateway' })],
  ['recommends no shards', SENSE, 'shards is 0', answering({ shards: 0 })],
  ['recommends half a shard', SENSE, 'shards is 1.5', answering({ shards: 1.5 })],
  ['forgets when it was', SENSE, 'fetchedAt is NaN', answering({ fetchedAt: Number.NaN })],
  ['gives a negative number of identifies', SENSE, 'identifies are -1 of 1000', limited({ remaining: -1 })],
  ['resets in the past', SENSE, 'resetAfter is -5', limited({ resetAfter: -5 })],
  ['gives no lanes', SENSE, 'maxConcurrency is 0', limited({ maxConcurrency: 0 })],
  [
    'changes its mind',
    MANY,
    'different URLs: expected 1, got 3',
    () => {
      let asked = 0;
      return {
        async locate() {
          asked += 1;
          return { ...INFO, url: `${INFO.url}/${asked}` };
        },
      };
    },
  ],
  ['does not look at the signal', ABORTED, 'locate: expected a rejection, got {"url":', answering({})],
  ['rejects with an error of its own', ABORTED, 'locate rejects with Error: given up', failing(new Error('given up'))],
  [
    'does not notice an abort',
    ABORTED_LATER,
    'locate: nothing within 1000 ms',
    () => ({ locate: () => new Promise(() => {}) }),
  ],
  [
    'aborts all requests at once',
    ABORTED_LATER,
    'another request is settled too',
    () => {
      const waiting: ((reason: unknown) => void)[] = [];
      return {
        locate: ({ signal }) =>
          new Promise((_, reject) => {
            waiting.push(reject);
            signal.addEventListener('abort', () => {
              for (const each of waiting) each(signal.reason);
            });
          }),
      };
    },
  ],
  [
    'takes every failure for another',
    WHY,
    'reason: expected "unauthorized", got "unavailable"',
    failing(new LocateError('unavailable', 'no')),
  ],
  [
    'rejects with what it got',
    WHY,
    'locate rejects with TypeError: fetch failed, not with a LocateError',
    failing(new TypeError('fetch failed')),
  ],
  [
    'does not say when to come back',
    WHY,
    'retryAfter: expected 1500, got undefined',
    (situation) => failing(new LocateError(situation as LocateError['reason'], 'no'))(),
  ],
];

describe('the locator contract', () => {
  it.each(claimsOf(locatorContract(right)))('is met by a locator in every situation: %s', async (claim) => {
    expect(await brokenBy(locatorContract(right), claim)).toBeNull();
  });

  it.each(claimsOf(locatorContract(right)))('is met by a locator that is only ever answered: %s', async (claim) => {
    const make: MakeLocator = (situation) => (situation === 'answers' ? fixedLocator(INFO.url) : undefined);
    expect(await brokenBy(locatorContract(make), claim)).toBeNull();
  });

  it.each(FAULTS)('finds a locator that %s', async (_, breaks, says, make) => {
    const broken = await brokenBy(locatorContract(make), breaks);
    expect(broken?.startsWith(says), broken ?? 'it holds').toBe(true);
  });

  it('has each of its claims broken here', () => {
    expect(new Set(FAULTS.map(([, breaks]) => breaks))).toEqual(new Set(claimsOf(locatorContract(right))));
  });
});
