/** The client's half of the specification: the shard chart, and what it and the Gateway speak. A bot loads no more. */

// The shard chart: what it takes and does, why, and what it is set to.

export { CAUSES, type Cause, type CauseName, type ShardCauseRow } from './shard/causes.js';
export { shardMachine } from './shard/chart.js';
export { DEFAULT_POLICY, type Policy, type PolicyOptions, policyFrom, type Span } from './shard/policy.js';
export { sentence, waitInWords } from './shard/sentences.js';
export type { Session } from './shard/session-data.js';
export {
  isReadyIn,
  STATE_WORDS,
  type StateInWords,
  type StateView,
  stateInWords,
  stateView,
} from './shard/state-view.js';
export {
  type Answer,
  type Backlog,
  closeCodeUnder,
  type DelayArguments,
  drawDelays,
  type Frame,
  type Order,
  type ShardAction,
  type ShardContext,
  type ShardEffects,
  type ShardEvent,
  type ShardInput,
  type ShardTag,
  type SignOfLife,
  SPANS,
  shardContext,
  TIMERS,
  type Timer,
  type Wait,
} from './shard/vocabulary.js';

// Its hosts, in an actor or around its pure form.

export { spanInWords } from './kit/durations.js';
export { type Instruction, instructionsOf } from './kit/pure.js';
export { stateName, stateParts } from './kit/state-names.js';
export { actionsOf, carryingOut, type PureShardHost, SHARD_EFFECTS, type ShardHost } from './shard/hosts.js';

// Other charts in its vocabulary.

export type { CauseRow } from './kit/causes.js';
export {
  arm,
  because,
  disarm,
  lifeSign,
  onTraffic,
  sendHeartbeat,
  shardSetup,
  type TrafficRow,
  waitFor,
} from './shard/vocabulary.js';

// The documented tables, and the types of payloads.

export {
  EVENTS_AHEAD,
  type EventsAhead,
  type FieldsAhead,
  type GuildJoinRequestData,
  type GuildJoinRequestDeleteData,
  type GuildScheduledEventExceptionData,
} from './protocol/ahead.js';
export {
  CLIENT_CLOSE_CODES,
  CLOSE_CODES,
  type ClientCloseCode,
  type CloseCode,
  clientCloseCode,
  closeCode,
  type KnownCloseCode,
} from './protocol/close-codes.js';
export {
  COMMANDS,
  type Command,
  type CommandOpcode,
  type Commands,
  type Field,
  type FieldType,
  type IdentifyData,
  type PresenceData,
} from './protocol/commands.js';
export { CONDITIONS, type Condition, conditionOf } from './protocol/conditions.js';
export {
  DISPATCH_EVENTS,
  type DispatchEventName,
  type DispatchEvents,
  EVENTS,
  EVENTS_WITHOUT_INTENT,
  type EventRow,
  isDispatchEvent,
  isDispatchName,
} from './protocol/events.js';
export {
  ALL_INTENTS,
  INTENT_NAMES,
  INTENTS,
  type Intent,
  type IntentName,
  Intents,
  InvalidIntentsError,
  intentBits,
  intentNames,
  PRIVILEGED_INTENTS,
  UNPRIVILEGED_INTENTS,
} from './protocol/intents.js';
export { identifiesPerDay, LIMITS } from './protocol/limits.js';
export { isOpcode, OPCODES, Opcode, type OpcodeRow, type ReceivedOpcode } from './protocol/opcodes.js';
export type * from './protocol/payloads.js'; // those of discord-api-types, as a whole
export { type ShardId, shardIdOf, shardLane, shardRange } from './protocol/sharding.js';

// What follows from the tables: the Gateway URL, the intents that events need, commands that are refused.

export { problemOfArrived, problemOfCommand } from './protocol/check-command.js';
export {
  API_VERSIONS,
  COMPRESSIONS,
  checkAllowHosts,
  ENCODINGS,
  type GatewayCompression,
  type GatewayEncoding,
  type GatewayUrlOptions,
  type GatewayVersion,
  gatewayUrl,
  InvalidGatewayUrlError,
  isTrustedHost,
  type ParsedGatewayUrl,
  parseGatewayUrl,
  type TrustOptions,
  trustedResumeUrl,
} from './protocol/url.js';
export {
  type EventsOf,
  type EventsUnder,
  explainIntents,
  type IntentReport,
  type IntentsOf,
  intentsFor,
  undeliverable,
  type WantedEvent,
} from './protocol/wanted.js';
