/** Which shards run, of those that share their identify permits: one bot's, in this process. */
import type { PermitPort } from '../ports/index.js';
import type { ShardSettings } from './options.js';

/** What a person should know who starts the same shard twice. */
export const TWICE =
  'the same shard of this bot runs in this process already: both get every dispatch, and each identify counts; stop one';

const entered = new WeakMap<PermitPort, Map<string, number>>();

/** Counts a shard as running, and tells if it is not the only one of its id; the returned function ends that, once. */
export function enter(
  { permits, identify }: Pick<ShardSettings, 'permits' | 'identify'>,
  twice: () => void,
): () => void {
  const counts = entered.get(permits) ?? new Map<string, number>();
  entered.set(permits, counts);
  const id = identify.shard.join(' of ');
  const before = counts.get(id) ?? 0;
  counts.set(id, before + 1);
  if (before > 0) twice();
  let hasLeft = false;
  return () => {
    if (hasLeft) return;
    hasLeft = true;
    const left = (counts.get(id) ?? 1) - 1;
    if (left === 0) counts.delete(id);
    else counts.set(id, left);
  };
}
