/** The specification: charts, tables, causes and policies. Imports nothing that does I/O. */

export * from './client.js';
export * from './gateway/causes.js';
export { gatewayMachine } from './gateway/chart.js';
export * from './gateway/laws/abstraction.js';
export { GATEWAY_IGNORED, GATEWAY_INVARIANTS, type GatewayInvariant } from './gateway/laws/invariants.js';
export { type GatewayMove, type GatewaySeen, gatewayObserver } from './gateway/laws/observer.js';
export type { KeptDispatch, ReplayBuffer } from './gateway/replay-buffer.js';
export * from './gateway/vocabulary.js';
export type { Abstraction, Projection } from './kit/abstraction.js';
export { definitionOf } from './kit/definition.js';
export { gated, isCurrent, type Questions } from './kit/gate.js';
export {
  everyEventHasAPlace,
  type IgnoredRow,
  type Invariant,
  leadsTo,
  type Move,
  type Observer,
  type Place,
  TIMER_INVARIANTS,
  type World,
} from './kit/invariants.js';
export * from './kit/pure.js';
export * from './kit/rows.js';
export * from './kit/timers.js';
export * from './shard/laws/abstraction.js';
export * from './shard/laws/ignored.js';
export { SHARD_INVARIANTS } from './shard/laws/invariants/index.js';
export type { ShardInvariant } from './shard/laws/invariants/steps.js';
export { type ShardMove, type ShardSeen, shardObserver } from './shard/laws/observer.js';
export * from './voice/index.js';
