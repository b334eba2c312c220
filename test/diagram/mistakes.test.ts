/** What is said of arguments that cannot be drawn. */
import { describe, expect } from 'vitest';
import { shardAbstraction, shardMachine } from '../../machines/index.js';
import * as diagram from '../../src/diagram/index.js';
import { type Check, failureOfCall, testEach } from '../support/checks.js';

/** As JavaScript calls them. */
const tools = diagram as unknown as Record<string, (...args: readonly unknown[]) => unknown>;

const NO_CHART = 'TypeError: the chart is an object; it must be a chart, such as shardMachine';

const CALLS: readonly (readonly [tool: string, args: readonly unknown[], says: string])[] = [
  ['mermaid', [{}], NO_CHART],
  ['mermaid', [shardMachine, { folds: [] }], 'TypeError: there is no option view.folds: write fold'],
  ['mermaid', [shardMachine, { fold: 'running' }], "TypeError: view.fold is 'running'; it must be a list"],
  ['mermaid', [shardMachine, null], 'TypeError: view is null; it must be an object'],
  ['json', [{}], NO_CHART],
  ['chartFromJson', [{}, shardMachine], 'TypeError: the text is an object; it must be a string'],
  ['chartFromJson', ['{}', {}], NO_CHART],
  ['layoutOf', [{}, {}, { layout() {} }], NO_CHART],
  ['layoutOf', [shardMachine, {}], 'TypeError: elk is null; it must be new ELK() of the package elkjs'],
  ['svg', [shardMachine], 'TypeError: the layout is an object; it must be a layout, such as those in SHARD_LAYOUTS'],
  ['svg', [{ width: 1, edges: [], states: [] }, { theme: 'night' }], "TypeError: theme is 'night'; it must be one of"],
  ['playPath', [{}, shardAbstraction, 'start'], NO_CHART],
  ['playPath', [shardMachine, {}, 'start'], 'TypeError: the abstraction is an object; it must be an object with key()'],
  ['playPath', [shardMachine, shardAbstraction], 'TypeError: the path is null; it must be a string'],
  ['playEvents', [shardMachine, {}, 'start'], "TypeError: events is 'start'; it must be a list"],
];

describe('what cannot be drawn is told', () =>
  testEach(
    CALLS.map(
      ([tool, args, says], row): Check => [
        `${row}: ${tool}: ${says}`,
        () => failureOfCall(() => tools[tool]?.(...args)),
        expect.stringContaining(says),
      ],
    ),
  ));
