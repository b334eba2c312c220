import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import { explore, type Path } from '../../src/exploring/graph.js';
import { pathDiagram } from '../../src/exploring/path-diagram.js';
import { pathName, pathsOf } from '../../src/exploring/paths.js';
import { doorAbstraction, doorMachine } from '../support/door.js';

const diagram = (...lines: readonly string[]) => `${['sequenceDiagram', ...lines].join('\n')}\n`;

describe('the sequence diagram of a path', () => {
  const graph = explore(doorMachine, doorAbstraction);
  const pathBy = (name: string) => [...pathsOf(graph, 'pairs')].find((path) => pathName(path) === name)!;
  const PARTIES = ['  participant world', '  participant door'];

  it('has what comes from the world, what goes to it, the clauses, and timers as messages to itself', () => {
    expect(pathDiagram(graph, pathBy('open > timer.shut > push'))).toBe(
      diagram(
        ...PARTIES,
        '  world->>door: open',
        '  Note over door: Can be opened.',
        '  door->>world: swing times 1',
        '  door->>door: timer.shut',
        '  Note over door: door.open: timer.shut',
        '  world->>door: push',
        '  Note over door: Can be opened.',
        '  door->>world: ring',
      ),
    );
  });

  it('has the numbers of its own run', () => {
    const [twice] = [...pathsOf(graph, 'pairs')].filter((path) => pathName(path) === 'open > push > open');
    expect(pathDiagram(graph, twice as Path<typeof doorMachine>)).toContain('  door->>world: swing times 2\n');
  });

  it('has nothing but the two sides if the path is empty', () => {
    expect(pathDiagram(graph, [])).toBe(diagram(...PARTIES));
  });

  it('has the sentences of the causes in place of what is reported, and no word that would end a line', () => {
    const report = (...names: readonly string[]) =>
      names.map((name) => ({ type: 'report', params: { cause: { name } } }));
    const machine: AnyStateMachine = createMachine({
      id: 'till',
      on: { pay: { actions: [...report('paid', 'counted'), { type: 'print', params: { text: 'a;b', of: [1] } }] } },
    });
    const till = explore(machine, {
      roots: { only: undefined },
      key: () => 'open',
      alphabet: () => [{ type: 'pay' }],
      label: ({ type }) => `${type} #1; cash`,
      causes: {
        paid: { spec: 'till', says: 'paid; no change' },
        counted: { spec: 'till', says: 'counted as #2' },
      },
    });
    const [path = []] = pathsOf(till, 'transitions');
    expect(pathDiagram(till, path)).toBe(
      diagram(
        '  participant world',
        '  participant till',
        '  world->>till: pay #35;1#59; cash',
        '  Note over till: paid#59; no change',
        '  Note over till: counted as #35;2',
        '  till->>world: print text "a#59;b" of [1]',
      ),
    );
  });
});
