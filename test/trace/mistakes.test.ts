/** What is said of arguments that the tools for traces cannot use. */
import { describe, expect } from 'vitest';
import { shardMachine } from '../../machines/index.js';
import * as trace from '../../src/trace/index.js';
import { type Check, failureOf, testEach } from '../support/checks.js';

/** As JavaScript calls them. */
const tools = trace as unknown as Record<string, (...args: readonly unknown[]) => unknown>;

const TEXT = "it must be the text of a file, as by readFileSync(name, 'utf8')";
const LINES = 'it must be lines of a trace';

const CALLS: readonly (readonly [tool: string, args: readonly unknown[], says: string])[] = [
  ['readTrace', [Buffer.from('{}')], `TypeError: the trace is an object; ${TEXT}`],
  ['readTrace', [undefined], `TypeError: the trace is null; ${TEXT}`],
  ['inOrder', [{}], 'TypeError: files is an object; it must be a list of what readTrace returns'],
  ['replay', [{ lines: [] }], `TypeError: lines is an object; ${LINES}, as in readTrace(text).lines`],
  ['replay', ['trace.jsonl'], `TypeError: lines is a string; ${LINES}`],
  ['replay', [[], { machine: {} }], 'TypeError: machine is an object; it must be a chart'],
  ['replay', [[], { chart: shardMachine }], 'TypeError: there is no option chart; there are machine'],
  ['firstDifference', [null], `TypeError: lines is null; ${LINES}`],
  ['isOtherChart', [undefined], 'TypeError: the header is null; it must be an object'],
  ['differenceInWords', [null], 'TypeError: the difference is null; it must be what firstDifference() found'],
  ['excerpt', [5], 'RangeError: the first argument is 5; it must be what replay(lines) yields'],
  ['testFile', [[]], 'TypeError: the argument is null; it must be an object'],
  ['testFile', ['x', { name: 'x' }], "TypeError: lines is 'x'; it must be a list"],
  ['testFile', [[], { nam: 'x' }], 'TypeError: there is no option nam: write name'],
  ['sequenceDiagram', [{}], `TypeError: lines is an object; ${LINES}`],
  ['recorded', [{}, { to() {} }], 'TypeError: the chart is an object; it must be a chart'],
  ['recorded', [shardMachine], 'TypeError: the argument is null; it must be an object'],
  ['recorded', [shardMachine, {}], 'TypeError: to is null; it must be a function that takes lines'],
  ['recorded', [shardMachine, { to: 'x.jsonl' }], 'TypeError: to is a string; it must be a function that takes lines'],
  ['recorded', [shardMachine, { to() {}, content: true }], 'TypeError: there is no option content: write contents'],
  ['redactor', ['token'], "TypeError: the argument is 'token'; it must be an object"],
  ['redactor', [{ tokn: 'x' }], 'TypeError: there is no option tokn: write token'],
];

describe('a tool that is called wrongly says so', () =>
  testEach(
    CALLS.map(
      ([tool, args, says], row): Check => [
        `${row}: ${tool}: ${says}`,
        () => failureOf(() => tools[tool]?.(...args)),
        expect.stringContaining(says),
      ],
    ),
  ));
