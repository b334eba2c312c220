import type { Reported, Tap } from '../host/tap.js';
import { isIdle } from './idle.js';

/** The time between heartbeats and their ACKs on one connection, in ms. */
export interface Latency {
  /** Over all of this connection; null before the first. */
  readonly average: number | null;
  /** The last five, newest first. */
  readonly recent: readonly number[];
}

/** How many recent periods are kept. */
const RECENT = 5;
const NONE: readonly number[] = [];

/** Keeps count of latencies; begins again with each connection, and when the shard has ended. */
export class LatencyMeter implements Tap {
  #sum = 0;
  #count = 0;
  #recent = NONE;

  latency(ms: number): void {
    this.#sum += ms;
    this.#count += 1;
    this.#recent = [ms, ...this.#recent].slice(0, RECENT);
  }

  reported({ causes, after }: Reported): void {
    if (causes.some(({ name }) => name === 'opened') || isIdle(after)) this.ended();
  }

  ended(): void {
    this.#sum = 0;
    this.#count = 0;
    this.#recent = NONE;
  }

  read(): Latency {
    return { average: this.#count === 0 ? null : this.#sum / this.#count, recent: this.#recent };
  }
}
