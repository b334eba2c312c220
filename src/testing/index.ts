/** Tools that explore charts and make tests of them. */
export * from './check.js';
export * from './contracts.js';
export * from './graph.js';
export * from './model.js';
export * from './paths.js';
export * from './run-paths.js';
export * from './timers.js';
