import type { LocatorPort } from './ports.js';

/** A Gateway whose URL is known; nothing is fetched. Throws a `TypeError` unless the URL is `ws:` or `wss:`. */
export function fixedLocator(url: string): LocatorPort {
  if (!/^wss?:$/.test(new URL(url).protocol)) throw new TypeError(`The Gateway's URL must be wss: or ws:, not ${url}`);
  return {
    async locate({ signal }) {
      signal.throwIfAborted();
      return { url, shards: null, sessionStartLimit: null, fetchedAt: Date.now() };
    },
  };
}
