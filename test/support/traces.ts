import type { ShardOptions } from '../../src/shard/index.js';
import type { TraceLine } from '../../src/trace/format.js';
import { memoryWorld, type World } from './memory.js';

/** A trace, and the world that it was recorded in. */
export interface Recorded {
  readonly text: string;
  readonly lines: readonly TraceLine[];
  readonly world: World;
}

/** Records a shard that identifies, loses its connection, resumes, loses its session, identifies again, and is stopped. */
export async function recordedLife(
  options: (sink: (line: string) => void) => Partial<ShardOptions> = (record) => ({ record }),
  see: (shard: World['shard']) => void = () => {},
): Promise<Recorded> {
  const texts: string[] = [];
  const world = memoryWorld(
    options((line) => texts.push(line)),
    { dispatchesPerSecond: 10 },
  );
  const { control } = world.gateway;
  see(world.shard);
  void world.order.start();
  await world.until(() => world.shard.isReady);
  await world.pass(2_000);
  control.injectFault('dropTcp');
  await world.pass(50_000);
  control.injectFault('closeWith', { code: 4009 });
  await world.pass(20_000);
  const stopped = world.order.stop();
  await world.pass(1_000);
  await stopped;
  return { text: `${texts.join('\n')}\n`, lines: texts.map((line) => JSON.parse(line)), world };
}

let shared: Promise<Recorded> | undefined;

/** That life, recorded once for all tests of a process that only look at it. */
export function sharedLife(): Promise<Recorded> {
  shared ??= recordedLife();
  return shared;
}

/** Records a shard that identifies, loses its connection, resumes, and is stopped, in about a tenth of the lines of that life. */
export async function recordedLoss(record: NonNullable<ShardOptions['record']>): Promise<World> {
  const world = memoryWorld({ record }, { dispatchesPerSecond: 10 });
  void world.order.start();
  await world.until(() => world.shard.isReady);
  await world.pass(2_000);
  world.gateway.control.dropTcp();
  await world.until(() => !world.shard.isReady);
  await world.until(() => world.shard.isReady);
  await world.pass(2_000);
  void world.order.stop();
  await world.until(() => world.shard.state === 'stopped');
  return world;
}
