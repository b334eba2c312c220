/** Tools that explore charts and make tests of them. */
export * from './batch.js';
export * from './check.js';
export * from './contracts.js';
export * from './graph.js';
export * from './model.js';
export * from './mutants.js';
export * from './path-diagram.js';
export * from './paths.js';
export { AbstractionError } from './play.js';
export * from './product.js';
export * from './run-paths.js';
export * from './stimuli.js';
export * from './timers.js';
export * from './variant.js';
export * from './vectors.js';
export * from './walk.js';
