/**
 * The least mean of a cycle: a cycle takes less for each than some mean if and only if it is negative once that mean is
 * taken off for each (Lawler, "Optimal cycles in doubly weighted directed linear graphs", 1966). So the mean of each
 * negative cycle that Bellman and Ford find is the next to try, until there is none. Unlike Karp's and Howard's algorithms
 * this asks for no graph that is strongly connected, nor for something that counts on every arc.
 */

/** An arc of a graph whose nodes are numbers: what it takes, and how often what is counted happens on it. */
export interface Arc {
  readonly to: number;
  readonly ms: number;
  readonly count: number;
}

/** The cycle with the least time for each that is counted. */
export interface Cycle<A extends Arc> {
  /** In ms. */
  readonly mean: number;
  readonly arcs: readonly A[];
}

/** The cycle of least mean; null if nothing that is counted can happen for ever. Times are not negative. */
export function leastMeanCycle<A extends Arc>(arcs: readonly (readonly A[])[]): Cycle<A> | null {
  let best: Cycle<A> | null = null;
  let most = arcs.flat().reduce((sum, { ms }) => sum + ms, 1); // above any mean
  for (;;) {
    const cycle = negativeCycle(arcs, ({ ms, count }) => ms - most * count);
    if (cycle === null) return best;
    const sum = (of: (arc: A) => number) => cycle.reduce((total, arc) => total + of(arc), 0);
    most = sum(({ ms }) => ms) / sum(({ count }) => count);
    best = { mean: most, arcs: cycle };
  }
}

/** What is less is a rounding. */
const NOTHING = 1e-6;

/** A way into a node. */
interface Via<A> {
  readonly from: number;
  readonly arc: A;
}

/** A cycle that is negative in sum, if there is one. */
function negativeCycle<A extends Arc>(arcs: readonly (readonly A[])[], weight: (arc: A) => number): A[] | null {
  const least = arcs.map(() => 0);
  const via: Via<A>[] = [];
  let last = -1;
  for (let round = 0; round <= arcs.length; round += 1) {
    last = -1;
    for (const [from, onward] of arcs.entries()) {
      for (const arc of onward) {
        const through = (least[from] as number) + weight(arc);
        if (through >= (least[arc.to] as number) - NOTHING) continue;
        least[arc.to] = through;
        via[arc.to] = { from, arc };
        last = arc.to;
      }
    }
    if (last < 0) return null;
  }
  for (let steps = 0; steps < arcs.length; steps += 1) last = (via[last] as Via<A>).from; // into the cycle
  const cycle: A[] = [];
  for (let at = last; cycle.length === 0 || at !== last; at = (via[at] as Via<A>).from)
    cycle.unshift((via[at] as Via<A>).arc);
  return cycle;
}
