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
export type { ShardSnapshot } from '../host/tap.js';
export type { IdentifiesLeft } from '../limits/identify-bucket.js';
export * from '../ports/index.js';
export type { Traffic } from '../wire/decoder.js';
export type { BacklogNews, Overflow } from './backlog.js';
export type { UserCommand, UserCommandData } from './commands.js';
export * from './errors.js';
export type { Health, HealthStatus } from './health.js';
export type { Latency } from './latency.js';
export type { ShardEmitted, ShardLogic } from './logic.js';
export type { ShardNews, ShardTransition } from './news.js';
export type { CommonOptions, Platform, ShardLogicOptions, ShardOptions } from './options.js';
export type {
  DispatchInfo,
  Shard,
  ShardListener,
  ShardListenerArguments,
  TypedDispatch,
} from './shard.js';
export type { Deliverable, EventNames, IntentList, WantedOptions } from './wanted.js';

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
