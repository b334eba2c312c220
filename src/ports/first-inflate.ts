import type { Compression, InflatePort } from './inflate.js';

/** Of several ports, made when they are asked for, the first that supports a compression. One that cannot be made supports none. */
export function firstInflate(makers: readonly (() => InflatePort)[]): InflatePort {
  const chosen = new Map<Compression, InflatePort | undefined>();
  const choose = (compression: Compression): InflatePort | undefined => {
    if (!chosen.has(compression)) chosen.set(compression, firstOf(makers, compression));
    return chosen.get(compression);
  };
  return {
    supports: (compression) => choose(compression) !== undefined,
    open(compression, options, callbacks) {
      const port = choose(compression);
      if (port === undefined) throw new TypeError(`${compression} is not supported`);
      return port.open(compression, options, callbacks);
    },
  };
}

function firstOf(makers: readonly (() => InflatePort)[], compression: Compression): InflatePort | undefined {
  for (const make of makers) {
    try {
      const port = make();
      if (port.supports(compression)) return port;
    } catch {
      // a package that is not installed
    }
  }
  return undefined;
}
