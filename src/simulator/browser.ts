/** The simulated Gateway for browsers: in memory only. */
export type {
  Configurable,
  ConnectionState,
  Control,
  FaultOptions,
  SessionState,
  SimulatorState,
  Target,
} from './control.js';
export { FAULTS, type FaultDetails, type FaultName, PLACES, type Place } from './faults.js';
export type { LogEntry, WireLog } from './log.js';
export { MALFORMED, type MalformedFrame, type MalformedKind } from './malformed.js';
export { createMemoryGateway, type MemoryGateway, type MemoryGatewayOptions } from './memory.js';
export type { ClientLimits, GatewayOptions } from './options.js';
