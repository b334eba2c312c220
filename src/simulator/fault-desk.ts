import type { Connection } from './connection.js';
import { type FaultOptions, isAimedAt } from './control.js';
import { checkFaultDetails, type FaultName, faultRow, isFaultName, PLACES, type Place } from './faults.js';

/** A fault that waits for connections to reach a place. */
interface StandingFault extends FaultOptions {
  readonly name: FaultName;
  readonly at: Place;
  /** How many connections it is still to strike. */
  left: number;
}

/** What has been ordered to go wrong and is still to happen. */
export class FaultDesk {
  #standing: StandingFault[] = [];
  #doors = new Map<FaultName, FaultOptions>();

  /** A fault at the door, if it is ordered. */
  door(name: FaultName): FaultOptions | undefined {
    return this.#doors.get(name);
  }

  /** Every fault that is still to happen, as it would be ordered. */
  get ordered(): readonly (FaultOptions & { readonly name: FaultName })[] {
    const standing = this.#standing.map(({ left, ...fault }) =>
      Number.isFinite(left) ? { ...fault, times: left } : fault,
    );
    return [...standing, ...[...this.#doors].map(([name, options]) => ({ ...options, name }))];
  }

  /** Takes an order, and lets it happen on the connections where it is due now; returns how many those are. */
  order(name: FaultName, options: FaultOptions, connections: Iterable<Connection>): number {
    if (!isFaultName(name)) throw new TypeError(`There is no fault ${JSON.stringify(name)}`);
    checkFaultDetails(options);
    const { at, times } = options;
    if (at !== undefined && !PLACES.includes(at)) throw new TypeError(`at must be one of ${PLACES.join(', ')}`);
    if (times !== undefined && !(Number.isInteger(times) && times > 0)) {
      throw new TypeError('times must be a whole number from 1');
    }

    const { lasts, event } = faultRow(name);
    const happening = event(options);
    if (happening === null) {
      this.#doors.set(name, options);
      return 0;
    }
    if (at !== undefined || (lasts === 'standing' && options.connection === undefined)) {
      const left = times ?? (lasts === 'standing' ? Number.POSITIVE_INFINITY : 1);
      this.#standing.push({ ...options, name, at: at ?? 'greeting', left });
    }
    if (at !== undefined) return 0;
    const struck = [...connections].filter((connection) => isAimedAt(options, connection));
    for (const connection of struck) connection.send(happening);
    return struck.length;
  }

  /** A connection has reached a place. */
  strike(connection: Connection, place: Place): void {
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
    this.#doors.clear();
  }
}
