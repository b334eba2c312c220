/** gatechart: shards for Discord's Gateway, from its specification as statecharts. On Node, with `ws` and zlib. */
import { onExit } from '../adapters/exits.js';
import { type Fzstd, fzstdInflate } from '../adapters/fzstd.js';
import { sharedTraceFile } from '../adapters/trace-file.js';
import { ws } from '../adapters/ws.js';
import { zlibInflate } from '../adapters/zlib.js';
import { type ZlibSync, zlibSyncInflate } from '../adapters/zlib-sync.js';
import { loadInstalled } from './installed.js';
import { firstInflate } from './ports/first-inflate.js';
import { shardsOn } from './shard/index.js';

export { onSignals, type SignalOptions, type Stoppable } from '../adapters/signals.js';
export { type TraceFileOptions, traceFile } from '../adapters/trace-file.js';
export * from './public.js';

/** What is not needed may be installed all the same, and helps where Node itself cannot. */
const inflate = firstInflate([
  () => zlibInflate(),
  () => zlibSyncInflate(loadInstalled<ZlibSync>('zlib-sync')),
  () => fzstdInflate(loadInstalled<Fzstd>('fzstd')),
]);

/** As the inflate port, one for all. */
const socket = ws();

const shards = shardsOn({ socket: () => socket, inflate: () => inflate, openTrace: sharedTraceFile, onExit });
export const createShard = shards.createShard;
export const createShardLogic = shards.createShardLogic;
