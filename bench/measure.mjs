/** One client under one load, once. */
import { Peer } from './processes.mjs';

/** Between two heartbeats of the idle, and how long they are watched: each sends one, in ms. */
const IDLE_MS = 10_000;
/** When all connect at once, a client needs so long until it listens to each, in ms. */
const HELLO_MS = 1_000;
/** No heartbeat falls into a flood. */
const FLOOD_INTERVAL_MS = 600_000;
/** As many idle shards hold what is held once for all, and are taken off. */
const FEW = 10;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A flood of a load, with a Gateway that serves all clients and rounds. */
export class Flood {
  #load;
  #node;
  #settings;
  #gateway;
  #place;

  constructor(load, { node, count }) {
    this.#load = load;
    this.#node = node;
    const floods = [count, count]; // the first warms the code up
    this.#settings = { blend: load.blend, floods, hello: 20, interval: FLOOD_INTERVAL_MS, shards: 1 };
  }

  async start() {
    this.#gateway = new Peer('gateway.mjs', { node: this.#node, args: [JSON.stringify(this.#settings)] });
    this.#place = await this.#gateway.answer('url');
  }

  /** CPU and time per dispatch of the load in us, and the most memory that was resident in bytes. */
  async run(client) {
    const compress = this.#load.compress ?? null;
    const expected = await this.#gateway.ask('expect', { hears: client.hears });
    const env = { BENCH: JSON.stringify({ ...this.#place, shards: 1, compress, expected }) };
    const peer = new Peer(client.file, { node: this.#node, env });
    try {
      await peer.answer('ready');
      const kind = await this.#gateway.ask('prepare');
      if (kind !== (compress ?? 'plain')) throw new Error(`it asked for ${kind}`);
      const results = [];
      for (const index of expected.keys()) {
        await pause(100); // for what is left to do, such as compiling
        peer.order('count', { index });
        await peer.answer('counting');
        await this.#gateway.ask('flood', { index });
        results.push(await peer.answer('reached'));
      }
      const result = results.at(-1);
      if (!result.isRight)
        throw new Error('its last event was another than expected: it did not hear all, or too much');
      const count = this.#settings.floods.at(-1);
      return { cpu: result.cpu / count, time: (result.ms * 1000) / count, rss: result.rss };
    } finally {
      await peer.end();
    }
  }

  end() {
    return this.#gateway.end();
  }
}

/** Many shards in one process, with nothing to do but heartbeats. */
export class Idle {
  #load;
  #node;

  constructor(load, { node }) {
    this.#load = load;
    this.#node = node;
  }

  async start() {}
  async end() {}

  /** Heap and resident memory per shard in bytes, CPU until all are ready in us, and while idle in ms per s. */
  async run(client) {
    const few = await this.#weigh(client, FEW, false);
    const many = await this.#weigh(client, this.#load.shards, true);
    const per = (key) => (many[key] - few[key]) / (this.#load.shards - FEW);
    return {
      heap: per('heap'),
      external: per('external'),
      rss: per('rss'),
      idle: many.watched / IDLE_MS,
      starting: many.starting,
      ready: many.ready,
    };
  }

  async #weigh(client, shards, isWatched) {
    const settings = { blend: null, floods: [], hello: HELLO_MS, interval: IDLE_MS, shards };
    const gateway = new Peer('gateway.mjs', { node: this.#node, args: [JSON.stringify(settings)] });
    const place = await gateway.answer('url');
    const env = { BENCH: JSON.stringify({ ...place, shards, compress: null, expected: [] }) };
    const peer = new Peer(client.file, { node: this.#node, env, flags: ['--expose-gc'] });
    try {
      const { ready, starting } = await peer.answer('ready', 180_000);
      await pause(isWatched ? IDLE_MS : 1_000); // the first heartbeats come at random within an interval
      let watched = 0;
      if (isWatched) {
        peer.order('watch', { ms: IDLE_MS });
        ({ watched } = await peer.answer('watched', 2 * IDLE_MS));
      }
      peer.order('weigh');
      return { ...(await peer.answer('heap')), ready, starting, watched };
    } finally {
      await peer.end();
      await gateway.end();
    }
  }
}
