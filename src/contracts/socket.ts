import { type ContractCase, cases } from './contract.js';
import { CLOSING } from './socket/closing.js';
import { DROPPING } from './socket/dropping.js';
import { MESSAGES } from './socket/messages.js';
import { OPENING } from './socket/opening.js';
import type { SocketContractOptions } from './socket/watch.js';

export type { SocketContractOptions };

/** What every implementation of `SocketPort` must do. */
export function socketContract(make: () => SocketContractOptions | Promise<SocketContractOptions>): ContractCase[] {
  return cases(make, { ...OPENING, ...MESSAGES, ...CLOSING, ...DROPPING });
}
