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
export {
  type DetailRow,
  FAULT_DETAILS,
  FAULTS,
  type FaultDetails,
  type FaultName,
  type FaultRow,
  faultTakes,
  PLACES,
  type Place,
} from './faults.js';
export { LOG_KINDS, type LogEntry, type LogKind, type WireLog } from './log.js';
export { MALFORMED, type MalformedFrame, type MalformedKind } from './malformed.js';
export { createMemoryGateway, type MemoryGateway, type MemoryGatewayOptions } from './memory.js';
export type { ClientLimits, GatewayOptions } from './options.js';
export type { ReadyFacts } from './payloads.js';
export { EXAMPLE_TOKEN } from './world.js';
