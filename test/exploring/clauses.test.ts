import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import type { Instruction } from '../../machines/kit/pure.js';
import { causesOf, clausesOf } from '../../src/exploring/clauses.js';
import type { Graph } from '../../src/exploring/graph.js';

const report = (name: string): Instruction => ({ type: 'report', params: { cause: { name } } });

const machine: AnyStateMachine = createMachine({
  id: 'lift',
  description: 'Moves people.',
  initial: 'idle',
  states: {
    idle: {
      meta: { spec: 'lift#idle' },
      on: {
        call: [
          { target: 'moving', guard: () => false },
          { description: 'Comes when called.', target: 'moving' },
        ],
      },
    },
    moving: {
      meta: { spec: 'lift#moving' },
      description: 'Goes up or down.',
      initial: 'up',
      states: { up: { on: { turn: 'down' } }, down: { meta: {}, on: { turn: 'up' } } },
    },
  },
});
const bare: AnyStateMachine = createMachine({ id: 'bare', on: { push: {} } });

const CAUSES = {
  called: { spec: 'lift#calls', says: 'somebody called' },
  full: { spec: 'lift#load', says: 'the lift is full' },
};
const graphOf = (of: AnyStateMachine, causes?: typeof CAUSES) =>
  ({ machine: of, abstraction: causes === undefined ? {} : { causes } }) as unknown as Graph<AnyStateMachine>;
const clauses = (rows: readonly string[], instructions: readonly Instruction[] = []) =>
  clausesOf(graphOf(machine, CAUSES), { instructions, rows });

describe('causesOf', () => {
  it('gives the names that are reported, in order, and no other effect', () => {
    const others: Instruction[] = [
      { type: 'arm', params: { timer: 'door', delay: 1 } },
      { type: 'ring', params: { cause: { name: 'full' } } },
    ];
    expect(causesOf([report('called'), ...others, report('full'), report('called')])).toEqual([
      'called',
      'full',
      'called',
    ]);
    expect(causesOf([])).toEqual([]);
  });
});

describe('the clauses of a step', () => {
  it('are those of the causes that it reports, whatever row was taken', () => {
    expect(clauses(['lift.idle: call [2 of 2]'], [report('full'), report('called')])).toEqual([
      CAUSES.full,
      CAUSES.called,
    ]);
  });

  it('are those of its rows if it reports nothing: the section of the state, and what the row says', () => {
    expect(clauses(['lift.idle: call [2 of 2]'])).toEqual([{ spec: 'lift#idle', says: 'Comes when called.' }]);
  });

  it('are those of the next state around it that says anything', () => {
    const moving = { spec: 'lift#moving', says: 'Goes up or down.' };
    expect(clauses(['lift.moving.up: turn', 'lift.moving.down: turn'])).toEqual([moving, moving]);
    expect(clauses(['lift.idle: call [1 of 2]'])).toEqual([{ spec: 'lift#idle', says: 'Moves people.' }]);
  });

  it('are those of its rows if the causes are not declared, one by one or at all', () => {
    const ofRow = [{ spec: 'lift#idle', says: 'Comes when called.' }];
    const step = { instructions: [report('called')], rows: ['lift.idle: call [2 of 2]'] };
    expect(clausesOf(graphOf(machine), step)).toEqual(ofRow);
    expect(clauses(step.rows, [report('lost')])).toEqual(ofRow);
    expect(clauses(step.rows, [report('lost'), report('called')])).toEqual([CAUSES.called]);
  });

  it('name the row itself in a chart that says nothing', () => {
    expect(clausesOf(graphOf(bare), { instructions: [], rows: ['bare: push'] })).toEqual([
      { spec: 'the chart', says: 'bare: push' },
    ]);
  });

  it('are none if nothing was taken', () => {
    expect(clauses([])).toEqual([]);
  });
});
