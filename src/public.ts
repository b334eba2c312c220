/** What `gatechart` exports on every platform: what the author of a bot needs. Charts and tables: `gatechart/machines`. */

// Shards: what `createShard` and `createShardLogic` of the platform's entry take and give.

export type { Dispatch, DispatchHead, RawMessage } from './host/audience.js';
export type { ShardSnapshot } from './host/tap.js';
export type { IdentifiesLeft } from './limits/identify-bucket.js';
export type { Storm } from './limits/identify-storm.js';
export type { BacklogNews, Overflow } from './shard/backlog.js';
export type { UserCommand, UserCommandData } from './shard/commands.js';
export type { Health, HealthStatus } from './shard/health.js';
export type { Latency } from './shard/latency.js';
export type { ShardEmitted, ShardLogic } from './shard/logic.js';
export type { ShardNews, ShardTransition } from './shard/news.js';
export type { CommonOptions, ShardLogicOptions, ShardOptions } from './shard/options.js';
export type { SendOutcome } from './shard/outbox.js';
export type {
  ChannelInfo,
  GuildMembers,
  GuildMembersChunk,
  MembersWanted,
  SoundboardSounds,
} from './shard/questions.js';
export type { QueueOptions, QueuePolicy } from './shard/queue.js';
export type { GatewayRequest, RequestOptions } from './shard/requests.js';
export type { SendBudget, SendOptions } from './shard/sending.js';
export type { DispatchInfo, Shard, ShardListener, ShardListenerArguments, TypedDispatch } from './shard/shard.js';
export type { Deliverable, EventNames, IntentList, WantedOptions } from './shard/wanted.js';
export type { Traffic } from './wire/decoder.js';

// Dispatches and the intents that they need, commands, and the Gateway URL.

export {
  ALL_INTENTS,
  type CommandOpcode,
  type Commands,
  type DispatchEventName,
  type DispatchEvents,
  type EventsAhead,
  type EventsOf,
  type EventsUnder,
  explainIntents,
  type FieldsAhead,
  type GatewayCompression,
  type GatewayEncoding,
  type GatewayUrlOptions,
  type GatewayVersion,
  type GuildJoinRequestData,
  type GuildJoinRequestDeleteData,
  type GuildScheduledEventExceptionData,
  type IdentifyData,
  type Intent,
  type IntentName,
  type IntentReport,
  Intents,
  type IntentsOf,
  intentBits,
  intentNames,
  intentsFor,
  isDispatchEvent,
  Opcode,
  PRIVILEGED_INTENTS,
  type PresenceData,
  type ShardId,
  shardIdOf,
  shardLane,
  shardRange,
  type TrustOptions,
  UNPRIVILEGED_INTENTS,
  undeliverable,
  type WantedEvent,
} from '../machines/client.js';
export type * from '../machines/protocol/payloads.js'; // those of discord-api-types, as a whole

// What the chart says, and what it is told: states, causes, events, policy.

export {
  type Answer,
  type Backlog,
  CAUSES,
  type Cause,
  type CauseName,
  type CauseRow,
  type CloseCode,
  closeCode,
  DEFAULT_POLICY,
  type Frame,
  type Order,
  type Policy,
  type PolicyOptions,
  type Session,
  type ShardCauseRow,
  type ShardContext,
  type ShardEvent,
  type ShardTag,
  type SignOfLife,
  type Span,
  type StateInWords,
  type StateView,
  sentence,
  stateInWords,
  stateName,
  stateView,
  type Timer,
  type Wait,
} from '../machines/client.js';

// Errors.

export { InvalidGatewayUrlError, InvalidIntentsError } from '../machines/client.js';
export { LocateError } from './ports/locator.js';
export {
  type AnyGatewayError,
  BufferOverflowError,
  CommandRejectedError,
  type CommandRejection,
  GatewayClosedError,
  GatewayError,
  IdentifyRefusedError,
  InternalError,
  LocalProtocolError,
  RequestError,
  type RequestFailure,
  type ShardFailure,
  StoppedError,
  UnauthorizedError,
} from './shard/errors.js';

// Ports, and those that are shipped for any platform.

export { type MemoryPermitsOptions, memoryPermits } from './limits/memory-permits.js';
export { type SendLimiterOptions, sendLimiter } from './limits/send-limiter.js';
export { type RestLocatorOptions, restLocator } from './locating/rest-locator.js';
export {
  type ClockPort,
  passTime,
  type RealClock,
  realClock,
  type SimulatedClock,
  simulatedClock,
} from './ports/clock.js';
export { fixedLocator } from './ports/fixed-locator.js';
export type { Compression, InflateCallbacks, InflateOptions, InflatePort, Inflater } from './ports/inflate.js';
export type { BudgetLeft, LimiterPort, OutgoingPayload, SendLane, SendLimiter } from './ports/limiter.js';
export type { GatewayInfo, LocatorPort, SessionStartLimit } from './ports/locator.js';
export { memorySessions } from './ports/memory-sessions.js';
export { memoryStore } from './ports/memory-store.js';
export type { PastIdentify, Permit, PermitPort, PermitRequest } from './ports/permit.js';
export { type RandomPort, seededRandom, systemRandom } from './ports/random.js';
export type { KeptIdentifies, KeptSession, SessionsPort } from './ports/sessions.js';
export type { Socket, SocketCallbacks, SocketEnd, SocketOptions, SocketPort } from './ports/socket.js';
export type { ResumeRecord, StorePort, WireParameters } from './ports/store.js';
export type { RecordOptions, TraceSink, TraceTarget } from './ports/trace-sink.js';
export { USER_AGENT } from './ports/user-agent.js';
