import type { GatewayInfo, LocatorPort } from './ports.js';

/** A Gateway whose URL is known; nothing is fetched. Throws a `TypeError` unless the URL is `ws:` or `wss:`. */
export function fixedLocator(url: string): LocatorPort {
  if (!/^wss?:$/.test(new URL(url).protocol)) throw new TypeError(`The Gateway's URL must be wss: or ws:, not ${url}`);
  return new FixedLocator(url);
}

class FixedLocator implements LocatorPort {
  /** No `#private`: it has to work through an object that has this one as its prototype. */
  constructor(private readonly url: string) {}

  async locate({ signal }: { readonly signal: AbortSignal }): Promise<GatewayInfo> {
    signal.throwIfAborted();
    return { url: this.url, shards: null, sessionStartLimit: null, fetchedAt: Date.now() };
  }
}
