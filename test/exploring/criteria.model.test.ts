import { describe, expect, it } from 'vitest';
import { shardAbstraction, shardMachine } from '../../machines/index.js';
import { explore, type Path } from '../../src/exploring/graph.js';
import { type Criterion, coverageOf, pathName, pathsOf } from '../../src/exploring/paths.js';

type Edge = Path<typeof shardMachine>[number];

const { documented } = shardAbstraction.roots;
const abstraction = { ...shardAbstraction, roots: { documented: documented! } };
const graph = explore(shardMachine, abstraction);
const lifecycle = shardAbstraction.projections!['lifecycle']!;

/** What has to be known of a path: where it begins, and that each edge begins where the last one ended. */
function isConnected(path: Path<typeof shardMachine>): boolean {
  return path.every((edge, i) => edge.from === (i === 0 ? [...graph.nodes.values()][0] : path[i - 1]?.to));
}

/**
 * The pairs of edges with which no path ends although the second leaves the state that the first leads to, and the number
 * of those with which one ends although it does not: from the edges of the graph, one by one.
 */
function endsOf(paths: Iterable<Path<typeof shardMachine>>) {
  const { edges } = graph;
  const at = new Map(edges.map((edge, i) => [edge, i]));
  const idOf = (first: Edge, second: Edge) => at.get(first)! * edges.length + at.get(second)!;
  const ends = new Set<number>();
  for (const path of paths) {
    const [first, second] = path.slice(-2);
    ends.add(idOf(first!, second!));
  }
  const leaving = new Map<Edge['from'], Edge[]>();
  for (const edge of edges) leaving.set(edge.from, [...(leaving.get(edge.from) ?? []), edge]);
  const missing: string[] = [];
  for (const first of edges) {
    for (const second of leaving.get(first.to) ?? []) {
      if (!ends.delete(idOf(first, second))) missing.push(`${first.label} > ${second.label}`);
    }
  }
  return { missing, strange: ends.size };
}

describe('the criteria, on the documented chart', () => {
  it.each<[Criterion, number]>([
    ['states', 382],
    ['transitions', 18_907],
    ['pairs', 434_392],
    ['simple', 22_508],
    ['roundTrips', 8_759],
  ])('"%s" makes %i paths, each connected and no two alike', (criterion, size) => {
    const paths = pathsOf(graph, criterion);
    const names = new Set<string>();
    let connected = 0;
    for (const path of paths) {
      names.add(pathName(path));
      if (isConnected(path)) connected += 1;
    }
    expect([paths.size, connected, names.size]).toEqual([size, size, size]);
  });

  it('make as many paths of a chart that is explored again', () => {
    const fresh = explore(shardMachine, abstraction);
    let made = 0;
    for (const criterion of ['states', 'transitions', 'pairs'] as const) {
      for (const _ of pathsOf(fresh, criterion)) made += 1;
    }
    expect(made).toBe(graph.nodes.size + graph.edges.length + pathsOf(graph, 'pairs').size);
  });

  it('"pairs" ends with every edge followed by every edge that may follow it', () => {
    expect(endsOf(pathsOf(graph, 'pairs'))).toEqual({ missing: [], strange: 0 });
  });

  it('"pairs" that repeat one in place of another are not all of them, as many as they are', () => {
    function* twin() {
      let last: Path<typeof shardMachine> | undefined;
      for (const path of pathsOf(graph, 'pairs')) {
        yield last !== undefined && pathName(path) === 'start > located' ? last : path;
        last = path;
      }
    }
    expect(endsOf(twin())).toEqual({ missing: ['start > located'], strange: 0 });
    const [start, located] = [...pathsOf(graph, 'pairs')].find((path) => pathName(path) === 'start > located')!;
    expect(endsOf([...pathsOf(graph, 'pairs'), [located!, start!]])).toEqual({ missing: [], strange: 1 });
  });

  it('"simple" comes to no state of the projection twice, and leaves no path of it out', () => {
    const found = new Set<string>();
    for (const path of pathsOf(graph, 'simple')) {
      const keys = path.map(({ to }) => lifecycle.key(to.snapshot));
      const fits = new Set(keys).size === keys.length && path.every(({ event }) => lifecycle.includes(event));
      if (!fits) throw new Error(pathName(path));
      found.add(pathName(path));
    }
    const missing: string[] = [];
    // A path is complete if none of its extensions is missing: each is there, or comes to a state again.
    for (const path of pathsOf(graph, 'simple')) {
      const last = path.at(-1)?.to ?? [...graph.nodes.values()][0]!;
      const seen = [...path.map(({ from }) => from), last].map(({ snapshot }) => lifecycle.key(snapshot));
      for (const edge of last.edges) {
        if (!lifecycle.includes(edge.event) || seen.includes(lifecycle.key(edge.to.snapshot))) continue;
        if (!found.has(pathName([...path, edge]))) missing.push(pathName([...path, edge]));
      }
    }
    expect(missing).toEqual([]);
  });

  it('"roundTrips" leaves ready by every event that leads away, and ends there', () => {
    const left = new Set<string>();
    for (const path of pathsOf(graph, 'roundTrips')) {
      const at = path.findLastIndex(({ from, to }) => isReady(from) && !isReady(to));
      left.add(`${path[at]?.from.key} ${path[at]?.label}`);
      expect(isReady(path.at(-1)!.to), pathName(path)).toBe(true);
    }
    const leaving = graph.edges.filter(({ from, to }) => isReady(from) && !isReady(to));
    expect(left).toEqual(new Set(leaving.map(({ from, label }) => `${from.key} ${label}`)));
  });

  it('"pairs" and "transitions" cover every row, "simple" alone does not', () => {
    const missing = (criterion: Criterion) => coverageOf(graph, pathsOf(graph, criterion)).rows.missing.length;
    expect(missing('transitions')).toBe(missing('pairs'));
    expect(missing('simple')).toBeGreaterThan(missing('transitions'));
  });

  it('say what the abstraction has to declare', () => {
    const { isHome: _, projections: __, ...bare } = abstraction;
    const undeclared = explore(shardMachine, bare);
    expect(() => [...pathsOf(undeclared, 'simple')]).toThrow('declares no `projections`');
    expect(() => [...pathsOf(undeclared, 'roundTrips')]).toThrow('declares no `isHome`');
  });
});

function isReady({ snapshot }: { snapshot: Parameters<NonNullable<typeof shardAbstraction.isHome>>[0] }): boolean {
  return shardAbstraction.isHome!(snapshot);
}
