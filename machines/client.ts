/** The client's half of the specification: the shard chart, and what it and the Gateway speak. A bot loads no more. */
export * from './causes.js';
export * from './hosts.js';
export * from './policy.js';
export * from './protocol/index.js';
export { type Instruction, instructionsOf } from './pure.js';
export { discreet, showing } from './session.js';
export { shardMachine } from './shard.js';
export * from './shard-vocabulary.js';
export * from './state-names.js';
export * from './words.js';
