import { parseGatewayUrl } from '../../machines/client.js';
import type { GatewayInfo, LocatorPort } from './locator.js';

/** A Gateway whose URL is known; nothing is fetched. Throws an `InvalidGatewayUrlError`, which shows no more than the host. */
export function fixedLocator(url: string): LocatorPort {
  parseGatewayUrl(url, { allowInsecure: true }); // the shard's own option decides, which checks it again
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
