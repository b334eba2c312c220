/** Our host against the shard chart: every two transitions in a row, with a close code for each treatment. */
import { describe, expect, it } from 'vitest';
import { shardAbstraction, shardMachine } from '../../machines/index.js';
import { only, testModel } from '../../src/exploring/model.js';
import { type PathsReport, runPaths } from '../../src/exploring/run-paths.js';
import { AT_THE_PORTS, hostUnderTest } from '../support/host-under-test.js';

const documented = { ...shardAbstraction, roots: { documented: shardAbstraction.roots['documented']! } };
/** All others are treated like one of these, and each is played by itself in transitions.model.test.ts. */
const CODES = [1000, 1001, 1002, 1006, 4001, 4004, 4005, 4008, 4009];
const part = only(documented, (event) => event.type !== 'closed' || CODES.includes(event.code));

describe('the host does as the chart has it, by effects, states and timers', () => {
  it('in all pairs of transitions of the documented chart', async () => {
    const model = testModel(shardMachine, part);
    const make = () => hostUnderTest();
    const report = await runPaths({ model, criterion: 'pairs', inTours: 1_000, observes: AT_THE_PORTS, make });
    expect(inWords(report)).toBe('');
    expect(report).toMatchObject({ failed: 0, skipped: 0 });
    expect(report.steps).toBeGreaterThan(model.paths('pairs').size);
  });
});

function inWords({ failures }: PathsReport): string {
  return failures.map(({ message }) => message).join('\n');
}
