import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine, setup } from 'xstate';
import { type Edge, explore, type Path } from '../../src/exploring/graph.js';
import { AbstractionError, play } from '../../src/exploring/play.js';
import { doorAbstraction, doorMachine } from '../support/door.js';

/** The path that these events take through a graph, from its first beginning or another. */
function pathBy<M extends AnyStateMachine>(graph: ReturnType<typeof explore<M>>, labels: string, root?: string) {
  const path: Edge<M>[] = [];
  let at = [...graph.nodes.values()].find((node) => node.via === undefined && (root ?? node.root) === node.root)!;
  for (const label of labels.split(' > ')) {
    const edge = at.edges.find((each) => each.label === label)!;
    path.push(edge);
    at = edge.to;
  }
  return path as Path<M>;
}

describe('a path that is played', () => {
  const graph = explore(doorMachine, doorAbstraction);

  it('has the numbers of this run, where an edge has those of the first way to where it begins', () => {
    const steps = [...play(graph, pathBy(graph, 'open > timer.shut > open'))];
    expect(
      steps.map(({ edge, event, instructions, snapshot, armed }) => ({
        label: edge.label,
        event,
        instructions,
        context: snapshot.context,
        armed: [...armed],
      })),
    ).toEqual([
      {
        label: 'open',
        event: { type: 'open' },
        instructions: [
          { type: 'swing', params: { times: 1 } },
          { type: 'arm', params: { timer: 'shut', delay: 5_000 } },
        ],
        context: { opened: 1 },
        armed: ['shut'],
      },
      {
        label: 'timer.shut',
        event: { type: 'timer.shut' },
        instructions: [{ type: 'disarm', params: { timer: 'shut' } }],
        context: { opened: 1 },
        armed: [],
      },
      {
        label: 'open',
        event: { type: 'open' },
        instructions: [
          { type: 'swing', params: { times: 2 } },
          { type: 'arm', params: { timer: 'shut', delay: 5_000 } },
        ],
        context: { opened: 2 },
        armed: ['shut'],
      },
    ]);
  });

  it('is made step by step', () => {
    const playing = play(graph, pathBy(graph, 'lock > unlock'));
    expect(playing.next().value?.snapshot.value).toBe('locked');
    expect(playing.next().value?.snapshot.value).toBe('shut');
    expect(playing.next().done).toBe(true);
  });

  it('has no steps if it is empty', () => {
    expect([...play(graph, [])]).toEqual([]);
  });
});

describe('events that carry numbers', () => {
  const words = setup({
    types: {} as {
      context: { turn: number; input: number };
      input: number;
      events: { type: 'take'; turn: number };
    },
  });
  const counter = words.createMachine({
    id: 'counter',
    context: ({ input }) => ({ turn: input, input }),
    on: {
      take: {
        guard: ({ context, event }) => event.turn === context.turn,
        actions: assign({ turn: ({ context }) => context.turn + 1 }),
      },
    },
  });

  it('are those of the alphabet at that time, in every beginning', () => {
    const graph = explore(counter, {
      roots: { one: 1, ten: 10 },
      key: () => 'counting',
      alphabet: ({ context }) =>
        [
          { type: 'take', turn: 0 },
          { type: 'take', turn: context.turn },
        ] as const,
      label: () => 'take',
    });
    const turns = (root: string) =>
      [...play(graph, pathBy(graph, 'take > take > take', root))].map(({ event }) => event.turn);
    expect([turns('one'), turns('ten')]).toEqual([
      [1, 2, 3],
      [10, 11, 12],
    ]);
  });
});

describe('a chart that does otherwise than its graph says', () => {
  it('is found out at the step that leads elsewhere', () => {
    const words = setup({
      types: {} as { context: { pushes: number } },
      guards: { isWorn: ({ context }) => context.pushes >= 2 },
      actions: { count: assign({ pushes: ({ context }) => context.pushes + 1 }) },
    });
    const machine = words.createMachine({
      id: 'spring',
      context: { pushes: 0 },
      initial: 'whole',
      states: { whole: { on: { push: [{ target: 'broken', guard: 'isWorn' }, { actions: 'count' }] } }, broken: {} },
    });
    const graph = explore(machine as AnyStateMachine, {
      roots: { only: undefined },
      key: ({ value }) => String(value),
      alphabet: () => [{ type: 'push' }],
      label: ({ type }) => type,
    });
    const playing = play(graph, pathBy(graph, 'push > push > push'));
    expect([playing.next().value?.snapshot.value, playing.next().value?.snapshot.value]).toEqual(['whole', 'whole']);
    const message = '"push" leads from whole to broken, and was first seen to lead to whole.';
    expect(() => playing.next()).toThrow(new AbstractionError(message));
    expect(new AbstractionError(message)).toMatchObject({ name: 'AbstractionError', code: 'ERR_ABSTRACTION' });
  });

  it('is not where the state is the same and only the snapshot is not', () => {
    const machine: AnyStateMachine = createMachine({
      context: { at: 0 },
      on: { push: { actions: assign({ at: ({ context }) => context.at + 1 }) } },
    });
    const graph = explore(machine, {
      roots: { only: undefined },
      key: () => 'any',
      alphabet: () => [{ type: 'push' }],
      label: ({ type }) => type,
    });
    const ends = [...play(graph, pathBy(graph, 'push > push'))].map(({ snapshot }) => snapshot.context);
    expect(ends).toEqual([{ at: 1 }, { at: 2 }]);
  });
});
