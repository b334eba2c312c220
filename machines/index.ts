/** The specification: charts, tables, causes and policies. Imports nothing that does I/O. */

// The client's side, the documented tables, and what holds the shard chart to account.

export * from './client.js';
export { shardAbstraction } from './shard/laws/abstraction.js';
export { SHARD_IGNORED } from './shard/laws/ignored.js';
export { SHARD_INVARIANTS } from './shard/laws/invariants/index.js';
export type { ShardInvariant } from './shard/laws/invariants/steps.js';
export { type ShardEdge, type ShardSeen, shardObserver } from './shard/laws/observer.js';

// The Gateway's side.

export {
  GATEWAY_CAUSES,
  type GatewayCause,
  type GatewayCauseName,
  type GatewayCauseRow,
  gatewaySentence,
} from './gateway/causes.js';
export { gatewayMachine } from './gateway/chart.js';
export { gatewayAbstraction } from './gateway/laws/abstraction.js';
export { GATEWAY_IGNORED, GATEWAY_INVARIANTS, type GatewayInvariant } from './gateway/laws/invariants.js';
export { type GatewayEdge, type GatewaySeen, gatewayObserver } from './gateway/laws/observer.js';
export type { KeptDispatch, ReplayBuffer } from './gateway/replay-buffer.js';
export {
  armGateway,
  type ClientEvent,
  DEFAULT_GATEWAY_SETTINGS,
  disarmGateway,
  GATEWAY_TIMERS,
  type GatewayContext,
  type GatewayEffects,
  type GatewayEvent,
  type GatewayFault,
  type GatewayInput,
  type GatewayOccurrence,
  type GatewaySession,
  type GatewaySettings,
  type GatewayTimer,
  gatewayContext,
  gatewaySetup,
  type IdentifyFacts,
  type ReceivedCommand,
  raiseAgain,
  reporting,
} from './gateway/vocabulary.js';

// Any chart of this form: how it runs, what can be read from it, and what must hold of it.

export type { Abstraction, Projection } from './kit/abstraction.js';
export { definitionOf } from './kit/definition.js';
export { gated, isCurrent, type Questions } from './kit/gate.js';
export {
  type EdgeView,
  everyEventHasAPlace,
  type GraphView,
  type IgnoredRow,
  type Invariant,
  leadsTo,
  type NodeView,
  type Observer,
  TIMER_INVARIANTS,
} from './kit/invariants.js';
export { type Pure, pure, type Step } from './kit/pure.js';
export { rowId, rowsFrom, stateNodesOf } from './kit/rows.js';
export { armedAfter, firedFrom, timerOf } from './kit/timers.js';

// The tables of the voice Gateway, the server that a call runs on: data alone, there is no chart for them.

export {
  type KnownVoiceCloseCode,
  VOICE_CLOSE_CODES,
  type VoiceCloseCode,
  voiceCloseCode,
} from './voice/close-codes.js';
export { isVoiceOpcode, VOICE_OPCODES, VoiceOpcode, type VoiceOpcodeRow } from './voice/opcodes.js';
export { VOICE_VERSIONS, type VoiceGatewayVersion, type VoiceVersion } from './voice/versions.js';
