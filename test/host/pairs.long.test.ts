/** Our host against the shard chart: every two transitions in a row, with a close code for each treatment. */
import { describe, expect, it } from 'vitest';
import { shardAbstraction, shardMachine } from '../../machines/index.js';
import type { Graph } from '../../src/exploring/graph.js';
import { only, testModel } from '../../src/exploring/model.js';
import { type PathsReport, runPaths } from '../../src/exploring/run-paths.js';
import { pairTours } from '../../src/exploring/tours.js';
import { AT_THE_PORTS, hostUnderTest } from '../support/host-under-test.js';

const documented = { ...shardAbstraction, roots: { documented: shardAbstraction.roots['documented']! } };
const TOUR = 1_000;
/** All others are treated like one of these, and each is played by itself in transitions.model.test.ts. */
const CODES = [1000, 1001, 1002, 1006, 4001, 4004, 4005, 4008, 4009];
const part = only(documented, (event) => event.type !== 'closed' || CODES.includes(event.code));

describe('the host does as the chart has it, by effects, states and timers', () => {
  it('in all pairs of transitions of the documented chart', async () => {
    const model = testModel(shardMachine, part);
    const make = () => hostUnderTest();
    const report = await runPaths({ model, criterion: 'pairs', inTours: TOUR, observes: AT_THE_PORTS, make });
    expect(inWords(report)).toBe('');
    expect(report).toMatchObject({ failed: 0, skipped: 0 });
    expect({ steps: report.steps, leftOut: 0 }).toEqual(walked(model.graph));
  });
});

/** What the tours of a graph are: their steps, and how many pairs of its edges none of them takes. */
function walked({ edges, ...graph }: Graph<typeof shardMachine>) {
  type Edge = (typeof edges)[number];
  const at = new Map(edges.map((edge, i) => [edge, i]));
  const idOf = (first: Edge, second: Edge) => at.get(first)! * edges.length + at.get(second)!;
  const leaving = new Map<Edge['from'], Edge[]>();
  for (const edge of edges) leaving.set(edge.from, [...(leaving.get(edge.from) ?? []), edge]);
  const left = new Set(edges.flatMap((first) => (leaving.get(first.to) ?? []).map((second) => idOf(first, second))));
  let steps = 0;
  for (const tour of pairTours({ edges, ...graph }, { length: TOUR })) {
    steps += tour.length;
    for (const [i, edge] of tour.entries()) if (i > 0) left.delete(idOf(tour[i - 1]!, edge));
  }
  return { steps, leftOut: left.size };
}

function inWords({ failures }: PathsReport): string {
  return failures.map(({ message }) => message).join('\n');
}
