import type { Connection } from './connection.js';
import { type FaultOptions, isAimedAt } from './control.js';
import { checkFault, type FaultName, faultRow, type Place } from './faults.js';

/** A fault that waits for connections to reach a place, or for handshakes. */
interface StandingFault extends FaultOptions {
  readonly name: FaultName;
  /** How many connections it is still to strike. */
  left: number;
}

/** Injects faults, and keeps those that are still to happen. */
export class FaultInjector {
  #standing: StandingFault[] = [];
  #handshakes = new Map<FaultName, StandingFault>();

  /** The fault of this name that strikes a handshake now, if there is one. */
  takeHandshakeFault(name: FaultName): FaultOptions | undefined {
    const fault = this.#handshakes.get(name);
    if (fault === undefined) return undefined;
    fault.left -= 1;
    if (fault.left <= 0) this.#handshakes.delete(name);
    return fault;
  }

  /** Every fault that is still to happen, as it would be injected. */
  get pending(): readonly (FaultOptions & { readonly name: FaultName })[] {
    return [...this.#standing, ...this.#handshakes.values()].map(({ left, times, ...fault }) => {
      const isEndless = !Number.isFinite(left);
      return isEndless && times === undefined ? fault : { ...fault, times: isEndless ? 'all' : left };
    });
  }

  /** Injects a fault into the connections where it is due now, and keeps it for later ones; returns how many it struck now. */
  inject(name: FaultName, options: FaultOptions, connections: Iterable<Connection>): number {
    checkFault(name, { ...options });
    const { lasts, places, reachesKeptSessions = false, event } = faultRow(name);
    const happening = event(options);
    if (happening === null) {
      this.#handshakes.set(name, { ...options, name, left: countOf(options.times, Number.POSITIVE_INFINITY) });
      return 0;
    }
    const { at } = options;
    const count = countOf(options.times, at === undefined || lasts === 'standing' ? Number.POSITIVE_INFINITY : 1);
    const isThere = (connection: Connection) =>
      isAimedAt(options, connection) &&
      (connection.isOpen || reachesKeptSessions) &&
      !(places !== undefined && Number.isFinite(count) && connection.place === 'live');
    const struck = at === undefined ? [...connections].filter(isThere).slice(0, count) : [];
    const left = count - struck.length;
    if ((at !== undefined || (lasts === 'standing' && options.connection === undefined)) && left > 0) {
      // A session is not known before a resume names it.
      this.#standing.push({
        ...options,
        name,
        at: at ?? (options.sessionId === undefined ? 'greeting' : 'replaying'),
        left,
      });
    }
    for (const connection of struck) connection.send(happening);
    return struck.length;
  }

  /** A connection has reached a place. */
  reached(connection: Connection, place: Place): void {
    const due = this.#standing.filter((fault) => fault.at === place && isAimedAt(fault, connection));
    for (const fault of due) fault.left -= 1;
    this.#standing = this.#standing.filter(({ left }) => left > 0);
    for (const fault of due) {
      const event = faultRow(fault.name).event(fault);
      if (event !== null) connection.send(event);
    }
  }

  clear(): void {
    this.#standing = [];
    this.#handshakes.clear();
  }
}

const countOf = (times: FaultOptions['times'], fallback: number): number =>
  times === 'all' ? Number.POSITIVE_INFINITY : (times ?? fallback);
