/** A session, and how it is shown to people. */

/** What Resume revives. `url` is null once its own host failed or was not to be trusted: resume at the main URL. */
export interface Session {
  readonly id: string;
  readonly url: string | null;
}

/** Node, Bun and Deno ask an object by this name how `util.inspect` and `console.log` are to show it. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * The session as plain data, which `util.inspect` and `console.log` show without what it holds: whoever has it and the
 * token has the session. What copies, compares or persists it sees it whole.
 */
export function discreet(session: Session): Session {
  return showing({ id: session.id, url: session.url }, summary);
}

function summary(this: Session): Session {
  return { id: '<session>', url: this.url === null ? null : '<resume url>' };
}

/** The same object, which is shown to people as something else. It is not enumerable, so no copy and no JSON has it. */
export function showing<T extends object>(object: T, shown: (this: T) => unknown): T {
  return Object.defineProperty(object, INSPECT, { value: shown, configurable: true });
}
