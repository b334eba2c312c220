import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import { type AbstractionOf, explore, type Path } from '../../src/exploring/graph.js';
import { CRITERIA, type Criterion, coverageOf, pathName, pathsOf } from '../../src/exploring/paths.js';
import { doorAbstraction, doorMachine } from '../support/door.js';

type AnyAbstraction = AbstractionOf<AnyStateMachine>;

const door = (more: Partial<AnyAbstraction> = {}) =>
  explore(doorMachine as AnyStateMachine, { ...(doorAbstraction as AnyAbstraction), ...more });
const graph = door({
  projections: {
    locks: { key: ({ value }) => String(value), includes: ({ type }) => type !== 'open' },
    // Whether it is locked does not count here.
    opens: {
      key: ({ value }) => (value === 'open' ? 'open' : 'shut'),
      includes: ({ type }) => type !== 'timer.shut',
    },
  },
});
const named = (criterion: Criterion) => [...pathsOf(graph, criterion)].map(pathName);

describe('the paths of a criterion', () => {
  it('"states" are the shortest to every state, the beginning included', () => {
    expect(named('states')).toEqual(['(the beginning)', 'open', 'lock']);
  });

  it('"transitions" end with every event in every state', () => {
    expect(named('transitions')).toEqual([
      'open',
      'push',
      'lock',
      'open > push',
      'open > timer.shut',
      'lock > push',
      'lock > unlock',
    ]);
  });

  it('"pairs" end with every event after every event', () => {
    const [shut, open, locked] = [
      ['open', 'push', 'lock'],
      ['push', 'timer.shut'],
      ['push', 'unlock'],
    ] as const;
    const after = (path: string, events: readonly string[]) => events.map((event) => `${path} > ${event}`);
    expect(named('pairs')).toEqual([
      ...after('open', open),
      ...after('push', shut),
      ...after('lock', locked),
      ...after('open > push', shut),
      ...after('open > timer.shut', shut),
      ...after('lock > push', locked),
      ...after('lock > unlock', shut),
    ]);
  });

  it('"simple" are those of one projection after the other', () => {
    expect(named('simple')).toEqual([...['(the beginning)', 'lock'], ...['(the beginning)', 'open']]);
  });

  it('"roundTrips" leave home by every event that leads away, and come back the shortest way', () => {
    expect(named('roundTrips')).toEqual(['open > push', 'lock > unlock']);
  });

  it.each<[Criterion, number]>([
    ['states', 3],
    ['transitions', 7],
    ['pairs', 18],
    ['simple', 4],
    ['roundTrips', 2],
  ])('"%s" are %i, and can be read again and again', (criterion, size) => {
    const paths = pathsOf(graph, criterion);
    expect(paths.size).toBe(size);
    expect([...paths]).toHaveLength(size);
    expect([...paths]).toEqual([...pathsOf(graph, criterion)]);
  });

  it('have a description for each criterion', () => {
    expect(Object.keys(CRITERIA)).toEqual(['states', 'transitions', 'pairs', 'simple', 'roundTrips']);
  });

  it.each<[Criterion, string, Partial<AnyAbstraction>]>([
    ['simple', 'projections', {}],
    ['simple', 'projections', { projections: {} }],
    ['roundTrips', 'isHome', { isHome: undefined as never }],
  ])('"%s" needs `%s` in the abstraction, and says so', (criterion, name, more) => {
    const paths = pathsOf(door(more), criterion);
    const message = `The abstraction declares no \`${name}\`, which the criterion \`${criterion}\` needs.`;
    expect(() => [...paths]).toThrow(new TypeError(message));
    expect(() => paths.size).toThrow(new TypeError(message));
  });
});

describe('the coverage of some paths', () => {
  const ROWS = [
    'door.shut: open',
    'door.shut: lock',
    'door.shut: push',
    'door.open: timer.shut',
    'door.open: push',
    'door.locked: unlock',
    'door.locked: push',
  ];
  const EDGES = [
    'shut: open',
    'shut: push',
    'shut: lock',
    'open: push',
    'open: timer.shut',
    'locked: push',
    'locked: unlock',
  ];

  it('is that of the beginnings, if there are none', () => {
    expect(coverageOf(graph, [])).toEqual({
      stateNodes: { covered: 2, of: 4, missing: ['door.open', 'door.locked'] },
      rows: { covered: 0, of: 7, missing: ROWS },
      states: { covered: 1, of: 3, missing: ['open', 'locked'] },
      transitions: { covered: 0, of: 7, missing: EDGES },
    });
  });

  it('counts what is on the way, however often', () => {
    const wanted = ['lock > unlock', 'lock > push', 'push'];
    const paths = [...pathsOf(graph, 'transitions')].filter((path) => wanted.includes(pathName(path)));
    expect(coverageOf(graph, [...paths, ...paths])).toEqual({
      stateNodes: { covered: 3, of: 4, missing: ['door.open'] },
      rows: { covered: 4, of: 7, missing: ['door.shut: open', 'door.open: timer.shut', 'door.open: push'] },
      states: { covered: 2, of: 3, missing: ['open'] },
      transitions: { covered: 4, of: 7, missing: ['shut: open', 'open: push', 'open: timer.shut'] },
    });
  });

  it('is complete for every transition', () => {
    const none = { missing: [] };
    expect(coverageOf(graph, pathsOf(graph, 'transitions'))).toEqual({
      stateNodes: { covered: 4, of: 4, ...none },
      rows: { covered: 7, of: 7, ...none },
      states: { covered: 3, of: 3, ...none },
      transitions: { covered: 7, of: 7, ...none },
    });
  });

  it('includes the states that are left within a step', () => {
    const machine: AnyStateMachine = createMachine({
      id: 'gate',
      initial: 'closed',
      states: {
        closed: { on: { push: 'choosing' } },
        choosing: { always: [{ target: 'broken', guard: () => false }, { target: 'open' }] },
        open: {},
        broken: {},
      },
    });
    const gate = explore(machine, {
      roots: { only: undefined },
      key: ({ value }) => String(value),
      alphabet: () => [{ type: 'push' }],
      label: ({ type }) => type,
    });
    expect(coverageOf(gate, pathsOf(gate, 'transitions'))).toEqual({
      stateNodes: { covered: 4, of: 5, missing: ['gate.broken'] },
      rows: { covered: 2, of: 3, missing: ['gate.choosing: always [1 of 2]'] },
      states: { covered: 2, of: 2, missing: [] },
      transitions: { covered: 1, of: 1, missing: [] },
    });
  });

  it('takes events of one name in one state for one', () => {
    const twice = door({ label: ({ type }) => (type === 'push' || type === 'lock' ? 'touch' : type) });
    const [, push = []] = pathsOf(twice, 'transitions');
    const { transitions } = coverageOf(twice, [push]);
    expect(transitions).toEqual({
      covered: 2,
      of: 7,
      missing: ['shut: open', 'open: touch', 'open: timer.shut', 'locked: touch', 'locked: unlock'],
    });
  });
});

describe('the name of a path', () => {
  it('is made of its events', () => {
    const [beginning, open] = pathsOf(graph, 'states');
    expect(pathName(beginning as Path<AnyStateMachine>)).toBe('(the beginning)');
    expect(pathName([...(open ?? []), ...(open ?? [])])).toBe('open > open');
  });
});
