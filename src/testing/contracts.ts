/** A suite for each port: what every implementation must do. Needs no test framework and runs in browsers. */
export { type ClockContractOptions, clockContract } from './contracts/clock.js';
export { type ContractCase, ContractError } from './contracts/contract.js';
export { type InflateContractOptions, inflateContract } from './contracts/inflate.js';
export { type LocatorSituation, locatorContract, type MakeLocator } from './contracts/locator.js';
export type {
  PeerConnection,
  PeerFrame,
  PeerMessage,
  PeerRecord,
  PeerStep,
  SocketPeer,
} from './contracts/peer.js';
export { type MakePermits, type PermitContractOptions, permitContract } from './contracts/permit.js';
export { randomContract } from './contracts/random.js';
export { type SocketContractOptions, socketContract } from './contracts/socket.js';
export { type StoreContractOptions, storeContract } from './contracts/store.js';
export { type TraceSinkContractOptions, traceSinkContract } from './contracts/trace-sink.js';
