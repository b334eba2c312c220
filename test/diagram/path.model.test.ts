import { describe, expect, it } from 'vitest';
import { shardAbstraction, shardMachine } from '../../machines/index.js';
import { playPath } from '../../src/diagram/index.js';
import { explore, pathName, pathsOf } from '../../src/testing.js';

const play = (path: string) => playPath(shardMachine, shardAbstraction, path);

describe('a path by the names of its events', () => {
  it('is the one that gatechart paths prints, of any beginning', () => {
    const graph = explore(shardMachine, shardAbstraction);
    for (const path of pathsOf(graph, 'states')) {
      const { steps } = play(`${path[0]?.from.root ?? 'documented'}: ${pathName(path)}`);
      expect(steps.map(({ rows }) => rows)).toEqual(path.map(({ rows }) => rows));
      expect(() => play(pathName(path))).not.toThrow();
    }
  });
});
