import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type StateView, stateView } from '../../../machines/index.js';
import { createShard } from '../../index.js';
import { memoryPermits } from '../../limits/memory-permits.js';
import { seededRandom } from '../../ports/random.js';
import type { Shard, ShardOptions } from '../../shard/index.js';
import { Ledger } from '../live/ledger.js';
import { drawLoss, type LossName } from '../live/losses.js';
import { MissedError, until } from '../live/stage.js';
import { type Io, sleep } from '../terminal/io.js';
import type { SoakGatewayData, SoakOrder, SoakReport } from './gateway.js';

/** What has happened so far. */
export interface SoakCounts {
  disconnects: number;
  sessions: number;
  received: number;
  replayed: number;
  lost: number;
  unexpected: number;
  readonly losses: Map<LossName, { times: number; ms: number }>;
}

const GATEWAY: Omit<SoakGatewayData, 'seed'> = { heartbeatInterval: 600, dispatchesPerSecond: 300 };

/** As short as real sockets allow, so that a thousand disconnects take minutes. */
const POLICY = {
  deadlines: { open: 2000, hello: 200, ready: 5000, resumed: 2000, close: 100, silence: 50 },
  waits: {
    quick: [0, 20],
    backoff: { base: 20, factor: 2, cap: 80 },
    invalidSession: [0, 40],
    cooldown: [0, 40],
  },
  resumeBudget: 10,
  stability: 0.02,
} as const;

/** How long a connection holds before the next loss, at most, in ms. */
const CALM_MS = 40;
const PATIENCE_MS = 20_000;
/** Where the session is once it is past the loss before it. */
const LASTS: readonly StateView['session'][] = ['ready.unproven', 'ready.settled'];

/** A shard, the Gateway in its thread, and what the one sent held against what the other received. */
export class Soak {
  readonly counts: SoakCounts = {
    disconnects: 0,
    sessions: 0,
    received: 0,
    replayed: 0,
    lost: 0,
    unexpected: 0,
    losses: new Map(),
  };
  readonly #io: Io;
  readonly #seed: number;
  readonly #recording: Pick<ShardOptions, 'record'>;
  readonly #random;
  readonly #ledger = new Ledger();
  #gateway: Worker | null = null;
  #exited: Promise<unknown> = Promise.resolve();
  #shard: Shard | null = null;
  #session = '';
  #ended = new Set<string>();
  #quiet = false;

  constructor(seed: number, io: Io, recording: Pick<ShardOptions, 'record'> = {}) {
    this.#io = io;
    this.#recording = recording;
    this.#seed = seed;
    this.#random = seededRandom(seed);
  }

  /** Starts the Gateway, then the shard. */
  async start(): Promise<void> {
    const workerData: SoakGatewayData = { ...GATEWAY, seed: this.#seed + 1 };
    const gateway = new Worker(new URL('./gateway.js', import.meta.url), { workerData });
    this.#gateway = gateway;
    this.#exited = new Promise((resolve) => gateway.once('exit', resolve));
    const [first]: [SoakReport] = (await once(gateway, 'message')) as [SoakReport];
    if (first.type !== 'listening') throw new Error(`the Gateway began with ${first.type}`);
    gateway.on('message', (report: SoakReport) => this.#hear(report));
    const shard = createShard({
      token: 'simulated',
      intents: ['GUILDS', 'GUILD_MESSAGES'],
      restUrl: first.restUrl,
      policy: POLICY,
      permits: memoryPermits({ spacing: 0 }),
      random: seededRandom(this.#seed + 2),
      ...this.#recording,
    });
    this.#shard = shard;
    this.#listen(shard);
    shard.on('failed', () => {}); // whether it is ready is looked at all the time
    shard.start().catch(() => {});
    await this.#until('the first READY', () => shard.isReady);
  }

  /** Makes the shard lose its connection in some way, and waits until it is back. */
  async disconnect(): Promise<void> {
    const { counts } = this;
    const loss = drawLoss(this.#random);
    await this.#until('a connection that holds', () => LASTS.includes(stateView(this.#shard?.state ?? '').session));
    await sleep(this.#random() * CALM_MS, this.#io.signal);
    const before = counts.disconnects;
    const began = performance.now();
    this.#order({ type: 'strike', loss });
    await this.#until(`a disconnect (${loss})`, () => counts.disconnects > before);
    await this.#until(`coming back (${loss})`, () => this.#shard?.isReady === true);
    const row = counts.losses.get(loss) ?? { times: 0, ms: 0 };
    counts.losses.set(loss, { times: row.times + 1, ms: row.ms + performance.now() - began });
  }

  /** Ends the dispatches, waits until all have arrived, and closes the last account. */
  async settle(): Promise<void> {
    this.#order({ type: 'quiet' });
    const until = performance.now() + PATIENCE_MS;
    while (!(this.#quiet && this.#ledger.isSettled(this.#session)) && performance.now() < until) {
      await sleep(20, this.#io.signal);
    }
    for (const session of [...this.#ended, this.#session]) this.#close(session);
    if (!this.#quiet) throw new MissedError('the Gateway did not fall silent');
  }

  /** Ends everything. */
  async end(): Promise<void> {
    await this.#shard?.stop();
    this.#order({ type: 'end' });
    await this.#exited;
  }

  #listen(shard: Shard): void {
    const { counts } = this;
    shard.on('READY', ({ session_id }) => {
      this.#session = session_id;
      counts.sessions += 1;
      this.#closeEnded();
    });
    shard.on('dispatch', ({ name, sequence, replayed }) => {
      if (name === 'READY' || name === 'RESUMED') return;
      counts.received += 1;
      if (replayed) counts.replayed += 1;
      if (sequence !== null) this.#ledger.received(this.#session, sequence);
    });
    shard.on('transition', ({ from, to }) => {
      // So many sessions end in so short a time that the shard would wait for its next identify: an order does not.
      const [before, after] = [stateView(from), stateView(to)];
      if (after.run === 'running.waiting' && shard.health().cause.name === 'permitDelayed') shard.reconnect();
      if (before.session !== null && after.session === null) counts.disconnects += 1;
    });
  }

  #hear(report: SoakReport): void {
    if (report.type === 'sent') this.#ledger.sent(report.session, report.sequences);
    if (report.type === 'quiet') this.#quiet = true;
    if (report.type !== 'ended') return;
    this.#ended.add(report.session);
    this.#closeEnded();
  }

  /** A session is over once both sides say so: the Gateway that it ended, the shard by having another. */
  #closeEnded(): void {
    for (const session of this.#ended) if (session !== this.#session) this.#close(session);
  }

  #close(session: string): void {
    const { lost, unexpected } = this.#ledger.close(session);
    this.#ended.delete(session);
    this.counts.lost += lost;
    this.counts.unexpected += unexpected;
  }

  #until(what: string, holds: () => boolean): Promise<void> {
    if (this.#shard === null) throw new Error('not started');
    return until(this.#shard, this.#io, what, holds, PATIENCE_MS);
  }

  #order(order: SoakOrder): void {
    this.#gateway?.postMessage(order);
  }
}
