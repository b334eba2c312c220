/**
 * The ports of the host: all that a shard needs from the world. Each is small, each has a contract suite in
 * `gatechart/testing`, and each may be replaced.
 */
export type { ClockPort } from './clock.js';
export type { Compression, InflateCallbacks, InflateOptions, InflatePort, Inflater } from './inflate.js';
export type { BudgetLeft, LimiterPort, OutgoingPayload, SendLane, SendLimiter } from './limiter.js';
export { type GatewayInfo, LocateError, type LocatorPort, type SessionStartLimit } from './locator.js';
export { type PastIdentify, PERMIT_LIFE_MS, type Permit, type PermitPort, type PermitRequest } from './permit.js';
export type { RandomPort } from './random.js';
export type { KeptIdentifies, KeptSession, SessionsPort } from './sessions.js';
export type { Socket, SocketCallbacks, SocketEnd, SocketOptions, SocketPort } from './socket.js';
export type { ResumeRecord, StorePort, WireParameters } from './store.js';
export type { TraceSink } from './trace-sink.js';
export { USER_AGENT } from './user-agent.js';
