/** gatechart: shards for Discord's Gateway, from its specification as statecharts. On Node, with `ws`. */
import { sharedTraceFile } from '../adapters/trace-file.js';
import { ws } from '../adapters/ws.js';
import { shardsOn } from './shard/index.js';

export { type TraceFileOptions, traceFile } from '../adapters/trace-file.js';
export * from '../machines/index.js';
export * from './host/index.js';
export * from './shard/index.js';

const shards = shardsOn(ws, sharedTraceFile);
export const createShard = shards.createShard;
export const createShardLogic = shards.createShardLogic;
