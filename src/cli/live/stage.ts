import type { Shard } from '../../shard/index.js';
import { Interruption, type Io } from '../terminal/io.js';

/** Something that was to happen and did not. */
export class MissedError extends Error {
  override readonly name = 'MissedError';
}

/**
 * Waits until something holds, looking again whenever the shard says something. Rejects with a `MissedError` after `ms`,
 * and with the `Interruption` if there is one.
 */
export function until(shard: Shard, { signal }: Io, what: string, holds: () => boolean, ms = 10_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => holds() && end(resolve);
    const give = () => end(() => reject(signal.reason ?? new Interruption('SIGINT')));
    const timer = setTimeout(() => {
      end(() => reject(new MissedError(`${what} did not happen within ${ms / 1000} s; the shard is ${shard.state}`)));
    }, ms);
    const offs = [shard.on('transition', look), shard.on('notice', look), shard.on('dispatch', look)];
    signal.addEventListener('abort', give, { once: true });
    function end(settle: () => void): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', give);
      for (const off of offs) off();
      settle();
    }
    if (signal.aborted) give();
    else look();
  });
}
