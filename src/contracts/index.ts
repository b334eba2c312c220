/** A suite for each port: what every implementation must do. Needs no test framework and runs in browsers. */
export { type ClockContractOptions, clockContract } from './clock.js';
export { type ContractCase, ContractError } from './contract.js';
export { type InflateContractOptions, inflateContract } from './inflate.js';
export { limiterContract } from './limiter.js';
export { type LocatorSituation, locatorContract, type MakeLocator } from './locator.js';
export type {
  PeerConnection,
  PeerFrame,
  PeerMessage,
  PeerRecord,
  PeerStep,
  SocketPeer,
} from './peer.js';
export { type MakePermits, type PermitContractOptions, permitContract } from './permit.js';
export { randomContract } from './random.js';
export { type SessionsContractOptions, sessionsContract } from './sessions.js';
export { type SocketContractOptions, socketContract } from './socket.js';
export { type StoreContractOptions, storeContract } from './store.js';
export { type TraceSinkContractOptions, traceSinkContract } from './trace-sink.js';
