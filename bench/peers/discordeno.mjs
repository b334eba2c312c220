/** @discordeno/gateway: `preferSnakeCase`, which spares it to rename every key. */
import { createGatewayManager, TransportCompression } from '@discordeno/gateway';
import { meter } from '../meter.mjs';

const COMPRESSION = { 'zlib-stream': TransportCompression.zlib, 'zstd-stream': TransportCompression.zstd };

const { token, url, shards } = meter;
let readied = 0;
const gateway = createGatewayManager({
  token,
  intents: 513,
  totalShards: shards,
  connection: {
    url,
    shards,
    sessionStartLimit: { total: 100_000, remaining: 100_000, resetAfter: 86_400_000, maxConcurrency: shards },
  },
  preferSnakeCase: true,
  resharding: { enabled: false },
  transportCompression: COMPRESSION[meter.compress] ?? null,
  events: {
    message(_shard, { t, d }) {
      if (t !== 'READY') return meter.event(d);
      readied += 1;
      if (readied === shards) meter.ready();
    },
  },
});
await gateway.spawnShards();
