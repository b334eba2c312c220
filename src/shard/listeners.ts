import { watchRejection } from '../guard/guarded.js';

type Listener = (first: unknown, second: unknown) => unknown;

/** The listeners of one shard. One that throws, or whose promise rejects, is reported and breaks nothing. */
export class Listeners {
  /**
   * By event, none of them empty, and never changed but replaced, so that a call need not copy. Made for the first
   * listener: of thousands of shards most may have none of their own.
   */
  #byEvent: Map<string, readonly Listener[]> | null = null;

  has(event: string): boolean {
    return this.#byEvent?.has(event) ?? false;
  }

  /** Adds a listener, once. */
  add(event: string, listener: Listener): void {
    this.#byEvent ??= new Map();
    const listeners = this.#byEvent.get(event) ?? [];
    if (!listeners.includes(listener)) this.#byEvent.set(event, [...listeners, listener]);
  }

  remove(event: string, listener: Listener): void {
    const left = this.#byEvent?.get(event)?.filter((each) => each !== listener) ?? [];
    if (left.length === 0) this.#byEvent?.delete(event);
    else this.#byEvent?.set(event, left);
  }

  call(event: string, first: unknown, second?: unknown): void {
    const listeners = this.#byEvent?.get(event);
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        const returned = listener(first, second);
        if (returned !== undefined) watchRejection(returned, (error) => this.#failed(event, error));
      } catch (error) {
        this.#failed(event, error);
      }
    }
  }

  /** An error of the user's that no listener would be told of is thrown where it ends the process. */
  #failed(event: string, error: unknown): void {
    if (event !== 'warning' && this.has('warning'))
      this.call('warning', { problem: `a listener of ${event} threw`, error });
    else {
      setTimeout(() => {
        throw error;
      });
    }
  }
}
