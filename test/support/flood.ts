/** A Gateway that dispatches faster than anybody reads, keeps all of it for a replay, and knows nothing of the charts. */
import { Opcode } from '../../machines/index.js';
import { simulatedClock } from '../../src/ports/clock.js';
import type { ClockPort, SocketCallbacks, SocketPort } from '../../src/ports/index.js';
import { seededRandom } from '../../src/ports/random.js';
import { type ShardOptions, shardsOn } from '../../src/shard/index.js';

/** How a flood goes on: dispatches a second, for so many ms. */
export interface Flood {
  readonly rate: number;
  readonly ms: number;
  /** Whether the client's sockets can pause reading. */
  readonly canPause: boolean;
}

const TICK = 10;
/** What the network carries in a tick. */
const MOST_IN_A_TICK = 1_000;
/** What lies in its buffers: an ACK comes after so many dispatches that were sent before it. */
const IN_FLIGHT = 2_000;
const READY = 1;

/** The Gateway as a socket port. `lose` ends its session, so that the next Resume fails. */
class FloodingGateway implements SocketPort {
  readonly resumes: number[] = [];
  readonly closeCodes: number[] = [];
  identifies = 0;
  /** The last dispatch of the session, and how many there were of all sessions. */
  last = 0;
  produced = 0;
  readonly #clock: ClockPort;
  readonly #flood: Flood;
  #session = 0;

  constructor(clock: ClockPort, flood: Flood) {
    this.#clock = clock;
    this.#flood = flood;
  }

  lose(): void {
    this.#session = 0;
  }

  open(_url: string, _options: unknown, callbacks: SocketCallbacks) {
    const acks: number[] = [];
    let [at, isOpen, isPaused, isResuming] = [Number.POSITIVE_INFINITY, true, false, false];
    const say = (op: number, d: unknown, s: number | null = null, t: string | null = null) => {
      if (isOpen) callbacks.message(JSON.stringify({ op, d, s, t }), false);
    };
    const later = (ms: number, then: () => void) => void this.#clock.setTimeout(then, ms);
    const deliver = () => {
      while (acks.length > 0 && isOpen && !isPaused && acks[0]! <= at) {
        acks.shift();
        say(Opcode.HeartbeatAck, null);
      }
      for (let room = MOST_IN_A_TICK; room > 0 && isOpen && !isPaused && at < this.last; room -= 1) {
        at += 1;
        say(Opcode.Dispatch, { id: `${this.#session}-${at}` }, at, 'MESSAGE_CREATE');
      }
      if (isResuming && at === this.last && !isPaused) {
        isResuming = false;
        say(Opcode.Dispatch, {}, at, 'RESUMED');
      }
      if (isOpen) later(TICK, deliver);
    };
    later(TICK, () => {
      callbacks.opened();
      say(Opcode.Hello, { heartbeat_interval: 41_250 });
      deliver();
    });
    return {
      bufferedAmount: 0,
      send: (message: string | Uint8Array) => {
        const { op, d } = JSON.parse(String(message)) as { op: number; d: { seq: number } };
        later(TICK, () => {
          if (op === Opcode.Heartbeat) acks.push(Math.min(this.last, at + IN_FLIGHT));
          if (op === Opcode.Identify) {
            this.#begin();
            at = READY;
            const d = { session_id: `${this.#session}`, resume_gateway_url: 'wss://gateway.discord.gg' };
            say(Opcode.Dispatch, d, at, 'READY');
          }
          if (op !== Opcode.Resume) return;
          this.resumes.push(d.seq);
          if (this.#session === 0) say(Opcode.InvalidSession, false);
          else [at, isResuming] = [d.seq, true];
        });
      },
      close: (code: number) => {
        if (!isOpen) return;
        isOpen = false;
        this.closeCodes.push(code);
        later(TICK, () => callbacks.closed({ code, reason: '', wasClean: true }));
      },
      drop: () => {
        isOpen = false;
      },
      ...(this.#flood.canPause && {
        pause: () => {
          isPaused = true;
        },
        resume: () => {
          isPaused = false;
        },
      }),
    };
  }

  #begin(): void {
    this.identifies += 1;
    this.#session = this.identifies;
    this.last = READY;
    const end = this.#clock.now() + this.#flood.ms;
    const produce = () => {
      if (this.#session === 0 || this.#clock.now() > end) return;
      const count = (this.#flood.rate * TICK) / 1_000;
      this.last += count;
      this.produced += count;
      this.#clock.setTimeout(produce, TICK);
    };
    this.#clock.setTimeout(produce, TICK);
  }
}

/** A shard in a flood, with time that is let pass. */
export function flooded(flood: Flood, options: Partial<ShardOptions>) {
  const clock = simulatedClock();
  const gateway = new FloodingGateway(clock, flood);
  const { createShard } = shardsOn({ socket: () => gateway, inflate: () => ({ supports: () => false }) as never });
  const shard = createShard({
    token: 'flooded-token',
    intents: ['GUILD_MESSAGES'],
    url: 'wss://gateway.discord.gg',
    clock,
    random: seededRandom(7),
    overflow: 'resume',
    ...options,
  });
  const settle = async () => {
    for (let i = 0; i < 10; i += 1) await null;
  };
  return {
    gateway,
    shard,
    clock,
    /** Lets time pass until something holds; whether it does within so many ms. */
    until: async (holds: () => boolean, ms: number): Promise<boolean> => {
      const end = clock.now() + ms;
      for (await settle(); !holds(); await settle()) {
        const { next } = clock;
        if (next === undefined || next > end) return false;
        clock.set(next);
      }
      return true;
    },
    /** Takes what an iterator has, so many a second, ten at once, until it ends. */
    consume: async (iterator: AsyncIterableIterator<unknown>, rate: number, take: (id: string) => void) => {
      for (let count = 1; ; count += 1) {
        const { done, value } = await iterator.next();
        if (done) return;
        take((value as { data: { id: string } }).data.id);
        if (count % 10 === 0) await new Promise((resolve) => clock.setTimeout(() => resolve(null), 10_000 / rate));
      }
    },
  };
}
