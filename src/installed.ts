/** Optional packages, loaded where they are installed. For Node. */
import nodeModule from 'node:module'; // webpack warns of what it cannot follow in `createRequire` imported by name

/**
 * Loads a package when it is called, in a way that bundlers leave alone. Throws where the package is not installed: beside
 * gatechart, or beside the program, which is where a bundle finds it.
 */
export function loadInstalled<T>(name: string): T {
  const places: readonly (string | undefined)[] = [import.meta.url, process.argv[1]]; // in a CommonJS bundle the first is undefined
  const problems: unknown[] = [];
  for (const place of places) {
    try {
      return nodeModule.createRequire(place ?? '')(name) as T;
    } catch (error) {
      problems.push(error);
    }
  }
  throw problems[0];
}
