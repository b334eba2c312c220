import { LIMITS } from '../../machines/client.js';
import { memoryPermits } from '../limits/memory-permits.js';
import type { Permit, PermitPort } from '../ports/index.js';
import { Shared } from './shared.js';

/**
 * As long as a shard of that bot. The last identify of a bot outlives its shards by the window in which it still counts.
 * The day's budget need not: the next shard that asks Get Gateway Bot is told it again.
 */
const shared = new Shared<PermitPort>();

/** Ports whose last identify still counts, and until when. */
const counting = new Map<PermitPort, number>();

/** The permits for a key, the same ones as long as they are in use. */
export function sharedPermits(key: string, make: () => PermitPort = memoryPermits): PermitPort {
  forgetOld();
  return shared.get(key, () => remembered(make()));
}

/** The same permits, held on to for a while after each identify. */
function remembered(inner: PermitPort): PermitPort {
  const permits: PermitPort = {
    async request(options) {
      const permit = await inner.request(options);
      return permit.granted ? counted(permit, permits) : permit;
    },
    update: (limit) => inner.update(limit),
    isStale: () => inner.isStale?.() ?? false,
    remember: (identifies) => inner.remember?.(identifies),
  };
  return permits;
}

function counted(permit: Permit & { granted: true }, permits: PermitPort): Permit {
  return {
    ...permit,
    settle(use) {
      permit.settle(use);
      if (use === 'used') counting.set(permits, performance.now() + LIMITS.identifies.windowMs);
      forgetOld();
    },
  };
}

function forgetOld(): void {
  const now = performance.now();
  for (const [permits, until] of counting) if (until <= now) counting.delete(permits);
}
