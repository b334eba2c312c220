/** Tools that explore charts and make tests of them. */
export * from './contracts.js';
export * from './graph.js';
export * from './paths.js';
export * from './timers.js';
