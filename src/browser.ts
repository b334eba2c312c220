/** gatechart on the standard WebSocket: browsers, Node 22 and later, Bun, Deno. */
import { webSocket } from '../adapters/web.js';
import { webInflate } from '../adapters/web-inflate.js';
import { shardsOn } from './shard/index.js';

export * from './public.js';

const shards = shardsOn({ socket: webSocket, inflate: webInflate });
export const createShard = shards.createShard;
export const createShardLogic = shards.createShardLogic;
