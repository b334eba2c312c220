/** Dispatches that are delivered already and of which the chart is told together. */
import type { ClockPort } from '../ports/index.js';

/** The last dispatches of a connection, as one event. */
export interface PendingDispatches {
  readonly type: 'dispatched';
  readonly connection: number;
  /** Of the last of them. */
  readonly sequence: number;
  readonly count: number;
}

/** Upper bound, in event-loop turns, for batching dispatches before the chart is updated. */
const MAX_BATCH_TURNS = 16;

/** The dispatches of which a chart has yet to be told. */
export class Batch {
  readonly #clock: ClockPort;
  readonly #chart: { send(event: PendingDispatches): void };
  #pending: { type: 'dispatched'; connection: number; sequence: number; count: number } | null = null;

  constructor(clock: ClockPort, chart: { send(event: PendingDispatches): void }) {
    this.#clock = clock;
    this.#chart = chart;
  }

  /** The last sequence of which the chart has not been told; null if it knows all. */
  get sequence(): number | null {
    return this.#pending?.sequence ?? null;
  }

  /** Adds a dispatch; the chart is told when no more come, or before anything else. */
  add(connection: number, sequence: number): void {
    if (this.#pending) {
      this.#pending.sequence = sequence;
      this.#pending.count += 1;
      return;
    }
    this.#pending = { type: 'dispatched', connection, sequence, count: 1 };
    if (this.#clock.whenRead) this.#flushWhenRead(0, MAX_BATCH_TURNS);
    else queueMicrotask(() => this.flush());
  }

  /** What the chart has to be told of before anything else, if there is any; it counts as told. */
  take(): PendingDispatches | null {
    const pending = this.#pending;
    this.#pending = null;
    return pending;
  }

  /** Tells the chart now. */
  flush(): void {
    const pending = this.take();
    if (pending) this.#chart.send(pending);
  }

  /** Tells the chart once a reading of the sockets brought no more dispatches, or after so many turns. */
  #flushWhenRead(known: number, turns: number): void {
    this.#clock.whenRead?.(() => {
      const count = this.#pending?.count ?? 0;
      if (count === known || turns === 0) this.flush();
      else this.#flushWhenRead(count, turns - 1);
    });
  }
}
