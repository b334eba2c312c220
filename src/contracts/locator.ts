import { type GatewayInfo, LocateError, type LocatorPort } from '../ports/index.js';
import {
  assert,
  assertEqual,
  type Claims,
  type ContractCase,
  cases,
  demandMaker,
  rejection,
  within,
} from './contract.js';

/** How the place that a locator asks behaves. */
export type LocatorSituation =
  | 'answers'
  /** Says that the token is wrong, as often as it is asked. */
  | 'unauthorized'
  /** Says to come back in 1.5 s. */
  | 'rateLimited'
  | 'unavailable'
  | 'unreachable'
  /** Takes the question and leaves it open. */
  | 'silent';

/** Makes a locator in a situation; undefined where that locator cannot get into it. */
export type MakeLocator = (situation: LocatorSituation) => LocatorPort | undefined | Promise<LocatorPort | undefined>;

const never = () => new AbortController().signal;
const isCount = (value: unknown, least: number) => Number.isSafeInteger(value) && Number(value) >= least;

const CLAIMS: Claims<MakeLocator> = {
  async 'gives a URL and numbers that make sense'(make) {
    const locator = await make('answers');
    assert(locator, 'there must be a locator that is answered');
    checkInfo(await within(locator.locate({ signal: never() }), 'locate'));
  },

  async 'answers more than once, also at the same time'(make) {
    const locator = await make('answers');
    const all = [1, 2, 3].map(() => locator?.locate({ signal: never() }));
    const urls = (await within(Promise.all(all), 'locate')).map((info) => info?.url);
    assertEqual(new Set(urls).size, 1, 'different URLs');
  },

  async "rejects with the signal's reason if it is aborted already"(make) {
    const reason = new Error('aborted before');
    for (const situation of ['answers', 'unauthorized', 'unreachable'] as const) {
      const locator = await make(situation);
      if (!locator) continue;
      const error = await rejection(locator.locate({ signal: AbortSignal.abort(reason) }), 'locate');
      assert(error === reason, `locate rejects with ${error}`);
    }
  },

  async "rejects with the signal's reason if it is aborted while waiting, and leaves others alone"(make) {
    const locator = await make('silent');
    if (!locator) return;
    const controller = new AbortController();
    const other = new AbortController();
    const aborted = rejection(locator.locate({ signal: controller.signal }), 'locate', 1000);
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    const waiting = locator.locate({ signal: other.signal }).then(settle, settle);
    const reason = new Error('aborted while waiting');
    controller.abort(reason);
    const error = await aborted;
    assert(error === reason, `locate rejects with ${error}`);
    assert(!isSettled, 'another request is settled too');
    other.abort();
    await waiting;
  },

  async 'says why it failed'(make) {
    for (const situation of ['unauthorized', 'rateLimited', 'unavailable', 'unreachable'] as const) {
      const locator = await make(situation);
      if (!locator) continue;
      const ask = () => rejection(locator.locate({ signal: never() }), 'locate');
      const first = await ask();
      // It may ask twice before it believes that.
      const isDoubted = situation === 'unauthorized' && (first as LocateError).reason === 'unavailable';
      const error = isDoubted ? await ask() : first;
      assert(error instanceof LocateError, `locate rejects with ${error}, not with a LocateError`);
      assertEqual(error.reason, situation, 'reason');
      if (situation === 'rateLimited') assertEqual(error.retryAfter, 1500, 'retryAfter');
    }
  },
};

function checkInfo(info: GatewayInfo): void {
  const { url, shards, sessionStartLimit: limit, fetchedAt } = info;
  assert(URL.canParse(url) && /^wss?:$/.test(new URL(url).protocol), `the URL is ${url}`);
  assert(shards === null || isCount(shards, 1), `shards is ${shards}`);
  assert(Number.isFinite(fetchedAt), `fetchedAt is ${fetchedAt}`);
  if (!limit) return;
  assert(isCount(limit.total, 0) && isCount(limit.remaining, 0), `identifies are ${limit.remaining} of ${limit.total}`);
  assert(isCount(limit.resetAfter, 0), `resetAfter is ${limit.resetAfter}`);
  assert(isCount(limit.maxConcurrency, 1), `maxConcurrency is ${limit.maxConcurrency}`);
}

/** What every implementation of `LocatorPort` must do. */
export function locatorContract(make: MakeLocator): ContractCase[] {
  demandMaker(make);
  return cases(() => make, CLAIMS);
}
