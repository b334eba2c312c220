/** A suite for each port: what every implementation must do. Needs no test framework and runs in browsers. */
export { type ContractCase, ContractError } from './contracts/contract.js';
export type {
  PeerConnection,
  PeerFrame,
  PeerMessage,
  PeerRecord,
  PeerStep,
  SocketPeer,
} from './contracts/peer.js';
export { type SocketContractOptions, socketContract } from './contracts/socket.js';
