/** One timer for all shards that keep their sessions in one place, so that what they save is written together. */
import type { ClockPort } from '../ports/index.js';

const ROUND_MS = 1_000;

/** Those that are called once a second, and the timer while there are any. */
class Rounds {
  readonly #clock: ClockPort;
  readonly #members = new Set<() => void>();
  #timer: unknown;

  constructor(clock: ClockPort) {
    this.#clock = clock;
  }

  join(member: () => void): () => void {
    if (this.#members.size === 0) this.#arm();
    this.#members.add(member);
    return () => {
      if (this.#members.delete(member) && this.#members.size === 0) this.#clock.clearTimeout(this.#timer);
    };
  }

  #arm(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#arm();
      for (const member of [...this.#members]) member();
    }, ROUND_MS);
  }
}

const rounds = new WeakMap<ClockPort, WeakMap<object, Rounds>>();

/** Calls back once a second, together with all that were given the same place, until the returned function is called. */
export function everySecond(clock: ClockPort, place: object, run: () => void): () => void {
  const here = rounds.get(clock) ?? new WeakMap<object, Rounds>();
  rounds.set(clock, here);
  const together = here.get(place) ?? new Rounds(clock);
  here.set(place, together);
  return together.join(() => run());
}
