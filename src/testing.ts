/** Tools that explore charts and make tests of them. */

export * from './contracts/index.js';
export * from './exploring/batch.js';
export * from './exploring/check.js';
export * from './exploring/graph.js';
export * from './exploring/model.js';
export * from './exploring/mutants.js';
export * from './exploring/path-diagram.js';
export * from './exploring/paths.js';
export { AbstractionError } from './exploring/play.js';
export * from './exploring/run-paths.js';
export * from './exploring/stimuli.js';
export * from './exploring/timers.js';
export * from './exploring/variant.js';
export * from './exploring/vectors.js';
export * from './exploring/walk.js';
export * from './product/product.js';
