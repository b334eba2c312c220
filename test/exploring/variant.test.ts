import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, cancel, createMachine, setup } from 'xstate';
import { gated } from '../../machines/kit/gate.js';
import { pure } from '../../machines/kit/pure.js';
import { explore } from '../../src/exploring/graph.js';
import { editableConfig, type StateFinder, variant } from '../../src/exploring/variant.js';
import { doorAbstraction, doorMachine } from '../support/door.js';

/** The edges of the door with something changed, by name. */
const edgesOf = (edit: (state: StateFinder) => void) =>
  explore(variant(doorMachine, edit), doorAbstraction).edges.map(
    ({ from, label, to }) => `${from.key} ${label} ${to.key}`,
  );
const AS_IT_IS = [
  'shut open open',
  'shut push shut',
  'shut lock locked',
  'open push shut',
  'open timer.shut shut',
  'locked push locked',
  'locked unlock shut',
];

describe('a variant', () => {
  it('without a change is the same chart, effects and all', () => {
    const same = variant(doorMachine, () => {});
    const [before, after] = [doorMachine, same].map((machine) => explore(machine, doorAbstraction));
    const told = ({ edges }: NonNullable<typeof before>) =>
      edges.map(({ from, label, to, instructions, rows }) => [from.key, label, to.key, instructions, rows]);
    expect(same).not.toBe(doorMachine);
    expect(told(after!)).toEqual(told(before!));
  });

  it('has what was changed', () => {
    const picked = edgesOf((state) => {
      state('locked').on['push'] = [{ target: 'open', actions: [] }];
      Reflect.deleteProperty(state('open').on, 'push');
    });
    expect(picked).toEqual([
      ...AS_IT_IS.filter((edge) => !/^(open|locked) push/.test(edge)).slice(0, 4),
      'locked push open',
      'locked unlock shut',
    ]);
  });

  it('may begin elsewhere, and have states that the chart has not', () => {
    const edges = edgesOf((state) => {
      state('').initial = 'locked';
      state('locked').on['open'] = [{ target: '#door.hall', actions: [] }];
      state('').states['hall'] = { entry: [], exit: [], on: {}, always: [], states: {} };
    });
    expect(edges.slice(0, 3)).toEqual(['locked open hall', 'locked push locked', 'locked unlock shut']);
  });

  it('leaves the chart as it was', () => {
    variant(doorMachine, (state) => {
      state('shut').on = {};
      state('open').entry.pop();
      state('open').exit.push('ring');
      state('locked').on['push']?.[0]?.actions.pop();
    });
    expect(edgesOf(() => {})).toEqual(AS_IT_IS);
    expect(
      explore(doorMachine, doorAbstraction).edges.map(({ instructions }) => instructions.map(({ type }) => type)),
    ).toEqual([['swing', 'arm'], ['ring'], [], ['disarm'], ['disarm'], ['ring'], []]);
  });

  it('names the states there are when one is asked for that is not', () => {
    expect(() => variant(doorMachine, (state) => void state('open.ajar'))).toThrow(
      'There is no state open.ajar: "ajar" is none of ',
    );
    expect(() => variant(doorMachine, (state) => void state('lost'))).toThrow(
      new Error('There is no state lost: "lost" is none of shut, open, locked'),
    );
  });

  it('is refused where it is no chart', () => {
    const astray = () =>
      variant(doorMachine, (state) => {
        state('shut').on['open'] = [{ target: 'nowhere', actions: [] }];
      });
    expect(astray).toThrow(/nowhere/);
  });

  it('ends where a chart runs in circles', () => {
    const circling = variant(doorMachine, (state) => {
      state('open').always = [{ target: 'open', reenter: true, actions: ['count'] }];
    });
    expect(() => explore(circling, doorAbstraction)).toThrow(/[Ii]nfinite loop/);
  });

  it('has the gate of the chart, before which answers to old questions change nothing', () => {
    const words = setup({ types: {} as { context: { connection: number } } });
    const line = gated(
      words.createMachine({
        id: 'line',
        context: { connection: 2 },
        initial: 'idle',
        states: { idle: { on: { ring: 'busy' } }, busy: {} },
      }) as AnyStateMachine,
    );
    const runner = pure(variant(line, () => {}));
    const { snapshot } = runner.initial(undefined);
    const after = (connection: number) => runner.step(snapshot, { type: 'ring', connection }).snapshot.value;
    expect([after(1), after(2)]).toEqual(['idle', 'busy']);
  });
});

describe('a chart as data', () => {
  const disarm = cancel('bell');
  const chart: AnyStateMachine = createMachine({
    id: 'house',
    initial: 'inside',
    entry: 'greet',
    states: {
      inside: {
        tags: ['warm'],
        exit: [{ type: 'shut', params: { door: 'front' } }, disarm],
        on: {
          leave: 'outside',
          ring: { actions: 'answer' },
          wait: [{ guard: 'isCold', target: 'inside', reenter: true }, { actions: ['sit', 'read'] }],
        },
      },
      outside: { always: { target: 'inside', guard: 'isRaining' } },
    },
  });
  const bare = { entry: [], exit: [], on: {}, always: [], states: {} };

  it('has lists for what may be written in several ways', () => {
    expect(editableConfig(chart)).toEqual({
      ...bare,
      id: 'house',
      initial: 'inside',
      entry: ['greet'],
      states: {
        inside: {
          ...bare,
          tags: ['warm'],
          exit: [{ type: 'shut', params: { door: 'front' } }, disarm],
          on: {
            leave: [{ target: 'outside', actions: [] }],
            ring: [{ actions: ['answer'] }],
            wait: [{ guard: 'isCold', target: 'inside', reenter: true, actions: [] }, { actions: ['sit', 'read'] }],
          },
        },
        outside: { ...bare, always: [{ target: 'inside', guard: 'isRaining', actions: [] }] },
      },
    });
  });

  it('is a copy each time, down to the parameters of actions', () => {
    const first = editableConfig(chart);
    const [shut] = first.states['inside']!.exit as { params: { door: string } }[];
    shut!.params.door = 'back';
    first.states['inside']!.on['wait']?.[1]?.actions.pop();
    const { exit, on } = editableConfig(chart).states['inside']!;
    expect(exit[0]).toEqual({ type: 'shut', params: { door: 'front' } });
    expect(on['wait']?.[1]?.actions).toEqual(['sit', 'read']);
  });
});
