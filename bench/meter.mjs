/**
 * What every client of the benchmarks is given: where the Gateway is, and somebody to tell of each event. It measures
 * the process that it is in, and talks to run.mjs over IPC.
 */

/** @type {{ url: string, rest: string, shards: number, compress: string | null, expected: { count: number, last: string }[] }} */
const { url, rest, shards, compress, expected } = JSON.parse(process.env.BENCH ?? '{}');

const begun = performance.now();
let left = Infinity;
let flood = -1;
let cpu = process.cpuUsage();
let time = 0;

export const meter = {
  url,
  rest,
  token: 'MTAwMDAwMDAwMDAwMDAwMDAwMQ.bench.bench',
  /** How many shards to run. */
  shards,
  /** `zlib-stream`, `zstd-stream` or null. */
  compress,

  /** To be called once: every shard is ready. */
  ready() {
    const { user, system } = process.cpuUsage();
    tell({ ready: performance.now() - begun, starting: user + system });
  },

  /** To be called with the data of every event, parsed or as bytes. */
  event(data) {
    left -= 1;
    if (left === 0) reached(data);
  },
};

/** The last event of a flood, which has to be the right one. */
function reached(data) {
  const used = process.cpuUsage(cpu);
  const ms = performance.now() - time;
  const { last } = expected[flood];
  const text = data instanceof Uint8Array ? Buffer.from(data).toString() : JSON.stringify(data ?? null);
  tell({
    reached: flood,
    cpu: used.user + used.system,
    ms,
    rss: process.resourceUsage().maxRSS * 1024,
    isRight: text.includes(last),
  });
}

const ORDERS = {
  /** Counts from now on, until as many events came as are expected of this flood. */
  count({ index }) {
    flood = index;
    left = expected[index].count;
    cpu = process.cpuUsage();
    time = performance.now();
  },
  /** What the process holds now. */
  weigh() {
    for (let i = 0; i < 4; i += 1) globalThis.gc(); // run with --expose-gc
    const { heapUsed, external, rss } = process.memoryUsage();
    tell({ heap: heapUsed, external, rss });
  },
  /** What CPU it uses in so many ms. */
  watch({ ms }) {
    const before = process.cpuUsage();
    setTimeout(() => {
      const { user, system } = process.cpuUsage(before);
      tell({ watched: user + system });
    }, ms);
  },
  exit: () => process.exit(),
};

const tell = (message) => process.send?.(message);

process.on('message', (message) => {
  ORDERS[message.order](message);
  if (message.order === 'count') tell({ counting: message.index });
});
process.on('disconnect', () => process.exit());
