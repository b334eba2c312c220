/** A client of another hand under the tests that the chart makes for it, and one of its kind that is wrong. */
import { type ShardEvent, shardAbstraction, shardMachine } from 'gatechart/machines';
import { describePaths, only, runPaths, testModel } from 'gatechart/testing';
import { describe, expect, it } from 'vitest';
import { adapter, CLAIMED, CODES, OBSERVED } from '../../examples/foreign-client/adapter.js';
import { MiniClient } from '../../examples/foreign-client/client.js';

const isClaimed = (event: ShardEvent) =>
  event.type === 'closed' ? CODES.includes(event.code) : CLAIMED.has(event.type);
const { documented } = shardAbstraction.roots;
const part = only({ ...shardAbstraction, roots: { documented: documented! } }, isClaimed);
const model = testModel(shardMachine, part);

describe('a foreign client reaches every state as the chart has it:', () => {
  const test = (path: string, run: () => Promise<void>) =>
    it(path, async () => {
      await expect(run()).resolves.toBeUndefined();
    });
  describePaths({ model, criterion: 'states', observes: OBSERVED, test, make: () => adapter(MiniClient) });
});

describe('a foreign client', () => {
  it('does as the chart has it in all pairs of transitions of the part it claims', async () => {
    const report = await runPaths({ model, criterion: 'pairs', observes: OBSERVED, make: () => adapter(MiniClient) });
    expect(report.failures.map(({ message }) => message).join('\n')).toBe('');
    expect(report.paths).toBe(model.paths('pairs').size);
    expect(report.paths).toBeGreaterThan(5_000);
  });

  it('is told what is wrong with it: one that loses count of its sequence while it replays', async () => {
    class Stale extends MiniClient {
      override message(text: string) {
        const { op, t, ...rest } = JSON.parse(text);
        super.message(JSON.stringify(t === 'RESUMED' ? { ...rest, op, t, s: null } : { ...rest, op, t }));
      }
    }
    const make = () => adapter(Stale);
    const { failures } = await runPaths({ model, criterion: 'pairs', observes: OBSERVED, make });
    expect(failures[0]?.message).toMatch(/clause {4}gateway#/);
    expect(failures[0]?.message).toMatch(
      /expected {2}sendHeartbeat {"sequence":2}\n {2}actual {4}sendHeartbeat {"sequence":1}/,
    );
  });
});
