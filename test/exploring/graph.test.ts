import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine, setup } from 'xstate';
import {
  activeStates,
  type Edge,
  type ExplorationProgress,
  explore,
  graphOf,
  rowsOf,
  StateLimitError,
  StepError,
  statesOf,
} from '../../src/exploring/graph.js';
import { doorAbstraction, doorMachine } from '../support/door.js';

const arrow = ({ from, label, to }: Edge<AnyStateMachine>) => `${from.key} -- ${label} -> ${to.key}`;

describe('the graph of a chart', () => {
  const graph = explore(doorMachine as AnyStateMachine, doorAbstraction as never);
  const { nodes, edges } = graph;
  const edge = (name: string) => edges.find((each) => arrow(each) === name)!;

  it('has every state, the nearest first, and how it is reached first', () => {
    const found = [...nodes.values()].map(({ key, root, via }) => [key, root, via && arrow(via)]);
    expect(found).toEqual([
      ['shut', 'shut', undefined],
      ['open', 'shut', 'shut -- open -> open'],
      ['locked', 'shut', 'shut -- lock -> locked'],
    ]);
  });

  it('has every event that a state handles: none that it ignores, and no timer that does not run', () => {
    expect(edges.map(arrow)).toEqual([
      'shut -- open -> open',
      'shut -- push -> shut',
      'shut -- lock -> locked',
      'open -- push -> shut',
      'open -- timer.shut -> shut',
      'locked -- push -> locked',
      'locked -- unlock -> shut',
    ]);
    expect([...nodes.values()].flatMap((node) => node.edges)).toEqual(edges);
  });

  it('knows which timers run', () => {
    expect([...nodes.values()].map(({ key, armed }) => [key, ...armed])).toEqual([
      ['shut'],
      ['open', 'shut'],
      ['locked'],
    ]);
  });

  it('keeps for each edge its event, its index in the alphabet, the effects and the rows that were taken', () => {
    const { event, index, instructions, rows } = edge('shut -- open -> open');
    expect({ event, index, instructions, rows }).toEqual({
      event: { type: 'open' },
      index: 0,
      instructions: [
        { type: 'swing', params: { times: 1 } },
        { type: 'arm', params: { timer: 'shut', delay: 5_000 } },
      ],
      rows: ['door.shut: open'],
    });
    expect(edge('open -- timer.shut -> shut')).toMatchObject({
      index: 4,
      instructions: [{ type: 'disarm', params: { timer: 'shut' } }],
      rows: ['door.open: timer.shut'],
    });
  });

  it('keeps what an edge led to, beside the first that was met of that state', () => {
    const { to, after } = edge('open -- push -> shut');
    expect([to.snapshot.context.opened, after.context.opened]).toEqual([0, 1]);
    expect([after.value, to.snapshot.value]).toEqual(['shut', 'shut']);
  });
});

describe('timers in a graph', () => {
  it('fire while they run and no longer once they have fired, whether they are disarmed or not', () => {
    const words = setup({
      types: {} as { events: { type: 'wind' } | { type: 'timer.bell' } },
      delays: { bell: 1_000 },
    });
    const machine = words.createMachine({
      id: 'clock',
      initial: 'idle',
      states: {
        idle: { on: { 'timer.bell': 'broken', wind: 'wound' } },
        wound: {
          entry: words.raise({ type: 'timer.bell' }, { id: 'bell', delay: 'bell' }),
          on: { 'timer.bell': 'ringing' },
        },
        ringing: { on: { 'timer.bell': 'broken' } },
        broken: {},
      },
    });
    const { nodes, edges } = explore(machine as AnyStateMachine, {
      roots: { only: undefined },
      key: ({ value }) => String(value),
      alphabet: () => [{ type: 'wind' }, { type: 'timer.bell' }],
      label: ({ type }) => type,
    });
    expect(edges.map(arrow)).toEqual(['idle -- wind -> wound', 'wound -- timer.bell -> ringing']);
    expect([...nodes.values()].map(({ key, armed }) => [key, ...armed])).toEqual([
      ['idle'],
      ['wound', 'bell'],
      ['ringing'],
    ]);
  });
});

describe('a chart with several beginnings', () => {
  const machine = setup({ types: {} as { context: { isLit: boolean }; input: boolean } }).createMachine({
    id: 'lamp',
    context: ({ input }) => ({ isLit: input }),
    on: { press: { actions: assign({ isLit: ({ context }) => !context.isLit }) } },
  });
  const { nodes, edges } = explore(machine as AnyStateMachine, {
    roots: { dark: false, bright: true },
    key: ({ context }) => (context.isLit ? 'lit' : 'unlit'),
    alphabet: () => [{ type: 'press' }],
    label: ({ type }) => type,
  });

  it('has a graph of each, side by side; the first has no prefix', () => {
    expect(edges.map(arrow)).toEqual([
      'unlit -- press -> lit',
      'lit -- press -> unlit',
      'bright: lit -- press -> bright: unlit',
      'bright: unlit -- press -> bright: lit',
    ]);
    expect([...nodes.values()].map(({ root, via }) => [root, via === undefined])).toEqual([
      ['dark', true],
      ['dark', false],
      ['bright', true],
      ['bright', false],
    ]);
  });
});

describe('exploring bit by bit', () => {
  /** A row of so many states. */
  const rowOf = (length: number) =>
    graphOf(
      setup({ types: {} as { context: { at: number } } }).createMachine({
        context: { at: 1 },
        on: {
          push: {
            guard: ({ context }) => context.at < length,
            actions: assign({ at: ({ context }) => context.at + 1 }),
          },
        },
      }) as AnyStateMachine,
      {
        roots: { only: undefined },
        key: ({ context }) => String(context.at),
        alphabet: () => [{ type: 'push' }],
        label: ({ type }) => type,
      },
    );

  it('tells how far it is after the first state, and then after every 64', () => {
    const seen: ExplorationProgress[] = [...rowOf(130)];
    expect(seen).toEqual([
      { states: 2, transitions: 1, frontier: 1 },
      { states: 66, transitions: 65, frontier: 1 },
      { states: 130, transitions: 129, frontier: 1 },
    ]);
  });

  it('ends with the graph that exploring in one go gives', () => {
    const exploring = rowOf(3);
    let step = exploring.next();
    while (!step.done) step = exploring.next();
    expect([...step.value.nodes.keys()]).toEqual(['1', '2', '3']);
  });

  it('has told of a small chart before it is done', () => {
    const [first] = graphOf(doorMachine, doorAbstraction);
    expect(first).toEqual({ states: 3, transitions: 3, frontier: 2 });
  });
});

describe('a chart that cannot be explored', () => {
  const words = setup({
    types: {} as { context: { turns: number }; events: { type: 'push' } | { type: 'pull' } },
    actions: {
      count: assign({ turns: ({ context }) => context.turns + 1 }),
      boom: assign(() => {
        throw new Error('boom');
      }),
      shout: assign(() => {
        throw 'boom';
      }),
    },
  });
  const of = (outer: object, ajar: object = {}) =>
    words.createMachine({
      id: 'door',
      context: { turns: 0 },
      initial: 'shut',
      states: {
        shut: { on: outer },
        ajar: { on: ajar },
        turning: { always: { target: 'turning', reenter: true, actions: 'count' } },
      },
    });
  const abstraction = (key = ({ value }: { value: unknown; context: { turns: number } }) => String(value)) => ({
    roots: { shut: undefined },
    key,
    alphabet: () => [{ type: 'push' }, { type: 'pull' }],
    label: ({ type }: { type: string }) => type,
  });
  const errorOf = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };

  it('as it throws, is told with the state, the event and the path', () => {
    const thrown = errorOf(() => explore(of({ push: 'ajar', pull: { actions: 'boom' } }), abstraction() as never));
    expect(thrown).toBeInstanceOf(StepError);
    expect(thrown).toMatchObject({ code: 'ERR_STEP', state: 'shut', event: 'pull', path: ['pull'] });
    expect((thrown as Error).message).toBe('The chart throws: boom\n  state:  shut\n  event:  pull\n  path:   pull');
    expect((thrown as Error).cause).toEqual(new Error('boom'));
  });

  it('as it throws in a state further on, is told with the whole path', () => {
    const thrown = errorOf(() => explore(of({ push: 'ajar' }, { pull: { actions: 'shout' } }), abstraction() as never));
    expect((thrown as Error).message).toBe(
      'The chart throws: boom\n  state:  ajar\n  event:  pull\n  path:   push > pull',
    );
  });

  it('as it goes round for ever, names the row that does', () => {
    const turning = of({ push: { target: 'turning' } });
    expect(() => explore(turning, abstraction() as never)).toThrow(
      'The chart throws: The chart goes round without an end: door.turning: always',
    );
  });

  it('as its key holds a counter, says so before memory runs out', () => {
    const counting = of({ push: { actions: 'count' } });
    const counter = abstraction(({ context }) => String(context.turns)) as never;
    expect(() => explore(counting, counter, { limit: 100 })).toThrow(StateLimitError);
    expect(() => explore(counting, counter, { limit: 100 })).toThrow('More than 100 abstract states; the last is 100.');
  });

  it('is explored with as many states as the limit allows, and not with one more', () => {
    const two = of({ push: 'ajar' });
    expect(explore(two, abstraction() as never, { limit: 2 }).nodes.size).toBe(2);
    expect(errorOf(() => explore(two, abstraction() as never, { limit: 1 }))).toMatchObject({
      code: 'ERR_STATE_LIMIT',
      message: 'More than 1 abstract states; the last is ajar. Leave counters out of the key.',
    });
  });
});

describe('the names in a chart', () => {
  const machine: AnyStateMachine = createMachine({
    id: 'a',
    initial: 'b',
    on: { push: {} },
    states: {
      b: {
        initial: 'c',
        states: { c: { on: { pull: [{ target: 'd', guard: () => false }, 'd'] } }, d: { always: '#a.e' } },
      },
      e: {},
    },
  });

  it('are those of its states, from the outside in', () => {
    expect(statesOf(machine)).toEqual(['a', 'a.b', 'a.b.c', 'a.b.d', 'a.e']);
  });

  it('are those of its rows, one for each line of a guarded list', () => {
    expect(rowsOf(machine)).toEqual(['a: push', 'a.b.c: pull [1 of 2]', 'a.b.c: pull [2 of 2]', 'a.b.d: always']);
  });

  it('are those of the states that are active', () => {
    const { nodes } = explore(machine, {
      roots: { only: undefined },
      key: ({ value }) => JSON.stringify(value),
      alphabet: () => [{ type: 'pull' }],
      label: ({ type }) => type,
    });
    expect([...nodes.values()].map(({ snapshot }) => activeStates(snapshot))).toEqual([
      ['a', 'a.b', 'a.b.c'],
      ['a', 'a.e'],
    ]);
  });
});
