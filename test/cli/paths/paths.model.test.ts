import { describe, expect, it } from 'vitest';
import { shardAbstraction, shardMachine } from '../../../machines/index.js';
import { coverageOf, explore, pathName, pathsOf } from '../../../src/testing.js';
import { run } from '../../support/cli.js';

const graph = explore(shardMachine, shardAbstraction);
const lines = (out: string) => out.trimEnd().split('\n');

describe('gatechart paths', () => {
  it('counts what the graph has, and all of it is covered', async () => {
    const { code, out } = await run(['paths', '--json']);
    const all = pathsOf(graph, 'transitions');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      chart: 'shard',
      criterion: 'transitions',
      paths: all.size,
      complete: true,
      coverage: coverageOf(graph, all),
    });
  });

  it('shows it as a table, 100 % throughout', async () => {
    const { code, out } = await run(['paths']);
    expect(code).toBe(0);
    expect(lines(out).filter((line) => line.endsWith('100 %'))).toHaveLength(4);
    expect(out).toContain(pathsOf(graph, 'transitions').size.toLocaleString('en-US'));
  });

  it('fails, and shows what is missing, when paths for every transition leave something out', async () => {
    const { code, out } = await run(['paths', '--limit', '10']);
    expect(code).toBe(1);
    expect(out).toMatch(/Not covered, rows of the chart:\n {2}shard\./);
    expect(lines(out).filter((line) => line.endsWith('100 %'))).toHaveLength(0);
  });

  it('does not fail for the criterion "states", which promises less', async () => {
    const { code, out } = await run(['paths', '--criterion', 'states']);
    expect(code).toBe(0);
    expect(out).toMatch(/abstract states +(\d+) +\1 +100 %/);
  });

  it('prints names, one a line', async () => {
    const { out } = await run(['paths', '--criterion', 'states', '--format', 'names']);
    expect(lines(out)).toEqual([...pathsOf(graph, 'states')].map(pathName));
  });

  it('lists paths under the table', async () => {
    const { out } = await run(['paths', '--criterion', 'states', '--list', '--limit', '3']);
    expect(lines(out).slice(-3)).toEqual(
      [...pathsOf(graph, 'states')].slice(0, 3).map((path, at) => `${at + 1}  ${pathName(path)}`),
    );
  });

  it('knows the Gateway chart as well', async () => {
    const { code, out } = await run(['paths', '--chart', 'gateway', '--criterion', 'states', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ chart: 'gateway', criterion: 'states' });
    const simple = await run(['paths', '--chart', 'gateway', '--criterion', 'simple']);
    expect(simple.out).toMatch(/^[\d,]+ paths of the gateway chart: every way through a projection/);
  });

  it('draws paths as sequence diagrams', async () => {
    const { out } = await run(['paths', '--criterion', 'states', '--format', 'mermaid', '--limit', '3']);
    expect(out.match(/^```mermaid$/gm)).toHaveLength(3);
    expect(out).toContain('  world->>shard: start\n  Note over shard: start was ordered\n');
    expect(out).toContain('  shard->>world: openSocket connection 1 url "wss://gateway.discord.gg"\n');
  });
});
