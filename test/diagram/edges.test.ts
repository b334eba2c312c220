import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, type AnyStateNode, createMachine } from 'xstate';
import { defaultEntries, edgesOf, isWithin } from '../../src/diagram/edges.js';
import { lineage } from '../../src/telling/resting-states.js';

const chart = createMachine({
  id: 'chart',
  initial: 'a',
  on: { reset: '.a' },
  states: {
    a: {
      on: {
        go: 'b',
        either: [{ guard: 'isFar', target: 'b.two' }, { target: 'b' }],
        stay: { actions: 'wave' },
      },
    },
    b: {
      initial: 'one',
      on: { leave: 'a', again: { target: 'b', reenter: true }, note: { actions: 'write' } },
      states: {
        one: { on: { next: 'two', stay: { actions: 'wave' } } },
        two: { on: { back: '#chart.a' } },
      },
    },
  },
});

const node = (machine: AnyStateMachine, id: string): AnyStateNode => machine.getStateNodeById(`${machine.id}${id}`);
const itself = (each: AnyStateNode) => each;

/** Edges as `from -> to: events`, with a tilde where the state is not left. */
const drawn = (machine: AnyStateMachine, shown: (node: AnyStateNode) => AnyStateNode = itself) =>
  edgesOf(machine, shown).map(
    ({ from, to, isInternal, rows }) =>
      `${from.key} ${isInternal ? '~' : '->'} ${to.key}: ${rows.map(({ eventType }) => eventType).join(', ')}`,
  );

describe('the states around a state', () => {
  it('are listed from the inside out, the state itself first', () => {
    expect(lineage(node(chart, '.b.two')).map(({ id }) => id)).toEqual(['chart.b.two', 'chart.b', 'chart']);
    expect(lineage(chart.root)).toEqual([chart.root]);
  });

  it('hold it, and it holds itself', () => {
    const [a, b, two] = [node(chart, '.a'), node(chart, '.b'), node(chart, '.b.two')];
    expect([isWithin(two, b), isWithin(two, chart.root), isWithin(two, two)]).toEqual([true, true, true]);
    expect([isWithin(b, two), isWithin(two, a)]).toEqual([false, false]);
  });
});

describe('the edges of a chart', () => {
  it('hold the rows between two states, from the outside in', () => {
    expect(drawn(chart)).toEqual([
      'chart -> a: reset',
      'a -> b: go, either',
      'a -> two: either',
      'a ~ a: stay',
      'b -> a: leave',
      'b -> b: again',
      'b ~ b: note',
      'one -> two: next',
      'one ~ one: stay',
      'two -> a: back',
    ]);
  });

  it('are drawn at the border of what is folded, without those inside', () => {
    const b = node(chart, '.b');
    expect(drawn(chart, (each) => (isWithin(each, b) ? b : each))).toEqual([
      'chart -> a: reset',
      'a -> b: go, either, either',
      'a ~ a: stay',
      'b -> a: leave, back',
      'b -> b: again',
      'b ~ b: note',
    ]);
  });

  it('lead to each target of a row, and take rows that need no event too', () => {
    const fork = createMachine({
      id: 'fork',
      initial: 'idle',
      states: {
        idle: { on: { split: { target: ['both.left.busy', 'both.right.busy'] } } },
        both: {
          type: 'parallel',
          states: {
            left: { initial: 'idle', states: { idle: { always: { guard: 'isLate', target: 'busy' } }, busy: {} } },
            right: { initial: 'idle', states: { idle: {}, busy: {} } },
          },
        },
      },
    });
    expect(edgesOf(fork, itself).map(({ from, to }) => `${from.id} ${to.id}`)).toEqual([
      'fork.idle fork.both.left.busy',
      'fork.idle fork.both.right.busy',
      'fork.both.left.idle fork.both.left.busy',
    ]);
  });

  it('are none where a chart has no rows', () => {
    expect(drawn(createMachine({ id: 'still' }))).toEqual([]);
  });
});

describe('the states whose initial arrow is taken', () => {
  const entered = (machine: AnyStateMachine) => [...defaultEntries(machine)].map(({ id }) => id).sort();

  it('are entered from the beginning or by a row, however deep', () => {
    const deep = createMachine({
      id: 'deep',
      initial: 'a',
      states: {
        a: { on: { go: 'b' } },
        b: { initial: 'c', states: { c: { initial: 'd', states: { d: {} } } } },
        never: { initial: 'x', states: { x: {} } },
      },
    });
    expect(entered(deep)).toEqual(['deep', 'deep.b', 'deep.b.c']);
  });

  it('are not those that are only entered by naming a state inside', () => {
    const named = createMachine({
      id: 'named',
      initial: 'a',
      states: {
        a: { on: { go: 'b.two' } },
        b: { initial: 'one', states: { one: {}, two: {} } },
      },
    });
    expect(entered(named)).toEqual(['named']);
  });

  /** Two regions that are entered by a state of the left one. */
  const regions = (left: object) =>
    createMachine({
      id: 'p',
      initial: 'out',
      states: {
        out: { on: { enter: 'both.left.two' } },
        both: {
          type: 'parallel',
          states: {
            left: { initial: 'one', states: { one: {}, two: {} }, ...left },
            right: { initial: 'three', states: { three: {} } },
          },
        },
      },
    });

  it('are the other regions, where a state of one is named from outside', () => {
    expect(entered(regions({}))).toEqual(['p', 'p.both.right']);
  });

  it('do not change where a region moves by itself', () => {
    const moving = createMachine({
      id: 'm',
      type: 'parallel',
      states: {
        left: { initial: 'one', states: { one: { on: { next: 'two' } }, two: { initial: 'x', states: { x: {} } } } },
        right: { initial: 'three', states: { three: {}, four: { initial: 'y', states: { y: {} } } } },
      },
    });
    expect(entered(moving)).toEqual(['m', 'm.left', 'm.left.two', 'm.right']);
  });
});
