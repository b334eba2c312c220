import { describe, expect, it } from 'vitest';
import { shardAbstraction, shardMachine } from '../../machines/index.js';
import { explore } from '../../src/testing/graph.js';
import { testModel } from '../../src/testing/model.js';
import { type PathsReport, runPaths } from '../../src/testing/run-paths.js';
import { AT_THE_PORTS, hostUnderTest } from '../support/host-under-test.js';
import { sampledCodes } from '../support/sampled-codes.js';

/** With `npm run test:long`: all close codes in all states, and not one of those that the chart treats alike. */
const isWhole = process.env['GATECHART_LONG'] === '1';

const roots = { documented: shardAbstraction.roots['documented']! };
const documented = { ...shardAbstraction, roots };
const sampled = { ...sampledCodes, roots };

describe('the host does as the chart has it, by effects, states and timers', () => {
  it(`in all pairs of transitions of the documented chart${isWhole ? ', with every close code' : ''}`, async () => {
    const model = testModel(shardMachine, isWhole ? documented : sampled);
    const make = () => hostUnderTest();
    const report = await runPaths({ model, criterion: 'pairs', inTours: 1_000, observes: AT_THE_PORTS, make });
    expect(inWords(report)).toBe('');
    expect(report).toMatchObject({ failed: 0, skipped: 0 });
    expect(report.steps).toBeGreaterThan(model.paths('pairs').size);
  }, 600_000);

  it('meets every close code and every row of the chart in the sample', () => {
    const [graph, whole] = [explore(shardMachine, sampled), explore(shardMachine, documented)];
    const met = ({ edges }: typeof graph) => ({
      labels: [...new Set(edges.map(({ label }) => label))].sort(),
      rows: [...new Set(edges.flatMap(({ rows }) => rows))].sort(),
    });
    expect(met(graph)).toEqual(met(whole));
    expect([...graph.nodes.keys()]).toEqual(expect.arrayContaining([...whole.nodes.keys()]));
    expect(graph.edges.length).toBeLessThan(whole.edges.length / 2);
  });
});

function inWords({ failures }: PathsReport): string {
  return failures.map(({ message }) => message).join('\n');
}
