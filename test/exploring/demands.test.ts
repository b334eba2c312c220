/** What is said of arguments that these tools cannot use. */
import { describe, expect } from 'vitest';
import {
  DEFAULT_POLICY,
  gatewayMachine,
  pure,
  SHARD_INVARIANTS,
  shardAbstraction,
  shardMachine,
} from '../../machines/index.js';
import * as testing from '../../src/testing.js';
import { type Check, failureOfCall, testEach } from '../support/checks.js';

const NO_CHART = 'TypeError: the chart is an object; it must be a chart, such as shardMachine';
const NO_GRAPH = 'TypeError: the graph is an object; it must be a graph, as explore() makes it';

/** As JavaScript calls them. */
const tools = testing as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
const graph = { nodes: new Map(), edges: [], machine: shardMachine };
const model = { graph };
const { snapshot } = pure(shardMachine).initial({ policy: DEFAULT_POLICY });

type Call = readonly [tool: string, args: readonly unknown[], says: string];

const CALLS: readonly Call[] = [
  ['explore', [{}, shardAbstraction], NO_CHART],
  [
    'explore',
    [shardMachine],
    'TypeError: the abstraction is null; it must be an abstraction, such as shardAbstraction',
  ],
  ['explore', [shardMachine, gatewayMachine], 'TypeError: the abstraction is an object; it must be an abstraction'],
  ['graphOf', [shardMachine, shardAbstraction, { limits: 5 }], 'TypeError: there is no option limits: write limit'],
  ['testModel', [{}, shardAbstraction], NO_CHART],
  ['rowsOf', [{}], NO_CHART],
  ['statesOf', [null], 'TypeError: the chart is null; it must be a chart'],
  ['mutantsOf', [{}], NO_CHART],
  ['editableConfig', [{}], NO_CHART],
  ['variant', [{}, () => {}], NO_CHART],
  ['variant', [shardMachine], 'TypeError: the edit is null; it must be a function'],
  ['activeStates', ['running'], "TypeError: the snapshot is 'running'; it must be a snapshot of an actor"],
  ['armedBy', [{}], 'TypeError: the snapshot is an object; it must be a snapshot of an actor'],
  ['batchEquivalence', [{}], NO_GRAPH],
  ['check', [shardMachine, SHARD_INVARIANTS], NO_GRAPH],
  ['check', [graph], 'TypeError: invariants is null; it must be a list, each entry an invariant'],
  ['check', [graph, [], { keeps: 1 }], 'TypeError: there is no option keeps: write keep'],
  ['walk', [{}, []], NO_GRAPH],
  ['walk', [graph, {}], 'TypeError: invariants is an object; it must be a list'],
  ['walk', [graph, [], { sed: 1 }], 'TypeError: there is no option sed: write seed'],
  ['pathsOf', [{}, 'states'], NO_GRAPH],
  [
    'pathsOf',
    [graph, 'state'],
    "TypeError: the criterion is 'state'; it must be one of 'states', 'transitions', 'pairs'",
  ],
  ['coverageOf', [graph, 5], 'RangeError: paths is 5; it must be paths, as those of pathsOf()'],
  ['coverageOf', [{}, []], NO_GRAPH],
  ['pathName', ['start > stop'], 'TypeError: the path is a string; it must be a list'],
  ['pathDiagram', [{}, []], NO_GRAPH],
  ['describePaths', [{ model: {} }], 'TypeError: model is an object; it must be a model, as testModel() makes it'],
  ['describePaths', [{ model }], 'TypeError: make is null; it must be a function'],
  ['describePaths', [{ model, make() {} }], 'TypeError: test is null; it must be a function'],
  ['runPaths', [undefined], 'TypeError: the argument is null; it must be an object'],
  ['only', [shardAbstraction], 'TypeError: the second argument is null; it must be a function'],
  ['exploreProduct', [{ message: 1 }], 'TypeError: there is no option message: write messages'],
  ['explorationOf', [{ messages: 0 }], 'RangeError: messages is 0; it must be a whole number above 0'],
  ['replayMoves', [{ moves: 'start' }], 'TypeError: moves is '],
  ['replayMoves', [null], 'TypeError: the counterexample is null; it must be an object'],
  ['textDiagram', [[]], 'TypeError: the replay is []; it must be what replayMoves() returns'],
  ['mermaidDiagram', [undefined], 'TypeError: the replay is null; it must be what replayMoves() returns'],
  ['vectorsOf', [{}, shardAbstraction], NO_CHART],
  ['gatewayVectors', [{ fault: true }], 'TypeError: there is no option fault: write faults'],
  ...['clock', 'inflate', 'locator', 'permit', 'random', 'socket', 'store', 'traceSink'].map(
    (port): Call => [`${port}Contract`, [{}], 'it must be a function that makes a fresh one for each claim'],
  ),
];

describe('a tool that is called wrongly says so', () =>
  testEach([
    ...CALLS.map(
      ([tool, args, says], row): Check => [
        `${row}: ${tool}: ${says}`,
        () => failureOfCall(() => tools[tool]?.(...args)),
        expect.stringContaining(says),
      ],
    ),
    ['and takes what it can use', () => tools['activeStates']?.(snapshot), expect.arrayContaining(['shard.stopped'])],
  ]));
