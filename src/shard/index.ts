import { type ShardLogic, shardLogic } from './logic.js';
import {
  checkLogicOptions,
  demandPlatform,
  type Platform,
  type ShardLogicOptions,
  type ShardOptions,
  shardSettings,
} from './options.js';
import { Shard } from './shard.js';
import type { Deliverable, EventNames, IntentList } from './wanted.js';

export type { Dispatch, DispatchHead, RawMessage } from '../host/audience.js';
export type { Traffic } from '../wire/decoder.js';
export type { Health } from './health.js';
export type { ShardNews, ShardTransition } from './news.js';
export type { ShardOptions } from './options.js';
export type { Shard } from './shard.js';

/** The two ways to make a shard, on the ports of a platform unless the options name others. */
export function shardsOn(platform: Platform) {
  demandPlatform(platform);
  return {
    /**
     * Makes a shard; it does nothing until `start`. Throws a `TypeError` or `RangeError` for an option that cannot be.
     * With `events` it is typed by them, and knows no other dispatches.
     */
    createShard: <const E extends EventNames, const I extends IntentList>(
      options: ShardOptions<E, I> & Deliverable<E, I>,
    ): Shard<E[number]> => new Shard<E[number]>(shardSettings(options, platform), options.inspect),
    /**
     * Makes actor logic of a shard, for `createActor`, `invoke` or `spawn`; it connects when its actor starts. Timers run
     * on the clock of the actor system: give its root `realClock()`. The actor system is also what stops it.
     */
    createShardLogic: <const E extends EventNames, const I extends IntentList>(
      options: ShardLogicOptions<E, I> & Deliverable<E, I>,
    ): ShardLogic<E[number]> => {
      const settings = shardSettings(options, platform);
      checkLogicOptions(options);
      return shardLogic(settings, { autoStart: true }) as unknown as ShardLogic<E[number]>;
    },
  };
}
