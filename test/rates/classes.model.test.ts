import { describe, expect, it } from 'vitest';
import { shardMachine } from '../../machines/index.js';
import { play } from '../../src/exploring/play.js';
import type { Class, Move } from '../../src/rates/classes.js';
import { slicedClasses } from './slice.js';

const { graph, classes } = slicedClasses();

/** What a step shows of itself. */
const shown = ({ label, to, delays, marks }: Move) => JSON.stringify([to.id, label.startsWith('timer'), delays, marks]);

describe('the classes of a chart', () => {
  it('are fewer than its states, and have all of its timers', () => {
    expect(classes.all.length).toBeLessThan(graph.nodes.size);
    expect(classes.moves).toBeLessThan(graph.edges.length / 2);
    for (const { first, timers } of classes.all) expect(timers).toEqual([...first.armed].sort());
  });

  it('are none that could be merged: two of the same timers move differently', () => {
    const behaviours = classes.all.map(({ timers, moves }) => `${timers} ${[...new Set(moves.map(shown))].sort()}`);
    expect(new Set(behaviours).size).toBe(classes.all.length);
  });

  it('lead along paths that the chart takes, and arm there what they say', () => {
    let seed = 11;
    for (let round = 0; round < 40; round += 1) {
      const moves: Move[] = [];
      for (let at: Class = classes.root; moves.length < 30 && at.moves.length > 0; at = (moves.at(-1) as Move).to) {
        seed = (seed * 16807) % 2147483647;
        moves.push(at.moves[seed % at.moves.length] as Move);
      }
      const { before, path } = classes.concrete(moves);
      expect(before).toEqual([]);
      const steps = [...play(graph as never, path)];
      for (const [i, { armed }] of steps.entries()) expect([...armed].sort()).toEqual((moves[i] as Move).to.timers);
    }
  });

  it('refuse a delay that is no time', () => {
    const broken = shardMachine.provide({ delays: { locate: () => Number.NaN } });
    expect(() => slicedClasses(broken)).toThrow('timer locate takes NaN ms at the shortest');
  });
});
