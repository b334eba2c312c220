/** The specification: charts, tables, causes and policies. Imports nothing that does I/O. */
export * from './abstraction.js';
export * from './client.js';
export { definitionOf } from './definition.js';
export { gated, isCurrent, type Questions } from './gate.js';
export { gatewayMachine } from './gateway.js';
export * from './gateway-abstraction.js';
export * from './gateway-causes.js';
export { GATEWAY_IGNORED, GATEWAY_INVARIANTS, type GatewayInvariant } from './gateway-invariants.js';
export { type GatewayMove, type GatewaySeen, gatewayObserver } from './gateway-observer.js';
export * from './gateway-vocabulary.js';
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
} from './invariants.js';
export * from './pure.js';
export type { KeptDispatch, ReplayBuffer } from './replay-buffer.js';
export * from './rows.js';
export * from './shard-ignored.js';
export { SHARD_INVARIANTS } from './shard-invariants/index.js';
export type { ShardInvariant } from './shard-invariants/steps.js';
export { type ShardMove, type ShardSeen, shardObserver } from './shard-observer.js';
export * from './timers.js';
export * from './voice/index.js';
