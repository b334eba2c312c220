/** Our host against the shard chart: every event in every state. All pairs in a row are in pairs.long.test.ts. */
import { describe, expect, it } from 'vitest';
import { shardAbstraction, shardMachine } from '../../machines/index.js';
import { testModel } from '../../src/exploring/model.js';
import { type PathsReport, runPaths } from '../../src/exploring/run-paths.js';
import { AT_THE_PORTS, hostUnderTest } from '../support/host-under-test.js';

const documented = { ...shardAbstraction, roots: { documented: shardAbstraction.roots['documented']! } };

describe('the host does as the chart has it, by effects, states and timers', () => {
  it('in every transition of the documented chart', async () => {
    const model = testModel(shardMachine, documented);
    const make = () => hostUnderTest();
    const report = await runPaths({ model, criterion: 'transitions', observes: AT_THE_PORTS, make });
    expect(inWords(report)).toBe('');
    expect(report).toMatchObject({ failed: 0, skipped: 0 });
    expect(report.steps).toBeGreaterThan(model.paths('transitions').size);
  });
});

function inWords({ failures }: PathsReport): string {
  return failures.map(({ message }) => message).join('\n');
}
