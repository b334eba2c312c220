/** What a process holds: memory that cannot be freed, and what keeps it running. */
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * From now on code is interpreted: the machine code that V8 makes of what runs often lies on the heap too, and grows for
 * thousands of rounds with what looks like a leak and is none.
 */
export function compileNothing(): void {
  for (const compiler of ['opt', 'maglev', 'sparkplug']) setFlagsFromString(`--no-${compiler}`);
}

/** The bytes on the heap that are left after collecting garbage several times. */
export async function heapAfterCollection(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round += 1) {
    await turn(); // finalizers run between turns
    collect();
    least = Math.min(least, process.memoryUsage().heapUsed);
  }
  return least;
}

/** Timers, sockets and the like that keep the process running, by kind. */
export function activeResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** What there is more or less of than before, as text; empty if nothing. */
export function differences(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((kind) => {
    const [was, is] = [before.get(kind) ?? 0, after.get(kind) ?? 0];
    return was === is ? [] : [`${kind}: ${was} before, ${is} after`];
  });
}
