/** What .ci/runtimes.mjs runs on Cloudflare Workers, as the test of a Worker. */
import { createShard } from 'gatechart';
import { run } from './runtimes-run.mjs';

export default {
  async test(_controller, { settings }) {
    console.log(await run(createShard, settings));
  },
};
