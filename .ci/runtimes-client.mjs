/**
 * What .ci/runtimes.mjs runs on each runtime but Workers: a shard on its own choice of socket or on the standard one, plain
 * or compressed; and with compression what the runtime has built in to decompress, against its contract.
 */
import process from 'node:process';
import { createShard } from 'gatechart';
import { inflateContract } from 'gatechart/testing';
import { webSocket } from 'gatechart/web';
import { zlibInflate } from 'gatechart/zlib';
import { run } from './runtimes-run.mjs';

const { isStandard, ...settings } = JSON.parse(process.argv[2]);
console.log(await run(createShard, { ...settings, ...(isStandard && { socket: webSocket() }) }));

if (settings.compress) {
  for (const compression of ['zlib-stream', 'zstd-stream', 'payload']) {
    const cases = inflateContract(() => ({ port: zlibInflate(), compression }));
    for (const { name, run } of cases) {
      await run().catch((error) => Promise.reject(new Error(`${compression}: ${name}: ${error.message}`)));
    }
  }
}
