import { describe, expect, it } from 'vitest';
import {
  inTables,
  printVectors,
  stepsOf,
  VECTOR_FORMAT,
  type VectorFile,
  type VectorStep,
} from '../../../src/exploring/vectors/file.js';

const start = { kind: 'order', order: 'start' } as const;
const stop = { kind: 'order', order: 'stop' } as const;
const located = { expect: [{ do: 'locateGateway', request: 1 }], may: [], because: ['started'] };
const cancelled = { expect: [], may: [{ do: 'cancelLocate', request: 1 }], because: ['stopped'] };
const STEPS: readonly VectorStep[] = [
  { id: 0, after: null, on: start, ...located, to: 1 },
  { id: 1, after: 0, on: stop, ...cancelled, to: 0 },
  { id: 2, after: 1, on: start, ...located, to: 1 },
];
const file: VectorFile = {
  format: VECTOR_FORMAT,
  chart: 'shard',
  definition: '0',
  clauses: {},
  inOrder: [],
  parts: { transitions: [0, 3] },
  subsets: {},
  states: ['stopped', 'running'],
  ...inTables(STEPS),
};

describe('the steps of a file', () => {
  it('are rows into tables that hold nothing twice', () => {
    expect(file.stimuli).toEqual([start, stop]);
    expect(file.responses).toEqual([located, cancelled]);
    expect(file.steps).toEqual([
      [null, 0, 0, 1],
      [0, 1, 1, 0],
      [1, 0, 0, 1],
    ]);
  });

  it('have all that belongs to them in stepsOf', () => {
    expect(stepsOf(file)).toEqual(STEPS);
  });

  it('name nothing that a table does not hold', () => {
    expect(() => stepsOf({ ...file, steps: [[null, 2, 0, 0]] })).toThrow(
      new RangeError('a step names place 2, and there are 2'),
    );
  });
});

describe('a file as text', () => {
  it('is JSON, with an entry of a table on each line', () => {
    const text = printVectors(file);
    expect(JSON.parse(text)).toEqual(file);
    expect(text.split('\n')).toContain('[1,0,0,1]');
    expect(text.split('\n')).toContain(`${JSON.stringify(stop)}`);
  });
});
