import { describe, expect, it } from 'vitest';
import { lineOf, linesOf } from '../../../src/viewer/model/lines.js';

/** A line of each type, with all that it may hold. */
const LINES: readonly Readonly<Record<string, unknown>>[] = [
  { type: 'header', at: 0, actor: 'gateway 1', chart: 'shard', began: 1_700_000_000_000, format: 1 },
  { type: 'checkpoint', at: 0, actor: 'x', state: 'stopped', snapshot: { value: 'stopped' }, timers: { hello: 5 } },
  {
    type: 'step',
    at: 5,
    actor: 'x',
    event: { type: 'start' },
    from: 'stopped',
    to: 'running',
    causes: [{ name: 'started' }],
    do: [{ type: 'arm', params: { timer: 'locate', delay: 1 } }],
    dispatches: { first: 1, last: 2 },
  },
  { type: 'frame', at: 5, actor: 'x', direction: 'in', connection: 1, op: 0, name: 'READY', sequence: 1, bytes: 90 },
  { type: 'warning', at: 5, actor: 'x', problem: 'a listener threw', error: 'boom' },
  { type: 'end', at: 9, actor: 'x', state: 'stopped', because: 'stopped' },
  { type: 'chapter', at: 5, title: '1. One', says: 'It begins.' },
  { type: 'note', at: 5, says: 'The Gateway cuts TCP' },
  { type: 'difference', actor: 'x', says: ['what happened', 'what was recorded'] },
  { type: '@xstate.actor', sessionId: 'x:0', name: 'lamp', definition: '{}' },
  { type: '@xstate.event', sessionId: 'x:0', event: { type: 'toggle' } },
  { type: '@xstate.snapshot', sessionId: 'x:0', snapshot: { value: 'on' } },
];

/** What each type can do without. */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  header: ['actor'],
  checkpoint: ['actor'],
  step: ['actor', 'to', 'causes', 'do', 'dispatches'],
  frame: ['actor', 'name', 'sequence'],
  warning: ['actor', 'error'],
  end: ['actor'],
  chapter: ['at'],
  note: ['at'],
  difference: ['actor'],
  '@xstate.actor': ['definition'],
};

const without = (line: object, key: string) =>
  Object.fromEntries(Object.entries(line).filter(([name]) => name !== key));

describe.each(LINES)('a line of the type $type', (line) => {
  it('is taken as it is', () => {
    expect(lineOf(line)).toBe(line);
  });

  it.each(Object.keys(line).map((key) => [key]))('needs or can do without %s', (key) => {
    const isOptional = OPTIONAL[String(line['type'])]?.includes(key) ?? false;
    expect(lineOf(without(line, key)) !== null).toBe(isOptional);
  });

  // Nothing is a number that is none; `sequence` is shown and not checked.
  it.each(
    Object.keys(line)
      .filter((key) => key !== 'sequence')
      .map((key) => [key]),
  )('takes no nonsense as %s', (key) => {
    expect(lineOf({ ...line, [key]: Number.NaN })).toBeNull();
  });
});

describe('a line', () => {
  const step = { type: 'step', at: 1, event: { type: 'x' }, from: 'a' };
  const frame = { type: 'frame', at: 1, direction: 'in', connection: 1, op: 1, bytes: 1 };

  it.each([
    ['null', null],
    ['a number', 1],
    ['a list', []],
    ['a list with a type', Object.assign([], { type: 'note', says: 'x' })],
    ['an unknown type', { type: 'unknown', at: 1 }],
    ['a type that every object has', { type: 'constructor', at: 1 }],
    ['a step without a state', { type: 'step', at: 1, event: { type: 'x' } }],
    ['a step whose event has no type', { ...step, event: {} }],
    ['a step whose causes are no list', { ...step, causes: {} }],
    ['a step with a cause that has no name', { ...step, causes: [{ name: 'a' }, {}] }],
    ['a step that does something without parameters', { ...step, do: [{ type: 'arm' }] }],
    ['a step whose dispatches are a list', { ...step, dispatches: [] }],
    ['a time that is none', { type: 'warning', at: 'soon', problem: 'x' }],
    ['an endless time', { type: 'warning', at: Number.POSITIVE_INFINITY, problem: 'x' }],
    ['a frame in no direction', { ...frame, direction: 'up' }],
    ['a frame with text as its opcode', { ...frame, op: '1' }],
    ['a checkpoint whose timers are a list', { type: 'checkpoint', at: 0, state: 'a', snapshot: {}, timers: [] }],
    ['a difference in no words', { type: 'difference', says: [1] }],
    ['a message without an actor', { type: '@xstate.event', event: { type: 'x' } }],
  ])('is not %s', (_, value) => {
    expect(lineOf(value)).toBeNull();
  });

  it('may be a frame that could not be decoded, which has no opcode', () => {
    expect(lineOf({ ...frame, op: null })).toEqual({ ...frame, op: null });
  });
});

describe('the lines of a file', () => {
  it('are left out and counted where they make no sense', () => {
    expect(linesOf('{"type":"note","says":"x"}\n\n{"type":"no\n{}\n')).toEqual({
      lines: [{ type: 'note', says: 'x' }],
      strange: 2,
    });
  });

  it('are in order, whatever ends them, and none of an empty file', () => {
    expect(linesOf('{"type":"note","says":"x"}\r\n  \r\n{"type":"note","says":"y"}')).toEqual({
      lines: [
        { type: 'note', says: 'x' },
        { type: 'note', says: 'y' },
      ],
      strange: 0,
    });
    expect(linesOf('')).toEqual({ lines: [], strange: 0 });
  });
});
