/** The judges of what carries the charts out, from the wire to the shard. */
import { judgeBacklog } from './backlog-bench.js';
import { judgeHealth } from './health-bench.js';
import { judgeHost } from './host-bench.js';
import { judgeLife } from './life-bench.js';
import { judgeLocator } from './locator-bench.js';
import { judgeOptions } from './options-bench.js';
import { judgePermits } from './permits-bench.js';
import { judgeSurroundings } from './shard-bench.js';
import { judgeWire } from './wire-bench.js';

const JUDGES = [
  judgeHost,
  judgeSurroundings,
  judgeWire,
  judgeBacklog,
  judgeHealth,
  judgeOptions,
  judgePermits,
  judgeLocator,
  judgeLife,
];

/** Says what is wrong with the source, or null. */
export async function judgeSource(): Promise<string | null> {
  for (const judge of JUDGES) {
    const found = await judge();
    if (found !== null) return found;
  }
  return null;
}
