import type { SocketPort } from '../host/ports.js';
import { type ShardLogic, shardLogic } from './logic.js';
import { type OpenTrace, type ShardOptions, shardSettings } from './options.js';
import { Shard } from './shard.js';

export type { Dispatch } from '../host/host.js';
export * from '../host/ports.js';
export * from './errors.js';
export type { Latency } from './latency.js';
export type { ShardEmitted, ShardLogic, ShardNews, ShardSnapshot, ShardTransition } from './logic.js';
export type { ShardOptions } from './options.js';
export type {
  DispatchInfo,
  Shard,
  ShardListener,
  ShardListenerArguments,
  TypedDispatch,
  UserCommand,
} from './shard.js';

/** The two ways to make a shard, on a given kind of socket unless the options name another. */
export function shardsOn(defaultSocket: () => SocketPort, openTrace?: OpenTrace) {
  return {
    /** Makes a shard; it does nothing until `start`. Throws a `TypeError` or `RangeError` for an option that cannot be. */
    createShard: (options: ShardOptions): Shard =>
      new Shard(shardSettings(options, defaultSocket, openTrace), options.inspect),
    /**
     * Makes actor logic of a shard, for `createActor`, `invoke` or `spawn`; it connects when its actor starts. Timers run
     * on the clock of the actor system: give its root `realClock()`. The actor system is also what stops it.
     */
    createShardLogic: (options: Omit<ShardOptions, 'signal' | 'buffer'>): ShardLogic =>
      shardLogic(shardSettings(options, defaultSocket, openTrace), { autoStart: true }),
  };
}
