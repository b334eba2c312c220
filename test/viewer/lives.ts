/** Recorded lives, for the viewer to show. */
import type { MemoryGateway } from '../../src/simulator/memory.js';
import { memoryWorld } from '../support/memory.js';

/** What happens to a shard that is ready. */
export type Plot = (gateway: MemoryGateway) => void;

/** The trace of a shard that gets ready, to which something happens, and that is watched for a while more. */
export async function traceOf(
  plot: Plot = (gateway) => gateway.control.dropTcp(),
  ms = 3_000,
): Promise<readonly string[]> {
  const lines: string[] = [];
  const world = memoryWorld({ record: (line) => lines.push(line) }, { heartbeatInterval: 5_000 });
  void world.order.start();
  await world.until(() => world.shard.isReady);
  await world.pass(1_000);
  plot(world.gateway);
  await world.pass(ms);
  world.gateway.stop();
  return lines;
}
