/** Recorded lives, for the viewer to show. */
import type { MemoryGateway } from '../../src/simulator/memory.js';
import { memoryWorld } from '../support/memory.js';

/** What happens to a shard that is ready. */
export type Plot = (gateway: MemoryGateway) => void;

/** The trace of a shard that gets ready, to which something happens, and that is watched for a while more; with `both`, of the Gateway's connections, too. */
export async function traceOf(
  plot: Plot = (gateway) => gateway.control.dropTcp(),
  ms = 3_000,
  { both = false } = {},
): Promise<readonly string[]> {
  const lines: string[] = [];
  const record = (line: string) => void lines.push(line);
  const world = memoryWorld({ record }, { heartbeatInterval: 5_000, ...(both ? { record } : {}) });
  void world.order.start();
  await world.until(() => world.shard.isReady);
  await world.pass(1_000);
  plot(world.gateway);
  await world.pass(ms);
  world.gateway.stop();
  return lines;
}
