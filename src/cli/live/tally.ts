import type { Cause, CauseName } from '../../../machines/index.js';
import type { Dispatch, Shard } from '../../shard/index.js';

/** How often a dispatch came. */
export interface DispatchCount {
  total: number;
  replayed: number;
}

/** Discord has some 80 names; of a Gateway that makes up more, the rest is counted together. */
const MOST_NAMES = 500;
const OTHERS = 'others';

/** Counts what happens to a shard. */
export class Tally {
  readonly dispatches = new Map<string, DispatchCount>();
  readonly #causes = new Map<CauseName, number>();
  #latencies = { sum: 0, count: 0 };
  #recent = new Map<string, number>();

  constructor(shard: Shard) {
    shard.on('transition', ({ causes }) => {
      for (const cause of causes) this.#addCause(cause);
    });
    shard.on('notice', ({ cause }) => this.#addCause(cause));
    shard.on('dispatch', (dispatch) => this.#addDispatch(dispatch));
    shard.on('latency', ({ ms }) => {
      this.#latencies = { sum: this.#latencies.sum + ms, count: this.#latencies.count + 1 };
    });
  }

  /** How often the shard gave a reason. */
  count(cause: CauseName): number {
    return this.#causes.get(cause) ?? 0;
  }

  /** All dispatches together. */
  get received(): DispatchCount {
    const all = { total: 0, replayed: 0 };
    for (const { total, replayed } of this.dispatches.values()) {
      all.total += total;
      all.replayed += replayed;
    }
    return all;
  }

  /** Over all connections, in ms; null before the first. */
  get latency(): number | null {
    return this.#latencies.count === 0 ? null : this.#latencies.sum / this.#latencies.count;
  }

  /** The dispatches since this was last asked, by name, most frequent first. */
  takeRecent(): readonly (readonly [name: string, count: number])[] {
    const recent = [...this.#recent].sort(([, a], [, b]) => b - a);
    this.#recent = new Map();
    return recent;
  }

  #addCause({ name }: Cause): void {
    this.#causes.set(name, this.count(name) + 1);
  }

  #addDispatch({ name: called, replayed }: Dispatch): void {
    const isCounted = this.dispatches.size < MOST_NAMES || this.dispatches.has(called);
    const name = isCounted ? called : OTHERS;
    const count = this.dispatches.get(name) ?? { total: 0, replayed: 0 };
    count.total += 1;
    if (replayed) count.replayed += 1;
    this.dispatches.set(name, count);
    this.#recent.set(name, (this.#recent.get(name) ?? 0) + 1);
  }
}
