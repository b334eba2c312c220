/** The client's half of the specification: the shard chart, and what it and the Gateway speak. A bot loads no more. */
export type { CauseRow } from './kit/causes.js';
export { type Instruction, instructionsOf } from './kit/pure.js';
export * from './kit/state-names.js';
export * from './protocol/index.js';
export * from './shard/causes.js';
export { shardMachine } from './shard/chart.js';
export * from './shard/hosts.js';
export * from './shard/policy.js';
export * from './shard/sentences.js';
export { discreet, showing } from './shard/session-data.js';
export * from './shard/state-view.js';
export * from './shard/vocabulary.js';
