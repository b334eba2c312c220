/** gatechart's own shard under the conformance kit: `gatechart conform -- node examples/conformance/gatechart.mjs`. */
import { createInterface } from 'node:readline';
import { beginShard } from './shard.mjs';

const { shard, obey } = beginShard(process.env, { print: console.log, complain: console.error });
shard.on('failed', () => {
  process.exitCode = 1;
});

const orders = createInterface({ input: process.stdin });
orders.on('line', (line) => obey(JSON.parse(line)));
process.once('SIGTERM', () => {
  orders.close(); // or it would wait for more
  shard.stop();
});
