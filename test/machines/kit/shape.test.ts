import { describe, expect, it } from 'vitest';
import {
  demandShape,
  type Fields,
  isFunction,
  isText,
  isTrueOrFalse,
  listOf,
  misfit,
  oneOf,
  shown,
  wholeNumber,
  withMethods,
} from '../../../machines/kit/shape.js';

const SHAPE: Fields = {
  fields: {
    name: isText,
    size: wholeNumber('a whole number within 1 to 9', 1, 9),
    nested: { fields: { on: isTrueOrFalse } },
    rows: {
      key: { says: 'a digit', holds: (key) => /^\d$/.test(String(key)) },
      each: { fields: { kind: oneOf('a', 'b') } },
    },
  },
};
const says = (value: unknown) => misfit('', value, SHAPE)?.says ?? null;

describe('a shape', () => {
  it.each([
    {},
    undefined,
    { name: undefined },
    { name: 'x', size: 9, nested: { on: false }, rows: { 1: { kind: 'a' } } },
  ])('holds for %j', (value) => expect(says(value)).toBeNull());

  it.each<[unknown, string]>([
    [null, 'the argument is null; it must be an object'],
    [[], 'the argument is []; it must be an object'],
    ['x', "the argument is 'x'; it must be an object"],
    [{ name: 7 }, 'name is 7; it must be a string'],
    [{ size: 10 }, 'size is 10; it must be a whole number within 1 to 9'],
    [{ size: Number.NaN }, 'size is NaN; it must be a whole number within 1 to 9'],
    [{ nested: 1 }, 'nested is 1; it must be an object'],
    [{ nested: { on: 'yes' } }, "nested.on is 'yes'; it must be true or false"],
    [{ nested: { off: true } }, 'there is no option nested.off; there are on'],
    [{ nmae: 'x' }, 'there is no option nmae: write name'],
    [{ toString: 'x' }, 'there is no option toString; there are name, size, nested, rows'],
    [{ 'a secret, perhaps': 1 }, 'there is no option of that name; there are name, size, nested, rows'],
    [{ rows: { x: {} } }, 'rows.x is not named after a digit'],
    [{ rows: { 1: { kind: 'c' } } }, "rows.1.kind is 'c'; it must be one of 'a', 'b'"],
  ])('does not hold for %j', (value, expected) => expect(says(value)).toBe(expected));

  it('is demanded with an error of the kind of the value', () => {
    expect(() => demandShape('it', { size: 0 }, SHAPE)).toThrow(RangeError);
    expect(() => demandShape('it', { name: [1, 2] }, SHAPE)).toThrow(RangeError);
    expect(() => demandShape('it', { name: [] }, SHAPE)).toThrow(TypeError);
    expect(() => demandShape('it', { name: null }, SHAPE)).toThrow('it.name is null; it must be a string');
    demandShape('it', {}, SHAPE);
  });
});

describe('a rule', () => {
  it.each([
    [withMethods('a', 'b'), { a() {}, b() {} }, true],
    [withMethods('a', 'b'), Object.assign(() => {}, { a() {}, b() {} }), true],
    [withMethods('a', 'b'), { a() {} }, false],
    [withMethods('a'), null, false],
    [withMethods('a'), 'x', false],
    [listOf(isText), ['a'], true],
    [listOf(isText), [], true],
    [listOf(isText), ['a', 1], false],
    [listOf(isText), 'a', false],
    [isFunction, () => {}, true],
    [isFunction, {}, false],
    [oneOf('a'), 'A', false],
    [wholeNumber('x', 1), 1, true],
    [wholeNumber('x', 1), 1.5, false],
    [wholeNumber('x', 1), Number.POSITIVE_INFINITY, false],
  ])('%j of %j is %s', (rule, value, holds) => expect(rule.holds(value)).toBe(holds));

  it('says what it wants', () => {
    expect([withMethods('a', 'b').says, listOf(isText).says, oneOf('a', 'b').says]).toEqual([
      'an object with a(), b()',
      'a list, each entry a string',
      "one of 'a', 'b'",
    ]);
  });
});

describe('a value as it is shown', () => {
  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [true, 'true'],
    [-0.5, '-0.5'],
    ['a word', "'a word'"],
    ['MTE3NjU0.GxYzAb.c2VjcmV0', 'a string'],
    ['x'.repeat(41), 'a string'],
    [[1, 'a', [2]], "[1, 'a', [2]]"],
    [[1, 2, 3, 4, 5], 'a list'],
    [{ token: 'x' }, 'an object'],
    [1n, 'a bigint'],
    [() => {}, 'a function'],
    [Symbol('x'), 'a symbol'],
  ])('%s', (value, expected) => expect(shown(value)).toBe(expected));
});
