/** How objects are shown to people by `util.inspect` and `console.log`. */

/** Node, Bun and Deno ask an object by this name how `util.inspect` and `console.log` are to show it. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** The same object, which is shown to people as something else. It is not enumerable, so no copy and no JSON has it. */
export function showing<T extends object>(object: T, shown: (this: T) => unknown): T {
  return Object.defineProperty(object, INSPECT, { value: shown, configurable: true });
}
