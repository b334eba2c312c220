/** The Gateway's side, run from its chart: in memory on any clock, or as a real server on this machine, with faults on demand. */
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
export { type Simulator, type SimulatorOptions, startSimulator } from './server.js';
