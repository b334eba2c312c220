/**
 * A shard whose Gateway sends anything. Whatever comes, the shard delivers it, reports it, or reconnects; it never
 * breaks, never hangs and never falls silent, and what comes before the first wrong byte it delivers.
 */

import { createShard } from '../../src/index.js';
import { simulatedClock } from '../../src/ports/clock.js';
import type { SocketCallbacks, SocketPort } from '../../src/ports/index.js';
import { seededRandom } from '../../src/ports/random.js';
import { decodeEtf } from '../../src/wire/etf/index.js';
import { type Conversation, conversations, type Frame, type Speech } from './corpus.js';
import { mangle } from './mangle.js';
import { KEY, TOKEN, Watch } from './watch.js';

/** What came of frames. */
export interface Outcomes {
  frames: number;
  connections: number;
  /** Dispatches handed on. */
  delivered: number;
  /** Frames that were reported and left. */
  reported: number;
  /** Connections left because of what came. */
  left: number;
  /** The longest that one frame took, in ms. */
  slowest: number;
}

/** Frames without any sign of life after which a shard counts as deaf: a message may have been cut in as many parts. */
const MOST_SILENT = 12;

/**
 * Sends so many frames to one shard, or throws what is wrong with it. One that is watched records all that it hears, and
 * is inspected: nothing that it writes may hold a secret, and its trace has to replay.
 */
export async function fuzz(
  speech: Speech,
  frames: number,
  seed: number,
  { isWatched = false } = {},
): Promise<Outcomes> {
  const corpus = await conversations(speech, isWatched ? 15 : 30, seed);
  const fuzzer = new Fuzzer(speech, corpus, seed, isWatched ? new Watch() : null);
  await fuzzer.run(frames);
  return fuzzer.outcomes;
}

class Fuzzer {
  readonly outcomes: Outcomes = { frames: 0, connections: 0, delivered: 0, reported: 0, left: 0, slowest: 0 };
  readonly #random;
  readonly #clock = simulatedClock();
  readonly #got: number[] = [];
  /** Grows with everything that the shard lets be seen. */
  #signs = 0;
  /** The highest number handed on in the session. */
  #highest = 0;
  #callbacks: SocketCallbacks | null = null;
  #isClosing = false;
  #sent: number[] = [];

  constructor(
    private readonly speech: Speech,
    private readonly corpus: { readonly fresh: readonly Conversation[]; readonly resumed: readonly Conversation[] },
    seed: number,
    private readonly watch: Watch | null,
  ) {
    this.#random = seededRandom(seed);
  }

  async run(frames: number): Promise<void> {
    const shard = createShard({
      token: TOKEN,
      intents: ['GUILDS'],
      url: `wss://gateway.discord.gg/?key=${KEY}`,
      random: () => 0.5,
      clock: this.#clock,
      permits: { request: async () => ({ granted: true, settle: () => {} }), update: () => {} },
      socket: this.#socket(),
      encoding: this.speech.encoding,
      compress: this.speech.compress,
      ...this.watch?.options,
    });
    this.watch?.see(shard);
    shard.on('dispatch', ({ name, sequence }) => {
      this.#signs += 1;
      this.outcomes.delivered += 1;
      if (sequence === null) return;
      this.#got.push(sequence);
      this.#highest = name === 'READY' ? sequence : Math.max(this.#highest, sequence);
    });
    shard.on('notice', () => {
      this.#signs += 1;
      this.outcomes.reported += 1;
    });
    shard.on('transition', ({ to }) => {
      this.#signs += 1;
      if (to.includes('closing')) this.outcomes.left += 1;
    });
    shard.start().catch(() => {});
    for (let next = 100_000; this.outcomes.frames < frames; ) {
      if (shard.health().identifies.left === 0) shard.reconnect(); // else it would wait for the next identify
      await this.#connection();
      if (shard.state === 'failed' || shard.state === 'stopped') throw new Error(`the shard is ${shard.state}`);
      if (this.outcomes.frames < next) continue;
      next += 100_000;
    }
    const stopped = shard.stop();
    await this.#settle();
    this.#advance();
    await stopped;
    if (this.#clock.next !== undefined) throw new Error('a timer is left');
    this.watch?.end();
  }

  /** One connection, from its opening to its end. */
  async #connection(): Promise<void> {
    for (let tries = 0; this.#callbacks === null; tries++) {
      if (tries > 100) throw new Error('the shard does not come back');
      this.#advance();
      await this.#settle();
    }
    const callbacks = this.#callbacks;
    const isOpen = () => this.#callbacks === callbacks && !this.#isClosing;
    this.#isClosing = false;
    this.outcomes.connections += 1;
    this.#sent = [];
    this.#got.length = 0;
    callbacks.opened();
    const which = Math.floor(this.#random() * this.corpus.fresh.length);
    const fresh = this.corpus.fresh[which] as Conversation;
    const hello = fresh.frames[0] as Frame;
    callbacks.message(Uint8Array.from(hello.data), hello.isBinary);
    await this.#settle();
    const { frames } = this.#sent.includes(6) ? (this.corpus.resumed[which] as Conversation) : fresh;
    const expected: number[] = [];
    let isIntact = true;
    let silent = 0;
    const isHonest = this.watch !== null && this.#random() < 0.5;
    this.watch?.begin(isHonest);
    for (const frame of frames.slice(1)) {
      const mangled = isHonest
        ? { frames: [frame], isIntact: true }
        : mangle(frame, this.#random, this.speech.compress === 'zlib-stream');
      isIntact &&= mangled.isIntact;
      // What is not above all that came in the session was there before, and is not handed on.
      const isDue = frame.sequence !== null && (frame.isBeginning || frame.sequence > this.#highest);
      if (isIntact && isDue) expected.push(Number(frame.sequence));
      for (const part of mangled.frames) {
        if (!isOpen()) break;
        const before = this.#signs;
        this.#receive(callbacks, part);
        silent = this.#signs === before ? silent + 1 : 0;
        if (silent > MOST_SILENT) throw new Error(`the shard is deaf: ${MOST_SILENT} frames without a sign of life`);
      }
      if (this.outcomes.frames % 16 === 0) await this.#settle();
    }
    await this.#settle();
    const [got, due] = [this.#got.slice(0, expected.length).join(), expected.join()];
    if (got !== due) throw new Error(`delivered ${got}, sent ${this.#sent} where ${due} had come whole`);
    // 4009: the next session has another id, and its numbers begin anew
    const isOver = this.#sent.includes(6) || (this.watch !== null && this.#random() < 0.5);
    const code = isOver ? 4009 : 1006;
    if (this.#callbacks === callbacks) this.#end(callbacks, code);
    await this.#settle();
  }

  #receive(callbacks: SocketCallbacks, { data, isBinary }: Pick<Frame, 'data' | 'isBinary'>): void {
    const bytes = Uint8Array.from(data);
    const started = performance.now();
    callbacks.message(bytes, isBinary);
    this.outcomes.slowest = Math.max(this.outcomes.slowest, performance.now() - started);
    this.outcomes.frames += 1;
  }

  #end(callbacks: SocketCallbacks, code: number): void {
    this.#callbacks = null;
    callbacks.closed({ code, reason: this.watch?.reason() ?? '', wasClean: code !== 1006 });
    this.watch?.check();
  }

  #socket(): SocketPort {
    return {
      open: (_url, _options, callbacks) => {
        this.#callbacks = callbacks;
        return {
          send: (data) => {
            this.#signs += 1;
            const { op } = (typeof data === 'string' ? JSON.parse(data) : decodeEtf(data)) as { op: number };
            this.#sent.push(op);
          },
          close: (code) => {
            this.#isClosing = true; // what comes now is for nobody
            queueMicrotask(() => this.#callbacks === callbacks && this.#end(callbacks, code));
          },
          drop: () => {
            if (this.#callbacks === callbacks) this.#callbacks = null;
          },
          bufferedAmount: 0,
        };
      },
    };
  }

  #advance(): void {
    const { next } = this.#clock;
    if (next !== undefined) this.#clock.set(next);
  }

  async #settle(): Promise<void> {
    for (let i = 0; i < 10; i += 1) await null;
  }
}
