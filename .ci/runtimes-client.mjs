/**
 * What .ci/runtimes.mjs runs on each runtime: a shard on the standard WebSocket that gets ready, resumes and stops, plain
 * or compressed; and what the runtime has built in to decompress, against its contract.
 */
import process from 'node:process';
import { createShard } from 'gatechart';
import { inflateContract } from 'gatechart/testing';
import { webSocket } from 'gatechart/web';
import { zlibInflate } from 'gatechart/zlib';

const [url, controlUrl, compress = false] = process.argv.slice(2);
const order = (name, body) =>
  fetch(`${controlUrl}/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify(body),
  }).then((response) => response.text());
const began = performance.now();
const since = () => `${Math.round(performance.now() - began)} ms`;

const shard = createShard({ token: 'token', intents: ['GUILDS'], url, compress, socket: webSocket() });
const got = [];
const resumed = new Promise((resolve) => shard.once('RESUMED', resolve));
shard.on('dispatch', ({ name, sequence }) => got.push(`${sequence} ${name}`));

await shard.start();
const ready = since();
await order('requestReconnect', {});
await order('dispatch', { name: 'MESSAGE_CREATE', data: { content: 'hello' } });
await resumed;
const back = since();
const message = new Promise((resolve) => shard.once('MESSAGE_CREATE', resolve));
await order('dispatch', { name: 'MESSAGE_CREATE', data: { content: 'hello again' } });
await message;
await shard.stop();

const numbers = got.map((entry) => Number.parseInt(entry, 10));
if (numbers.some((number, n) => number !== n + 1)) throw new Error(`lost or repeated: ${got.join(', ')}`);

if (compress !== false) {
  for (const compression of ['zlib-stream', 'zstd-stream', 'payload']) {
    const cases = inflateContract(() => ({ port: zlibInflate(), compression }));
    for (const { name, run } of cases) {
      await run().catch((error) => Promise.reject(new Error(`${compression}: ${name}: ${error.message}`)));
    }
  }
}
console.log(`ready after ${ready}, resumed after ${back}, stopped after ${since()}`);
