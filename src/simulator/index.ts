/** The Gateway's side, run from its chart: in memory on any clock, or as a real server on this machine, with faults on demand. */
export * from './browser.js';
export { type Simulator, type SimulatorOptions, startSimulator } from './server.js';
