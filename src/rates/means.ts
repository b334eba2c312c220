/** The least mean of a cycle, by Howard's policy iteration (Dasdan, "Experimental analysis of the fastest optimum cycle ratio and mean algorithms", 2004). */

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

/** More than any mean; of cycles in which nothing is counted. */
const MOST = 1e12;
const NOTHING = 1e-6;

/** The cycle of least mean; null if nothing that is counted can happen for ever. Times are not negative. */
export function leastMeanCycle<A extends Arc>(arcs: readonly (readonly A[])[]): Cycle<A> | null {
  const onward = trimmed(arcs);
  const nodes = [...onward.keys()];
  if (nodes.length === 0) return null;
  const policy = new Map<number, A>();
  const value = new Map<number, number>();
  for (const node of nodes) {
    policy.set(
      node,
      leastOf(onward.get(node) as readonly A[], ({ ms }) => ms),
    );
    value.set(node, 0);
  }
  const valueAt = (node: number) => value.get(node) as number;
  for (;;) {
    const best = leastOf(cyclesOf(policy, nodes), ({ mean }) => mean);
    settle(best, policy, value);
    let improved = false;
    for (const node of nodes) {
      for (const arc of onward.get(node) as readonly A[]) {
        const through = valueAt(arc.to) + arc.ms - best.mean * arc.count;
        if (through >= valueAt(node) - NOTHING * Math.max(1, Math.abs(through))) continue;
        value.set(node, through);
        policy.set(node, arc);
        improved = true;
      }
    }
    if (!improved) return best.mean >= MOST ? null : best;
  }
}

/** Without nodes from which everything ends. */
function trimmed<A extends Arc>(arcs: readonly (readonly A[])[]): ReadonlyMap<number, readonly A[]> {
  let onward = new Map(arcs.map((from, node) => [node, from]));
  for (let size = -1; size !== onward.size; ) {
    size = onward.size;
    const rest = [...onward].map(([node, from]) => [node, from.filter(({ to }) => onward.has(to))] as const);
    onward = new Map(rest.filter(([, from]) => from.length > 0));
  }
  return onward;
}

/** The cycles that a choice of one arc for each node leads into. */
function cyclesOf<A extends Arc>(policy: ReadonlyMap<number, A>, nodes: readonly number[]): Cycle<A>[] {
  const seen = new Map<number, number>();
  const cycles: Cycle<A>[] = [];
  for (const begin of nodes) {
    let node = begin;
    while (!seen.has(node)) {
      seen.set(node, begin);
      node = (policy.get(node) as A).to;
    }
    if (seen.get(node) !== begin) continue;
    const arcs: A[] = [];
    let at = node;
    do {
      const arc = policy.get(at) as A;
      arcs.push(arc);
      at = arc.to;
    } while (at !== node);
    const ms = arcs.reduce((sum, arc) => sum + arc.ms, 0);
    const count = arcs.reduce((sum, arc) => sum + arc.count, 0);
    cycles.push({ mean: count === 0 ? MOST : ms / count, arcs });
  }
  return cycles;
}

/** Sets the values of all nodes whose choices lead into a cycle. */
function settle<A extends Arc>({ arcs, mean }: Cycle<A>, policy: ReadonlyMap<number, A>, value: Map<number, number>) {
  const before = new Map<number, number[]>();
  for (const [node, { to }] of policy) before.set(to, [...(before.get(to) ?? []), node]);
  const begin = (arcs.at(-1) as A).to;
  const done = new Set([begin]);
  const queue = [begin];
  for (const node of queue) {
    for (const from of before.get(node) ?? []) {
      if (done.has(from)) continue;
      done.add(from);
      const arc = policy.get(from) as A;
      value.set(from, (value.get(node) as number) + arc.ms - mean * arc.count);
      queue.push(from);
    }
  }
}

function leastOf<T>(items: readonly T[], measure: (item: T) => number): T {
  return items.reduce((least, each) => (measure(each) < measure(least) ? each : least));
}
