import { describe, expect, it } from 'vitest';
import { explore } from '../../../src/exploring/graph.js';
import { VectorTree, type VectorWords } from '../../../src/exploring/vectors/tree.js';
import { doorAbstraction, doorMachine } from '../../support/door.js';

const graph = explore(doorMachine, {
  ...doorAbstraction,
  projections: { unlocked: { key: ({ value }) => String(value), includes: ({ type }) => type !== 'lock' } },
});
const tree = (words: VectorWords<typeof doorMachine> = {}) => new VectorTree(graph, words);

describe('runs that share their beginnings', () => {
  it('play the same event in the same place once', () => {
    const door = tree();
    const open = door.play(door.root, { type: 'open' });
    expect(door.play(door.root, { type: 'open' })).toBe(open);
    door.play(open, { type: 'push' });
    expect(door.steps.map(({ id, after }) => [id, after])).toEqual([
      [0, null],
      [1, 0],
    ]);
  });

  it('go to a state by its shortest way', () => {
    const door = tree();
    const locked = [...graph.nodes.values()].find(({ key }) => key === 'locked');
    expect(door.wayTo(locked!).snapshot.value).toBe('locked');
    expect(door.steps.map(({ on }) => on)).toEqual([{ kind: 'event', event: { type: 'lock' } }]);
  });

  it('know in which projections their whole way lies', () => {
    const door = tree();
    const locked = door.play(door.root, { type: 'lock' });
    expect(door.root.inside).toEqual(['unlocked']);
    expect(locked.inside).toEqual([]);
    expect(door.play(locked, { type: 'unlock' }).inside).toEqual([]);
  });

  it('cannot go on from what no client can meet', () => {
    const door = tree({ stimulusOf: () => undefined });
    expect(() => door.play(door.root, { type: 'open' })).toThrow(
      new TypeError('open is no stimulus, and something was to come after it'),
    );
  });
});

describe('what has to come of a step', () => {
  it('is to stop a timer only where it runs; one that has run out may be stopped', () => {
    const door = tree({ spanOf: () => [1, 2] });
    const open = door.play(door.root, { type: 'open' });
    door.play(open, { type: 'push' });
    door.play(open, { type: 'timer.shut' });
    const [opened, pushed, shut] = door.steps;
    expect(opened?.expect).toEqual([
      { do: 'swing', times: 1 },
      { do: 'arm', timer: 'shut', ms: [1, 2] },
    ]);
    expect([pushed?.expect, pushed?.may]).toEqual([[{ do: 'disarm', timer: 'shut' }], []]);
    expect([shut?.expect, shut?.may]).toEqual([[], [{ do: 'disarm', timer: 'shut' }]]);
  });

  it('leaves out what stops something that is over, if told what does', () => {
    const door = tree({ isOver: ({ type }, event) => type === 'ring' && event.type === 'push' });
    door.play(door.root, { type: 'push' });
    expect(door.steps[0]).toMatchObject({ expect: [], may: [{ do: 'ring' }] });
  });

  it('is nothing where the chart ignores the event, by the clause that is given', () => {
    const door = tree();
    const clause = { spec: 'door#order', says: 'a door that is not locked cannot be unlocked' };
    door.play(door.root, { type: 'unlock' }, { name: 'order', clause });
    expect(door.steps[0]).toMatchObject({ expect: [], may: [], because: ['order'], to: 0 });
    expect(door.clauses.get('order')).toEqual(clause);
  });
});
