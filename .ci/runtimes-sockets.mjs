/** What .ci/runtimes.mjs runs on each runtime but Workers: both socket ports, against their contract. */
import process from 'node:process';
import { socketContract } from 'gatechart/testing';
import { webSocket } from 'gatechart/web';
import { ws } from 'gatechart/ws';

const { port, nowhere } = JSON.parse(process.argv[2]);
const ask = async (path, body) =>
  (
    await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { connection: 'close' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    })
  ).json();
const peer = {
  nowhere: `ws://127.0.0.1:${nowhere}/`,
  async play(script) {
    const { id } = await ask('/play', script);
    return { url: `ws://127.0.0.1:${port}/${id}`, ended: () => ask(`/ended/${id}`) };
  },
};

let cases = 0;
for (const [name, socket] of Object.entries({ ws: ws(), webSocket: webSocket() })) {
  for (const { name: what, run } of socketContract(() => ({ port: socket, peer }))) {
    await run().catch((error) => Promise.reject(new Error(`${name}: ${what}: ${error.message}`)));
    cases += 1;
  }
}
console.log(`${cases} cases`);
process.exit(); // in Node a standard WebSocket whose peer does not answer stays open after drop
